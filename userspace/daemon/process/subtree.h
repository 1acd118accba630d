/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descendants that outlive a child.
 *
 * The daemon is a subreaper, so they become its children. With `kill_subtree:
 * true` they are killed when the child has ended; otherwise they are only
 * reaped when they end.
 */
#ifndef ST_DAEMON_PROCESS_SUBTREE_H
#define ST_DAEMON_PROCESS_SUBTREE_H

#include <stdint.h>

struct st_processes;

/**
 * st_subtree_kill_left() - kill the descendants that a process has left
 * @processes: those that are still running
 * @generation: of the process, which has ended
 *
 * A descendant is recognized by SUPTREE_GENERATION in the environment that it
 * has inherited. Everything below it is killed with it.
 */
void st_subtree_kill_left(const struct st_processes *processes, uint64_t generation);

#endif
