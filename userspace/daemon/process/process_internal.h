/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What process.c, launch.c, notify.c and prepare.c share; nobody else includes it.
 *
 *	process.c   its life: made, executed, reaped
 *	launch.c    from its specification to a clone
 *	notify.c    it says that it is ready
 *	prepare.c   it is cloned ahead of its turn
 */
#ifndef ST_DAEMON_PROCESS_PROCESS_INTERNAL_H
#define ST_DAEMON_PROCESS_PROCESS_INTERNAL_H

#include "daemon/process/process.h"

/* process.c: the steps of a life, for one that is cloned ahead */

/* One that is on no map yet, but has its room there; NULL: no memory. */
struct st_process *st_process_new(struct st_processes *processes, struct st_child_spec *spec,
				  uint64_t generation);

/* There is a process: be told of its end. */
void st_process_watch(struct st_process *process);

/* Its program is being executed: post that, and be told when it is done. */
void st_process_await_exec(struct st_process *process);

/* Take it off the maps. It is freed when no operation of it is armed any more. */
void st_process_forget(struct st_process *process);

/* process.c, for notify.c */
void st_process_said_ready(struct st_process *process);
void st_process_idle(struct st_process *process); /* an operation of it has completed */

/* notify.c: the readiness socket, and ready: fd=N */
int st_notify_open(struct st_processes *processes, const char *path) __must_check;
void st_notify_drain(struct st_processes *processes);
void st_notify_watch_fd(struct st_process *process);
void st_notify_free_fd(struct st_process *process); /* its poll is idle */

#endif
