// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits; see limits.h.
 */
#include "os/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/fd.h"

int st_limits_raise_nofile(struct rlimit *ret_before)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	struct rlimit before = limit;

	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	*ret_before = before;
	return 0;
}

/* Any open descriptor can be duplicated; this one is not inherited by anybody. */
static int open_any(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int st_limits_grow_table(unsigned int nr)
{
	struct rlimit limit;
	st_cleanup(st_fd_close) int any = open_any();
	st_cleanup(st_fd_close) int last = -1;

	if (any < 0)
		return any;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	if (nr > limit.rlim_cur)
		nr = (unsigned int)limit.rlim_cur;
	if (nr < 1)
		return 0;
	/* At least this number: the one that is free must be the last of the table. */
	last = fcntl(any, F_DUPFD_CLOEXEC, (int)nr - 1);
	return last < 0 ? -errno : 0;
}
