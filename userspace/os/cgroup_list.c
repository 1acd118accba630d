// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes of a cgroup and of all cgroups below it; see cgroup.h. A child may make
 * cgroups of its own, as a container manager or another suptreed does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/cgroup.h"
#include "os/children.h"
#include "os/fd.h"

/* Deeper ones are not looked into. Each costs a descriptor while it is read. */
#define DEPTH_MAX 16

/* What is done in a cgroup, when all below it have been visited. */
struct visit {
	int (*leave)(const struct visit *visit, int dir, const char *name); /* its parent, name */
	struct st_pids *list;
};

static int walk(int dir, unsigned int depth, const struct visit *visit);

static int walk_one(int dir, const struct dirent *entry, unsigned int depth,
		    const struct visit *visit)
{
	if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
		return 0;
	st_cleanup(st_fd_close) int below =
		openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = below < 0 ? -errno : walk(below, depth + 1, visit);

	if (!ret)
		ret = visit->leave(visit, dir, entry->d_name);
	return ret == -ENOENT || ret == -ENODEV ? 0 : ret; /* it was removed meanwhile */
}

/* Visits what is below @dir. */
static int walk(int dir, unsigned int depth, const struct visit *visit)
{
	struct dirent *entry;
	int ret = 0;

	if (depth > DEPTH_MAX)
		return -ELOOP;
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = copy < 0 ? NULL : fdopendir(copy);

	if (!entries) {
		ret = -errno;
		st_fd_close(&copy);
		return ret;
	}
	while (!ret && (errno = 0, entry = readdir(entries)))
		ret = walk_one(dirfd(entries), entry, depth, visit);
	if (!ret)
		ret = -errno;
	(void)closedir(entries); /* it was only read */
	return ret;
}

static int add_processes(const struct visit *visit, int dir, const char *name)
{
	st_cleanup(st_fd_close) int group = openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	st_cleanup(st_fd_close) int procs = -1;

	if (group < 0)
		return -errno;
	procs = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	if (procs < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	return st_children_add_numbers(visit->list, procs);
}

int st_cgroup_list(int fd, pid_t **ret_pids, size_t *ret_nr_pids)
{
	struct st_pids list = { 0 };
	const struct visit visit = { .leave = add_processes, .list = &list };
	int ret = add_processes(&visit, fd, ".");

	if (!ret)
		ret = walk(fd, 0, &visit);
	if (ret < 0) {
		st_free(list.pids);
		return ret;
	}
	*ret_pids = list.pids;
	*ret_nr_pids = list.nr;
	return 0;
}

int st_cgroup_contains(const char *tail, pid_t pid)
{
	char text[4096 + 64]; /* a path is shorter; of version 1 there may be more lines */
	char path[32];
	size_t len = 0;
	ssize_t got = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid); /* fits */
	st_cleanup(st_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	while (len < sizeof(text) - 1 && (got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	if (got < 0)
		return errno == ESRCH ? 0 : -errno;
	text[len] = '\0';
	const char *found = strstr(text, tail);

	return found && strchr("/\n", found[strlen(tail)]);
}

static int remove_one(const struct visit *visit, int dir, const char *name)
{
	(void)visit;
	(void)unlinkat(dir, name, AT_REMOVEDIR); /* what is busy stays */
	return 0;
}

void st_cgroup_remove_below(int fd)
{
	const struct visit visit = { .leave = remove_one };

	(void)!walk(fd, 0, &visit); /* what cannot be looked into stays */
}
