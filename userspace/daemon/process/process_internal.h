/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What process.c, launch.c, notify.c, prepare.c and command.c share. No other file
 * includes it.
 *
 *	process.c   the life of a process: it is made, executed, reaped
 *	launch.c    makes a clone from a specification
 *	notify.c    receives the report that a process is ready
 *	prepare.c   clones a process ahead of its turn
 *	subtree.c   waits for the descendants
 *	command.c   starts a process beside a child
 */
#ifndef ST_DAEMON_PROCESS_PROCESS_INTERNAL_H
#define ST_DAEMON_PROCESS_PROCESS_INTERNAL_H

#include "daemon/process/process.h"

/* process.c: the steps of a life, for a process that is cloned ahead */

/*
 * Make a process that is in no map yet; there is room for it. NULL: no memory.
 */
struct st_process *st_process_new(struct st_processes *processes, struct st_child_spec *spec,
				  uint64_t generation);

/* The process exists: watch for its end. */
void st_process_watch(struct st_process *process);

/*
 * Its program is being executed: post that, and watch for the end of the exec.
 */
void st_process_await_exec(struct st_process *process);

/*
 * Take it out of the maps. It is freed when none of its operations is armed any
 * more.
 */
void st_process_forget(struct st_process *process);

/* The process of a command: watch for its end, and for the end of its exec. */
void st_process_watch_command(struct st_process *process);
/*
 * The process, and with kill_subtree all of its descendants, have ended: reap it, and
 * post its end.
 */
void st_process_end(struct st_process *process);

/* process.c, for notify.c */
void st_process_said_ready(struct st_process *process);
void st_process_idle(struct st_process *process); /* one of its operations has completed */

/* notify.c: the readiness socket, and ready: fd=N */
int st_notify_open(struct st_processes *processes, const char *path) __must_check;
void st_notify_drain(struct st_processes *processes);
void st_notify_watch_fd(struct st_process *process);
void st_notify_free_fd(struct st_process *process); /* its poll is idle */

#endif
