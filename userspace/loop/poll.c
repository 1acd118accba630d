// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polls; see poll.h. A watch is a multishot poll (Linux 5.13); on a kernel
 * without those, and when the kernel ends one, for instance because the
 * completion queue was full, it is armed anew.
 */
#include "loop/poll.h"

#include <errno.h>

#include "loop/internal.h"

static const struct st_op_type once, watch;

static bool is_watch(const struct st_op *op)
{
	return op->type == &watch;
}

static void prepare(struct st_op *op, struct io_uring_sqe *sqe)
{
	struct st_poll *poll = container_of(op, struct st_poll, op);

	if (is_watch(op) && st_ring_has(op->ring, ST_FEATURE_POLL_MULTISHOT))
		io_uring_prep_poll_multishot(sqe, poll->fd, poll->events);
	else
		io_uring_prep_poll_add(sqe, poll->fd, poll->events);
}

static void complete(struct st_op *op, int result, bool has_more)
{
	struct st_poll *poll = container_of(op, struct st_poll, op);

	if (is_watch(op) && !has_more && result >= 0)
		st_op_restart(op);
	poll->done(poll, result);
}

static void again(struct st_op *op)
{
	struct st_poll *poll = container_of(op, struct st_poll, op);

	poll->done(poll, (int)poll->events);
}

static const struct st_op_type once = {
	.prepare = prepare,
	.complete = complete,
};

static const struct st_op_type watch = {
	.prepare = prepare,
	.complete = complete,
	.again = again,
};

void st_poll_start(struct st_ring *ring, struct st_poll *poll, int fd, uint32_t events,
		   void (*done)(struct st_poll *poll, int result))
{
	poll->fd = fd;
	poll->events = events;
	poll->done = done;
	st_op_start(ring, &poll->op, &once);
}

void st_poll_watch(struct st_ring *ring, struct st_poll *poll, int fd, uint32_t events,
		   void (*done)(struct st_poll *poll, int result))
{
	poll->fd = fd;
	poll->events = events;
	poll->done = done;
	st_op_start(ring, &poll->op, &watch);
}

void st_poll_again(struct st_poll *poll)
{
	st_op_again(&poll->op);
}
