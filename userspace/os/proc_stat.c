// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading /proc/PID/stat; see proc_stat.h.
 */
#include "os/proc_stat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/fd.h"

/* include/linux/sched.h; shown in the field `flags`. */
#define PF_EXITING 0x4

/*
 * "pid (comm) state ppid pgrp session tty_nr tpgid flags ...". comm may hold
 * anything, so one reads from its last ')'.
 */
static int parse(const char *text, struct st_proc_stat *ret_stat)
{
	enum {
		PARENT,
		FLAGS = 5,
		NR
	};
	const char *at = strrchr(text, ')');
	unsigned long long fields[NR];

	if (!at || strlen(at) < sizeof(") S "))
		return -ESRCH;
	ret_stat->state = at[2];
	at += 3;
	for (int i = 0; i < NR; i++) {
		char *end;

		fields[i] = strtoull(at, &end, 10);
		if (end == at)
			return -ESRCH;
		at = end;
	}
	ret_stat->parent = (pid_t)fields[PARENT];
	ret_stat->is_exiting = fields[FLAGS] & PF_EXITING;
	return 0;
}

int st_proc_stat_read(int dir, const char *name, struct st_proc_stat *ret_stat)
{
	char text[512];
	st_cleanup(st_fd_close) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	text[len] = '\0';
	return parse(text, ret_stat);
}
