/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A few fields of /proc/PID/stat (proc(5)), only for ancestor.c, descendants.c,
 * descendants_kill.c and spawn_left.c.
 */
#ifndef ST_OS_PROC_STAT_H
#define ST_OS_PROC_STAT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"

/**
 * struct st_proc_stat - what is known of a process or thread
 * @state: R, S, D, T, t, Z, X ...
 * @parent: pid of its parent
 * @is_exiting: it is on its way out, or out (PF_EXITING)
 */
struct st_proc_stat {
	char state;
	pid_t parent;
	bool is_exiting;
};

/* Read the file @name in the directory @dir (openat(2)): 0; -ESRCH: it has ended; -errno. */
int st_proc_stat_read(int dir, const char *name, struct st_proc_stat *ret_stat) __must_check;

#endif
