/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting in the ring for the end of an exec: for the spawn's tid word, or for its pipe
 * on a kernel whose ring has no futex wait. process.c calls this for each start that is
 * not done before the daemon sleeps.
 */
#ifndef ST_DAEMON_PROCESS_EXEC_WAIT_H
#define ST_DAEMON_PROCESS_EXEC_WAIT_H

#include <stdbool.h>

#include "loop/futex.h"
#include "loop/poll.h"

struct st_ring;
struct st_spawn;

struct st_exec_wait {
	struct st_futex futex;
	struct st_poll pipe;
	void (*done)(struct st_exec_wait *wait);
};

/**
 * st_exec_wait_start() - call back when there is something to look at
 * @ring: the ring
 * @wait: idle; owned by the caller
 * @spawn: in flight
 * @done: the callback; the wait is idle in it. The spawn may still be in flight
 */
void st_exec_wait_start(struct st_ring *ring, struct st_exec_wait *wait, struct st_spawn *spawn,
			void (*done)(struct st_exec_wait *wait));

bool st_exec_wait_is_armed(const struct st_exec_wait *wait);
void st_exec_wait_cancel(struct st_exec_wait *wait); /* the callback comes all the same */

#endif
