/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A growing list of pids, and the threads and children of one process. descendants.c
 * offers this to descendants_kill.c, cgroup_list.c and mark.c; no other file includes it.
 */
#ifndef ST_OS_CHILDREN_H
#define ST_OS_CHILDREN_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"

struct st_pids {
	pid_t *pids;
	size_t nr;
	size_t cap;
};

int st_children_add_one(struct st_pids *list, pid_t pid) __must_check; /* 0 or -ENOMEM */

/* Append the children of all threads of @pid; -ESRCH: there is no such process. */
int st_children_add(struct st_pids *list, pid_t pid) __must_check;

/* Append the numbers in a file of the kernel, whatever is between them. */
int st_children_add_numbers(struct st_pids *list, int fd) __must_check;

/*
 * The next entry that readdir(3) finds in an open /proc/PID/task, or in /proc.
 * Return: 1: its tid or pid, or another name; 0: there is none; -errno.
 */
int st_children_next_thread(DIR *tasks, const char **ret_tid) __must_check;

/* 0, or -ENOSYS if the kernel does not list children. */
int st_children_check_support(void) __must_check;

#endif
