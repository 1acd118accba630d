// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups as directories that hold processes; see cgroup.h. Everything
 * goes through a descriptor of the directory, so that a path that is removed
 * and made again by others is never mistaken for ours.
 */
#include "os/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "os/fd.h"

/* The directory as a descriptor, if it is an empty cgroup of version 2. */
static int open_empty(const char *path, int *ret_fd)
{
	struct statfs fs;
	st_cleanup(st_fd_close) int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type != CGROUP2_SUPER_MAGIC)
		return -EOPNOTSUPP;
	int ret = st_cgroup_is_populated(fd);

	if (ret)
		return ret < 0 ? ret : -EBUSY;
	*ret_fd = st_fd_take(&fd);
	return 0;
}

int st_cgroup_create(const char *path, int *ret_fd)
{
	bool is_new = mkdir(path, 0755) == 0;

	if (!is_new && errno != EEXIST)
		return -errno;
	int ret = open_empty(path, ret_fd);

	if (ret < 0 && is_new)
		(void)rmdir(path); /* what was in the way is the answer */
	return ret;
}

int st_cgroup_kill(int fd)
{
	st_cleanup(st_fd_close) int file = openat(fd, "cgroup.kill", O_WRONLY | O_CLOEXEC);

	if (file < 0) {
		/* The file is missing in old kernels, and in a removed directory. */
		if (errno == ENOENT)
			return faccessat(fd, "cgroup.procs", F_OK, 0) < 0 ? -ENODEV : -EOPNOTSUPP;
		return -errno;
	}
	return write(file, "1", 1) < 0 ? -errno : 0;
}

int st_cgroup_open_events(int fd, int *ret_events_fd)
{
	int events = openat(fd, "cgroup.events", O_RDONLY | O_CLOEXEC);

	if (events < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	*ret_events_fd = events;
	return 0;
}

int st_cgroup_is_populated(int fd)
{
	char text[256];
	st_cleanup(st_fd_close) int events = -1;
	int ret = st_cgroup_open_events(fd, &events);

	if (ret < 0)
		return ret;
	ssize_t len = read(events, text, sizeof(text) - 1);

	if (len < 0)
		return -errno;
	text[len] = '\0';
	return strstr(text, "populated 1") != NULL;
}

int st_cgroup_remove(const char *path)
{
	if (rmdir(path) < 0 && errno != ENOENT)
		return errno == ENOTEMPTY ? -EBUSY : -errno;
	return 0;
}
