/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes below a process, from /proc/PID/task/TID/children (Linux 3.5,
 * CONFIG_PROC_CHILDREN), for "stop the subtree with the child" where there is
 * no cgroup. A process that left its parent by a double fork is not found:
 * only a cgroup holds those (cgroup.h).
 */
#ifndef ST_OS_DESCENDANTS_H
#define ST_OS_DESCENDANTS_H

#include <sys/types.h>

#include "base/compiler.h"
#include "os/pidref.h"

/* Processes of one subtree; larger ones are answered by -E2BIG. */
#define ST_DESCENDANTS_MAX 4096

/**
 * st_descendants_list() - the pids below a process, parents before children
 * @pid: the root, itself not in the list
 * @ret_pids: array owned by the caller (st_free); NULL if there are none
 * @ret_nr_pids: its length
 *
 * A picture of a moving thing: numbers for humans, never to be signalled.
 *
 * Return: 0; -ESRCH: no such process; -ENOSYS: the kernel does not list
 * children; -E2BIG; -ENOMEM.
 */
int st_descendants_list(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids) __must_check;

/**
 * st_descendants_kill() - SIGKILL a process and everything below it
 * @root: the process
 * @ret_nr_killed: processes that were sent SIGKILL, @root included
 *
 * All are stopped (SIGSTOP) before any is killed, and while one may still be
 * running the lists of children are read again: a process that has stopped
 * makes no more, so in the end the list is complete. The killed become children
 * of the subreaper as their parents end.
 *
 * After an error all that were found so far have been killed nevertheless.
 *
 * Return: 0; -ESRCH: @root has been reaped; -EAGAIN: one did not stop in time,
 * and a child that it was just making may have escaped; -EPERM: one of them
 * may not be signalled; -ENOSYS, -E2BIG, -ENOMEM, -EMFILE.
 */
int st_descendants_kill(const struct st_pidref *root, size_t *ret_nr_killed) __must_check;

#endif
