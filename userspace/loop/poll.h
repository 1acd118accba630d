/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a descriptor to become ready: once (the end of a process, on its
 * pidfd) or for good (signalfd, the readiness socket).
 *
 * A watch is edge-triggered: the callback reads until -EAGAIN, or, when it has
 * had enough for one turn, calls st_poll_again() and is called in the next.
 * So one busy descriptor cannot starve the others.
 *
 * A patient watch is one that may wait (a client): when its descriptor becomes
 * ready it stands in line, behind all that the same turn has brought, and those
 * in line get a slice of each turn (ring.h). However many of them there are,
 * the end of a process is told after one slice.
 */
#ifndef ST_LOOP_POLL_H
#define ST_LOOP_POLL_H

#include "loop/op.h"

struct st_poll;

/**
 * struct st_poll - a wait for readiness
 * @op: common part
 * @fd: the descriptor
 * @events: what is waited for
 * @seen: what was ready since a patient watch stands in line
 * @done: the callback: the ready events (POLLIN, ...), or -errno; -ECANCELED
 *	after st_op_cancel(&poll->op)
 */
struct st_poll {
	struct st_op op;
	int fd;
	uint16_t events;
	uint16_t seen;
	void (*done)(struct st_poll *poll, int result);
};

/**
 * st_poll_start() - be called once, when a descriptor is ready
 * @ring: the ring
 * @poll: idle; owned by the caller
 * @fd: the descriptor; must stay open until the completion
 * @events: POLLIN and so on; errors and hang-ups are always told
 * @done: the callback; the poll is idle in it
 */
void st_poll_start(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
		   void (*done)(struct st_poll *poll, int result));

/**
 * st_poll_watch() - be called each time a descriptor becomes ready
 * @ring: the ring
 * @poll: idle; owned by the caller
 * @fd: the descriptor; must stay open until the last completion
 * @events: POLLIN and so on
 * @done: the callback; the poll stays armed unless @result is negative
 */
void st_poll_watch(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
		   void (*done)(struct st_poll *poll, int result));

/**
 * st_poll_watch_patiently() - the same for one that lets the others go first
 * @ring: the ring
 * @poll: idle; owned by the caller
 * @fd: the descriptor; must stay open until the last completion
 * @events: POLLIN and so on
 * @done: as of a watch; what is ready may be told together with @events
 */
void st_poll_watch_patiently(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
			     void (*done)(struct st_poll *poll, int result));

/**
 * st_poll_again() - call a watch's callback soon, ready or not
 * @poll: an armed watch; the callback gets its @events as result
 */
void st_poll_again(struct st_poll *poll);

#endif
