/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which log holds for a child: its own, or that of the nearest supervisor above
 * that names one. launch.c asks for each process, effects.c after a change.
 *
 * Opens and writes nothing. Next: output.h.
 */
#ifndef ST_DAEMON_PROCESS_LOGGING_H
#define ST_DAEMON_PROCESS_LOGGING_H

struct st_child;
struct st_processes;

/**
 * st_logging_set() - let a child's lines go where its specification says
 * @processes: of the tree
 * @child: a worker with pipes
 * @path: its path
 */
void st_logging_set(const struct st_processes *processes, const struct st_child *child,
		    const char *path);

/**
 * st_logging_changed() - the same for all below a supervisor, which has changed
 * @processes: of the tree
 * @top: the supervisor's own child
 */
void st_logging_changed(const struct st_processes *processes, struct st_child *top);

#endif
