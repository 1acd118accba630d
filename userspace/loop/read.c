// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads; see read.h. A descriptor that is not ready is polled by the kernel
 * itself (IORING_FEAT_FAST_POLL, Linux 5.7), non-blocking or not.
 */
#include "loop/read.h"

#include "loop/internal.h"

/* read(2) at the descriptor's own position, if it has one. */
#define OWN_POSITION ((__u64)-1)

static void prepare(struct st_op *op, struct io_uring_sqe *sqe)
{
	struct st_read *read = container_of(op, struct st_read, op);

	io_uring_prep_read(sqe, read->fd, read->buf, read->len, OWN_POSITION);
}

static void complete(struct st_op *op, int result, bool has_more)
{
	struct st_read *read = container_of(op, struct st_read, op);

	(void)has_more; /* a read ends with its first completion */
	read->done(read, result);
}

static const struct st_op_type type = {
	.prepare = prepare,
	.complete = complete,
};

void st_read_start(struct st_ring *ring, struct st_read *read,
		   void (*done)(struct st_read *read, int result))
{
	read->done = done;
	st_op_start(ring, &read->op, &type);
}
