/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking connections from a listening socket, for as long as it is armed.
 */
#ifndef ST_LOOP_ACCEPT_H
#define ST_LOOP_ACCEPT_H

#include "loop/op.h"

/**
 * struct st_accept - an accept that repeats
 * @op: common part
 * @fd: the listening socket
 * @done: the callback: result is a new descriptor, non-blocking and
 *	close-on-exec, which the callback owns; or -errno, and then the accept
 *	is idle. After -EMFILE one starts it again when a descriptor is free,
 *	not at once: the connection still waits, and it would be a busy loop
 */
struct st_accept {
	struct st_op op;
	int fd;
	void (*done)(struct st_accept *accept, int result);
};

/**
 * st_accept_start() - be called with each new connection
 * @ring: the ring
 * @accept: idle; owned by the caller
 * @fd: a listening socket; must stay open until the last completion
 * @done: the callback
 */
void st_accept_start(struct st_ring *ring, struct st_accept *accept, int fd,
		     void (*done)(struct st_accept *accept, int result));

#endif
