// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking up from a process; see ancestor.h.
 */
#include "os/ancestor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "os/proc_stat.h"

int st_ancestor_find(pid_t pid, bool (*is_known)(void *owner, pid_t pid), void *owner,
		     pid_t *ret_pid)
{
	for (int step = 1; step <= ST_ANCESTOR_MAX && pid > 1; step++) {
		struct st_proc_stat stat;
		char path[32];
		int ret;

		(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		ret = st_proc_stat_read(AT_FDCWD, path, &stat);
		if (ret < 0)
			return ret;
		if (is_known(owner, stat.parent)) {
			*ret_pid = stat.parent;
			return step;
		}
		pid = stat.parent;
	}
	return -ESRCH;
}
