// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes folders one by one, each in the open folder above it; see folder.h.
 */
#include "os/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

#define MODE_ABOVE 0755
#define MODE 0750

static int open_in(int folder_fd, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = geteuid() == 0 ? RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS : 0,
	};
	long fd = syscall(SYS_openat2, folder_fd, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Give away a folder that was just made in a folder of ours. */
static int give(int fd, uid_t uid, gid_t gid)
{
	if (fchmod(fd, MODE) < 0 || fchown(fd, uid, gid) < 0)
		return -errno;
	return 0;
}

/* Open or make one folder. Return: a descriptor, or -errno. */
static int step(int folder_fd, const char *name, mode_t mode, bool *ret_is_new)
{
	int fd = open_in(folder_fd, name);

	*ret_is_new = false;
	if (fd != -ENOENT)
		return fd;
	if (mkdirat(folder_fd, name, mode) < 0 && errno != EEXIST)
		return -errno;
	*ret_is_new = true;
	return open_in(folder_fd, name);
}

int st_folder_make(const char *path, uid_t uid, gid_t gid)
{
	st_cleanup(st_fd_close) int fd = open_in(AT_FDCWD, "/");
	char name[NAME_MAX + 1];
	bool is_new = false;

	while (fd >= 0 && *path) {
		size_t len = strcspn(path, "/");
		const char *next = path + len + strspn(path + len, "/");
		int below;

		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, path, len);
		name[len] = '\0';
		path = next;
		if (!len)
			continue;
		below = step(fd, name, *next ? MODE_ABOVE : MODE, &is_new);
		st_fd_close(&fd);
		fd = below;
	}
	if (fd < 0)
		return fd;
	return is_new ? give(fd, uid, gid) : 0;
}
