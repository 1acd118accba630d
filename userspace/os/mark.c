// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks; see mark.h.
 */
#include "os/mark.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "os/children.h"
#include "os/descendants.h"

#define NUMBER_BITS 24
#define FAMILY_BITS 39 /* bit 63 stays clear: no mark is RLIM_INFINITY */

int st_mark_family_new(uint64_t *ret_family)
{
	struct rlimit own;
	uint64_t random;

	if (getrlimit(RLIMIT_LOCKS, &own) < 0)
		return -errno;
	if (own.rlim_max != RLIM_INFINITY)
		return -EPERM;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		return -errno;
	*ret_family = (random >> (64 - FAMILY_BITS)) | 1;
	return 0;
}

struct st_limit st_mark_limit(uint64_t family, uint64_t number)
{
	return (struct st_limit){
		.resource = RLIMIT_LOCKS,
		.value = { .rlim_cur = family << NUMBER_BITS | number % ST_MARK_NUMBERS,
			   .rlim_max = RLIM_INFINITY },
	};
}

int st_mark_read(pid_t pid, uint64_t family, uint32_t *ret_number)
{
	struct rlimit limit;

	if (prlimit(pid, RLIMIT_LOCKS, NULL, &limit) < 0)
		return -errno;
	if (limit.rlim_cur >> NUMBER_BITS != family)
		return 0;
	*ret_number = (uint32_t)(limit.rlim_cur % ST_MARK_NUMBERS);
	return 1;
}

/* 0, or -ENOMEM. What is no pid in /proc becomes 0. */
static int add_if_marked(struct st_pids *list, const char *name, uint64_t family)
{
	pid_t pid = (pid_t)strtol(name, NULL, 10);
	uint32_t number;

	if (pid <= 0 || st_mark_read(pid, family, &number) != 1 || st_descendants_parent(pid) < 0)
		return 0;
	return st_children_add_one(list, pid);
}

int st_mark_find(uint64_t family, pid_t **ret_pids, size_t *ret_nr_pids)
{
	struct st_pids list = { 0 };
	const char *name = "";
	DIR *proc = opendir("/proc");
	int ret;

	if (!proc)
		return -errno;
	while ((ret = st_children_next_thread(proc, &name)) > 0) {
		ret = add_if_marked(&list, name, family);
		if (ret < 0)
			break;
	}
	(void)closedir(proc); /* it was only read */
	if (ret < 0) {
		st_free(list.pids);
		return ret;
	}
	*ret_pids = list.pids;
	*ret_nr_pids = list.nr;
	return 0;
}
