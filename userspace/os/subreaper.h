/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Orphans: processes whose parent, a supervised child, has died. A subreaper inherits
 * them (PR_SET_CHILD_SUBREAPER, Linux 3.4) and must reap them. It must not reap a
 * supervised child, whose end is read by the code that polls its pidfd. waitpid(-1)
 * would do that.
 *
 * Two ways, together complete:
 *
 * - SIGCHLD names a pid. If it is not a supervised child, st_subreaper_reap_one() reaps
 *   it at once, in constant time. But equal signals merge, and a merged signal names
 *   only the first process. So this may miss some.
 * - st_subreaper_sweep() looks at the first zombie in the list of children without
 *   reaping it (WNOWAIT), and reaps it if it is an orphan. It stops at the zombie of a
 *   supervised child, because the kernel shows only the first zombie; the caller calls
 *   again later. It walks the list of children. So call it at most once a second, and
 *   only after a SIGCHLD: nothing ticks while nothing dies.
 *
 * No orphan waits for ever: the kernel appends new children at the end of the list. So a
 * zombie that hides an orphan is always that of an older child. Each of these dies once
 * and is reaped promptly through its pidfd, and its replacement comes after the orphan
 * in the list. The number of older children is finite and only falls.
 */
#ifndef ST_OS_SUBREAPER_H
#define ST_OS_SUBREAPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "os/pidref.h"

/**
 * struct st_subreaper - what a sweep needs to know, filled in by its owner
 * @is_supervised: whether the end of this child is awaited through its pidfd;
 *	also for a child that was just cloned
 * @orphan_ended: called for each orphan that was reaped; may be NULL
 * @owner: passed to both
 */
struct st_subreaper {
	bool (*is_supervised)(void *owner, pid_t pid);
	void (*orphan_ended)(void *owner, pid_t pid, const struct st_exit *how);
	void *owner;
};

/**
 * st_subreaper_enable() - make this process inherit the orphans below it
 *
 * Return: 0 or -errno.
 */
int st_subreaper_enable(void) __must_check;

/**
 * st_subreaper_reap_one() - reap the process that a SIGCHLD named
 * @subreaper: asked first whether @pid is supervised
 * @pid: from struct st_signal
 *
 * Return: 1: it was an orphan, ended, and is reaped; 0: it is supervised, or
 * runs; -ECHILD: no child (any more).
 */
int st_subreaper_reap_one(const struct st_subreaper *subreaper, pid_t pid) __must_check;

/**
 * st_subreaper_sweep() - reap the orphans that have ended
 * @subreaper: the functions that know orphans and hear of their ends
 * @budget: the largest number to reap
 *
 * Return: 0: no zombie is left; 1: there may be more, call again later (a
 * supervised zombie was in front, or @budget is used up); -errno.
 */
int st_subreaper_sweep(const struct st_subreaper *subreaper, unsigned int budget) __must_check;

#endif
