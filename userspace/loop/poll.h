/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a descriptor to become ready: once (the end of a process, on its
 * pidfd) or for good (signalfd, the readiness socket).
 *
 * A watch is edge-triggered: the callback reads until -EAGAIN. If it has done
 * enough for one turn, it calls st_poll_again() and is called in the next turn.
 * So one busy descriptor cannot starve the others.
 *
 * A patient watch is one that may wait (a client). When its descriptor becomes
 * ready, the watch waits in line, after all other completions of the same turn.
 * The watches in line get a slice of each turn (ring.h). So the end of a process
 * is reported after one slice, however many patient watches there are.
 */
#ifndef ST_LOOP_POLL_H
#define ST_LOOP_POLL_H

#include "loop/op.h"

struct st_poll;

/**
 * struct st_poll - a wait for readiness
 * @op: common part
 * @fd: the descriptor
 * @events: the events to wait for
 * @seen: the events that have come since a patient watch is in line
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
 * st_poll_start() - call back once, when a descriptor is ready
 * @ring: the ring
 * @poll: idle; owned by the caller
 * @fd: the descriptor; must stay open until the completion
 * @events: POLLIN and so on; errors and hang-ups are always reported
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
 * st_poll_watch_patiently() - the same for a watch that lets the others go first
 * @ring: the ring
 * @poll: idle; owned by the caller
 * @fd: the descriptor; must stay open until the last completion
 * @events: POLLIN and so on
 * @done: as for a watch; it may get several events at once
 */
void st_poll_watch_patiently(struct st_ring *ring, struct st_poll *poll, int fd, uint16_t events,
			     void (*done)(struct st_poll *poll, int result));

/**
 * st_poll_again() - call a watch's callback soon, ready or not
 * @poll: an armed watch; the callback gets its @events as result
 */
void st_poll_again(struct st_poll *poll);

#endif
