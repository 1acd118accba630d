/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ring.c and the operations share. No other folder includes this file.
 */
#ifndef ST_LOOP_INTERNAL_H
#define ST_LOOP_INTERNAL_H

#include <liburing.h>

#include "base/heap.h"
#include "loop/op.h"
#include "loop/ring.h"

/*
 * The place of an operation. A link is in a list of the ring only in WAITING and
 * ENDING, and in SUBMITTED if its owner wants a cancel or another turn.
 */
enum st_op_state {
	ST_OP_IDLE, /* the owner's; all zero is this */
	ST_OP_WAITING, /* started, not yet handed to the kernel */
	ST_OP_SUBMITTED, /* the kernel's */
	ST_OP_ENDING, /* will be completed with -ECANCELED in the next turn */
};

/**
 * struct st_op_type - one kind of operation
 * @prepare: fill in a submission; the ring sets user_data
 * @complete: call the owner; the operation is idle unless @has_more
 * @again: call the owner that asked for it with st_op_again(); otherwise NULL
 */
struct st_op_type {
	void (*prepare)(struct st_op *op, struct io_uring_sqe *sqe);
	void (*complete)(struct st_op *op, int result, bool has_more);
	void (*again)(struct st_op *op);
};

/* Start an idle operation. */
void st_op_start(struct st_ring *ring, struct st_op *op, const struct st_op_type *type);

/*
 * Arm a repeating operation again that the kernel has ended with a good result.
 * Called in its completion, before the owner is called. If the operation was
 * cancelled in the meantime, -ECANCELED follows instead.
 */
void st_op_restart(struct st_op *op);

/* Have type->again() called in the next turn; only for an operation in its callback. */
void st_op_again(struct st_op *op);

/* The deadlines that wait on a ring; deadline.c fills it in, ring.c serves it. */
struct st_deadlines {
	struct st_heap heap;
	uint32_t nr_owned; /* that were initialised: the heap has room for as many */
	uint64_t served_ns; /* in a callback: what is set to an earlier time waits until then */
};

struct st_deadlines *st_ring_deadlines(struct st_ring *ring);
uint64_t st_deadlines_next(const struct st_deadlines *deadlines); /* or ST_NO_DEADLINE */
int st_deadlines_serve(struct st_deadlines *deadlines); /* return: how many were due */

#endif
