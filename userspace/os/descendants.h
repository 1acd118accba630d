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

/* Processes that one kill can reach; of a larger subtree only this number is killed. */
#define ST_DESCENDANTS_KILL_MAX 4096

/**
 * st_descendants_list() - the pids below a process, parents before children
 * @pid: the root, itself not in the list
 * @ret_pids: array owned by the caller (st_free); NULL if there are none
 * @ret_nr_pids: its length
 *
 * A picture of a moving thing: numbers for humans, never to be signalled.
 * Reads a file of /proc for each thread of each process below.
 *
 * Return: 0; -ESRCH: no such process; -ENOSYS: the kernel does not list
 * children; -ENOMEM.
 */
int st_descendants_list(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids) __must_check;

/**
 * st_descendants_children() - the pids of the children of a process, and no others
 * @pid: the process
 * @ret_pids: array owned by the caller (st_free); NULL if there are none
 * @ret_nr_pids: its length
 *
 * Return: as for st_descendants_list().
 */
int st_descendants_children(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids) __must_check;

/**
 * st_descendants_parent() - the parent of a process that has not ended
 * @pid: a process of this pid namespace
 *
 * Return: its pid; -ESRCH: it has ended, also if nobody has reaped it; -errno.
 */
pid_t st_descendants_parent(pid_t pid) __must_check;

/**
 * st_descendants_kill() - SIGKILL a process and everything below it
 * @root: the process
 * @ret_nr_killed: processes that were sent SIGKILL, @root included
 *
 * In two parts. First all are stopped (SIGSTOP), and the lists of children are
 * read until nothing new is found: a process that has stopped makes no more,
 * so the list is complete. Then all are killed. The killed become children of
 * the subreaper as their parents end.
 *
 * A process stops only when it gets a processor, and this function waits for that
 * only a short time. -EAGAIN means that some processes have not stopped yet and none
 * has been killed. Then call it again, after a millisecond, as often as needed. For
 * any other error the function first kills all processes that it has found.
 *
 * Return: 0; -EAGAIN; -ESRCH: @root has been reaped; -EPERM: one of them may
 * not be signalled; -E2BIG: more than ST_DESCENDANTS_KILL_MAX; -ENOSYS, -ENOMEM,
 * -EMFILE.
 */
int st_descendants_kill(const struct st_pidref *root, size_t *ret_nr_killed) __must_check;

#endif
