// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits; see limits.h.
 */
#include "os/limits.h"

#include <errno.h>
#include <string.h>

static const char *const names[RLIM_NLIMITS] = {
	[RLIMIT_AS] = "as",
	[RLIMIT_CORE] = "core",
	[RLIMIT_CPU] = "cpu",
	[RLIMIT_DATA] = "data",
	[RLIMIT_FSIZE] = "fsize",
	[RLIMIT_LOCKS] = "locks",
	[RLIMIT_MEMLOCK] = "memlock",
	[RLIMIT_MSGQUEUE] = "msgqueue",
	[RLIMIT_NICE] = "nice",
	[RLIMIT_NOFILE] = "nofile",
	[RLIMIT_NPROC] = "nproc",
	[RLIMIT_RSS] = "rss",
	[RLIMIT_RTPRIO] = "rtprio",
	[RLIMIT_RTTIME] = "rttime",
	[RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_STACK] = "stack",
};

int st_limit_find(const char *name)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -ENOENT;
}

const char *st_limit_name(int resource)
{
	if (resource < 0 || resource >= RLIM_NLIMITS)
		return NULL;
	return names[resource];
}

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
