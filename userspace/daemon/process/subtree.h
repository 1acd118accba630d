/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a child leaves behind: descendants that outlive it.
 *
 * The daemon is a subreaper, so they become its children. With
 * `kill_subtree: true` they are killed when the child has ended; else they
 * are only reaped when they end.
 */
#ifndef ST_DAEMON_PROCESS_SUBTREE_H
#define ST_DAEMON_PROCESS_SUBTREE_H

#include <stdint.h>

struct st_processes;

/**
 * st_subtree_kill_left() - kill the descendants that a process left behind
 * @processes: those that live on
 * @generation: of the process, which has ended
 *
 * They are known by SUPTREE_GENERATION in the environment that they have
 * inherited, and everything below them goes with them.
 */
void st_subtree_kill_left(const struct st_processes *processes, uint64_t generation);

#endif
