// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes; see write.h.
 */
#include "loop/write.h"

#include "loop/internal.h"

/* write(2) at the descriptor's own position, if it has one. */
#define OWN_POSITION ((__u64)-1)

static void prepare(struct st_op *op, struct io_uring_sqe *sqe)
{
	struct st_write *write = container_of(op, struct st_write, op);

	io_uring_prep_write(sqe, write->fd, write->data, write->len, OWN_POSITION);
}

static void complete(struct st_op *op, int result, bool has_more)
{
	struct st_write *write = container_of(op, struct st_write, op);

	(void)has_more; /* a write ends with its first completion */
	write->done(write, result);
}

static const struct st_op_type type = {
	.prepare = prepare,
	.complete = complete,
};

void st_write_start(struct st_ring *ring, struct st_write *write,
		    void (*done)(struct st_write *write, int result))
{
	write->done = done;
	st_op_start(ring, &write->op, &type);
}
