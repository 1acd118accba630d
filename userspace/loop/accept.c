// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accepts; see accept.h. On a kernel without multishot accept (before Linux
 * 5.19) each connection arms the next accept.
 */
#include "loop/accept.h"

#include <sys/socket.h>

#include "loop/internal.h"

static void prepare(struct st_op *op, struct io_uring_sqe *sqe)
{
	struct st_accept *accept = container_of(op, struct st_accept, op);
	int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

	if (st_ring_has(op->ring, ST_FEATURE_ACCEPT_MULTISHOT))
		io_uring_prep_multishot_accept(sqe, accept->fd, NULL, NULL, flags);
	else
		io_uring_prep_accept(sqe, accept->fd, NULL, NULL, flags);
}

static void complete(struct st_op *op, int result, bool has_more)
{
	struct st_accept *accept = container_of(op, struct st_accept, op);

	if (!has_more && result >= 0)
		st_op_restart(op);
	accept->done(accept, result);
}

static const struct st_op_type type = {
	.prepare = prepare,
	.complete = complete,
};

void st_accept_start(struct st_ring *ring, struct st_accept *accept, int fd,
		     void (*done)(struct st_accept *accept, int result))
{
	accept->fd = fd;
	accept->done = done;
	st_op_start(ring, &accept->op, &type);
}
