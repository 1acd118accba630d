/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes above a process, from /proc/PID/stat: to whom among those that the
 * caller knows does an unknown process belong?
 */
#ifndef ST_OS_ANCESTOR_H
#define ST_OS_ANCESTOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"

/* The largest number of processes that are looked at on the way up. */
#define ST_ANCESTOR_MAX 16

/**
 * st_ancestor_find() - the nearest process above another one that the caller knows
 * @pid: a process, alive or a zombie
 * @is_known: whether the caller knows a process
 * @owner: passed to @is_known
 * @ret_pid: the ancestor
 *
 * A process whose parent has ended is the child of the subreaper, so it has lost its
 * ancestors below that.
 *
 * Return: the number of steps up, 1 or more; -ESRCH: @pid has been reaped, or no one of
 * the nearest ST_ANCESTOR_MAX is known; -errno of open(2).
 */
int st_ancestor_find(pid_t pid, bool (*is_known)(void *owner, pid_t pid), void *owner,
		     pid_t *ret_pid) __must_check;

#endif
