// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futex waits; see futex.h. liburing 2.3 is older than the operation, so its
 * submission is filled in by hand, after include/uapi/linux/io_uring.h and
 * futex.h of Linux 6.7.
 */
#include "loop/futex.h"

#include <errno.h>

#include "loop/futex_abi.h"
#include "loop/internal.h"

static void prepare(struct st_op *op, struct io_uring_sqe *sqe)
{
	struct st_futex *futex = container_of(op, struct st_futex, op);

	io_uring_prep_rw(ST_IORING_OP_FUTEX_WAIT, sqe, ST_FUTEX2_SIZE_U32, futex->word, 0,
			 futex->expected);
	sqe->addr3 = ST_FUTEX_BITSET_MATCH_ANY;
}

static void complete(struct st_op *op, int result, bool has_more)
{
	struct st_futex *futex = container_of(op, struct st_futex, op);

	(void)has_more; /* a wait ends with its first completion */
	/* futex(2): EAGAIN: the word did not hold the value any more. */
	futex->done(futex, result == -EAGAIN ? 0 : result);
}

static const struct st_op_type type = {
	.prepare = prepare,
	.complete = complete,
};

void st_futex_start(struct st_ring *ring, struct st_futex *futex, uint32_t *word, uint32_t expected,
		    void (*done)(struct st_futex *futex, int result))
{
	futex->word = word;
	futex->expected = expected;
	futex->done = done;
	st_op_start(ring, &futex->op, &type);
}
