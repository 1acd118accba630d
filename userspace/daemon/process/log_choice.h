/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decides which log a child has: its own, or that of the nearest supervisor
 * above that has one. launch.c asks for each process, effects.c after a change.
 *
 * Opens and writes nothing. Read next: output.h.
 */
#ifndef ST_DAEMON_PROCESS_LOG_CHOICE_H
#define ST_DAEMON_PROCESS_LOG_CHOICE_H

struct st_child;
struct st_processes;

/**
 * st_log_choice_set() - set where a child's lines go, as its specification says
 * @processes: of the tree
 * @child: a worker with pipes
 * @path: its path
 */
void st_log_choice_set(const struct st_processes *processes, const struct st_child *child,
		       const char *path);

/**
 * st_log_choice_changed() - set it for all below a supervisor that has changed
 * @processes: of the tree
 * @top: the supervisor's own child
 */
void st_log_choice_changed(const struct st_processes *processes, struct st_child *top);

#endif
