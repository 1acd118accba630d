// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits for the end of an exec. See exec_wait.h.
 */
#include "daemon/process/exec_wait.h"

#include <poll.h>

#include "base/compiler.h"
#include "os/spawn/spawn.h"

static void on_word(struct st_futex *futex, int result)
{
	struct st_exec_wait *wait = container_of(futex, struct st_exec_wait, futex);

	(void)result; /* the word in memory shows it */
	wait->done(wait);
}

static void on_pipe(struct st_poll *poll, int result)
{
	struct st_exec_wait *wait = container_of(poll, struct st_exec_wait, pipe);

	(void)result; /* the word in memory shows it */
	wait->done(wait);
}

void st_exec_wait_start(struct st_ring *ring, struct st_exec_wait *wait, struct st_spawn *spawn,
			void (*done)(struct st_exec_wait *wait))
{
	int fd = st_spawn_left_fd(spawn);

	wait->done = done;
	if (fd < 0) {
		st_futex_start(ring, &wait->futex, st_spawn_tid_word(spawn), ST_SPAWN_TID_BUSY,
			       on_word);
		return;
	}
	st_spawn_heed(spawn);
	st_poll_start(ring, &wait->pipe, fd, POLLIN, on_pipe);
}

bool st_exec_wait_is_armed(const struct st_exec_wait *wait)
{
	return st_op_is_armed(&wait->futex.op) || st_op_is_armed(&wait->pipe.op);
}

void st_exec_wait_cancel(struct st_exec_wait *wait)
{
	st_op_cancel(&wait->futex.op);
	st_op_cancel(&wait->pipe.op);
}
