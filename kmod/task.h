/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is read from a live process when a file is read: the columns that do not depend
 * on the owner. Called by the proc files, outside all locks.
 */
#ifndef _SUPTREE_TASK_H
#define _SUPTREE_TASK_H

#include <linux/types.h>

struct pid;

struct st_task {
	char state; /* as in /proc/PID/stat; '-': there is no process */
	u64 start_ns; /* CLOCK_BOOTTIME */
	u64 cpu_ms; /* user and system, of all threads there were */
	unsigned long rss_kb;
};

/* @pid may be NULL, or long dead: then all is 0. */
void st_task_read(struct pid *pid, struct st_task *ret_task);

#endif /* _SUPTREE_TASK_H */
