// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits; see limits.h.
 */
#include "os/limits.h"

#include <errno.h>

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
