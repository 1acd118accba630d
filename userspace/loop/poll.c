// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polls; see poll.h. A watch is a multishot poll (Linux 5.13). It is armed again
 * on a kernel without multishot polls, and when the kernel ends one, for example
 * because the completion queue was full.
 */
#include "loop/poll.h"

#include <errno.h>

#include "loop/internal.h"

static const struct st_op_type once, watch, patient;

static bool is_watch(const struct st_op *op)
{
	return op->type == &watch || op->type == &patient;
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

/* If the kernel has ended the poll, call at once: it cannot be armed and wait in line. */
static void complete_patiently(struct st_op *op, int result, bool has_more)
{
	struct st_poll *poll = container_of(op, struct st_poll, op);

	if (result < 0 || !has_more || op->is_cancelled) {
		complete(op, result, has_more);
		return;
	}
	poll->seen |= (uint16_t)result;
	st_op_again(op);
}

static void again(struct st_op *op)
{
	struct st_poll *poll = container_of(op, struct st_poll, op);
	int result = poll->events | poll->seen;

	poll->seen = 0;
	poll->done(poll, result);
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

static const struct st_op_type patient = {
	.prepare = prepare,
	.complete = complete_patiently,
	.again = again,
};

static void start(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
		  const struct st_op_type *type)
{
	poll->fd = fd;
	poll->events = events;
	poll->seen = 0;
	st_op_start(ring, &poll->op, type);
}

void st_poll_start(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
		   void (*done)(struct st_poll *poll, int result))
{
	poll->done = done;
	start(ring, poll, fd, events, &once);
}

void st_poll_watch(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
		   void (*done)(struct st_poll *poll, int result))
{
	poll->done = done;
	start(ring, poll, fd, events, &watch);
}

void st_poll_watch_patiently(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
			     void (*done)(struct st_poll *poll, int result))
{
	poll->done = done;
	start(ring, poll, fd, events, &patient);
}

void st_poll_again(struct st_poll *poll)
{
	st_op_again(&poll->op);
}
