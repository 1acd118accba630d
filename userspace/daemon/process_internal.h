/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What process.c, launch.c, notify.c and prepare.c share; nobody else includes it.
 *
 *	process.c   its life: made, executed, reaped
 *	launch.c    from its specification to a clone
 *	notify.c    it says that it is ready
 *	prepare.c   it is cloned ahead of its turn
 */
#ifndef ST_DAEMON_PROCESS_INTERNAL_H
#define ST_DAEMON_PROCESS_INTERNAL_H

#include "daemon/process.h"

/**
 * st_process_prepare() - make a process that waits before its exec
 * @processes: the processes
 * @child: a worker that will probably be started next
 * @generation: that it will then have
 *
 * Return: to be adopted or abandoned; NULL if it can not be had now.
 */
struct st_process *st_process_prepare(struct st_processes *processes, const struct st_child *child,
				      uint64_t generation);
void st_process_adopt(struct st_process *process); /* it is the one: let it exec */
void st_process_abandon(struct st_process *process); /* let it end at its gate */

/* process.c, for notify.c */
void st_process_said_ready(struct st_process *process);
void st_process_idle(struct st_process *process); /* an operation of it has completed */

/* notify.c: the readiness socket, and ready: fd=N */
int st_notify_open(struct st_processes *processes, const char *path) __must_check;
void st_notify_drain(struct st_processes *processes);
void st_notify_watch_fd(struct st_process *process);
void st_notify_free_fd(struct st_process *process); /* its poll is idle */

#endif
