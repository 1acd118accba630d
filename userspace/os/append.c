// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and rotating files that only grow; see append.h.
 *
 * The folder is opened first, without following a symbolic link (openat2, Linux
 * 5.6). Everything else uses its descriptor. So the owner of a folder in the path
 * cannot exchange the folder in between.
 */
#include "os/append.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

#define FILE_MODE 0640
#define FOLDER_MODE 0755
#define NAME_SIZE (NAME_MAX + 16) /* too long a name is the kernel's to refuse */

static int open_plain(int folder_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC),
		.mode = flags & O_CREAT ? FILE_MODE : 0,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, folder_fd, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Copy the first @len bytes of a path to a new text. */
static int cut(const char *path, size_t len, char text[PATH_MAX])
{
	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(text, path, len);
	text[len] = '\0';
	return 0;
}

/* One folder below another, made if need be. */
static int make_and_open(int folder_fd, const char *name)
{
	if (mkdirat(folder_fd, name, FOLDER_MODE) < 0 && errno != EEXIST)
		return -errno;
	return open_plain(folder_fd, name, O_PATH | O_DIRECTORY);
}

/* The folder that the first @len bytes name; from @may_make on it may be made. */
static int make_folders(const char *path, size_t len, size_t may_make)
{
	const char *slash = memrchr(path, '/', may_make);
	size_t at = slash && slash > path ? (size_t)(slash - path) : 1;
	char name[PATH_MAX];
	int ret = cut(path, at, name);
	int fd = ret ? ret : open_plain(AT_FDCWD, name, O_PATH | O_DIRECTORY);

	while (fd >= 0 && at < len) {
		int parent = fd;
		size_t start = at + (path[at] == '/');
		const char *end = memchr(path + start, '/', len - start);

		at = end ? (size_t)(end - path) : len;
		ret = cut(path + start, at - start, name);
		fd = ret ? ret : make_and_open(parent, name);
		close(parent);
	}
	return fd;
}

/* The folder that a file is in, or -errno. */
static int open_folder(const struct st_append_place *place)
{
	const char *slash = strrchr(place->path, '/');
	size_t len = (size_t)(slash - place->path);
	char folder[PATH_MAX];
	int ret = cut(place->path, len ? len : 1, folder);
	int fd = ret ? ret : open_plain(AT_FDCWD, folder, O_PATH | O_DIRECTORY);

	if (fd == -ENOENT && place->may_make)
		fd = make_folders(place->path, len, place->may_make);
	return fd;
}

static const char *name_of(const struct st_append_place *place)
{
	return strrchr(place->path, '/') + 1;
}

static int64_t born_of(int fd, const struct stat *status)
{
	struct statx more;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &more) == 0 && more.stx_mask & STATX_BTIME)
		return more.stx_btime.tv_sec;
	return status->st_mtim.tv_sec;
}

/* O_NONBLOCK is for what turns out to be no plain file. */
#define FLAGS (O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK)

static int open_or_make(int folder_fd, const char *name, gid_t group)
{
	int fd = open_plain(folder_fd, name, FLAGS);

	if (fd != -ENOENT)
		return fd;
	fd = open_plain(folder_fd, name, FLAGS | O_CREAT | O_EXCL);
	if (fd >= 0 && group != (gid_t)-1)
		(void)!fchown(fd, (uid_t)-1, group); /* then only root's group reads it */
	return fd;
}

int st_append_open(const struct st_append_place *place, struct st_append_file *ret_file)
{
	st_cleanup(st_fd_close) int folder_fd = open_folder(place);
	st_cleanup(st_fd_close) int fd = -1;
	struct stat status;

	if (folder_fd < 0)
		return folder_fd;
	fd = open_or_make(folder_fd, name_of(place), place->group);
	if (fd == -ENXIO)
		return -EINVAL; /* a FIFO without a reader, or a socket */
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if (status.st_nlink > 1)
		return -EMLINK;
	/* io_uring would answer -EAGAIN where it can as well wait in the background */
	if (fcntl(fd, F_SETFL, O_APPEND) < 0)
		return -errno;
	ret_file->size = (uint64_t)status.st_size;
	ret_file->born_s = born_of(fd, &status);
	ret_file->fd = st_fd_take(&fd);
	return 0;
}

static int rename_to(int folder_fd, const char *name, unsigned int from, unsigned int to)
{
	char old[NAME_SIZE], new[NAME_SIZE];

	(void)snprintf(old, sizeof(old), from ? "%s.%u" : "%s", name, from);
	(void)snprintf(new, sizeof(new), "%s.%u", name, to);
	if (renameat(folder_fd, old, folder_fd, new) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

int st_append_rotate(const struct st_append_place *place, unsigned int keep)
{
	st_cleanup(st_fd_close) int folder_fd = open_folder(place);
	const char *name = name_of(place);
	int ret = 0;

	if (folder_fd < 0)
		return folder_fd;
	if (!keep)
		return unlinkat(folder_fd, name, 0) < 0 && errno != ENOENT ? -errno : 0;
	for (unsigned int nr = keep; nr && !ret; nr--)
		ret = rename_to(folder_fd, name, nr - 1, nr);
	return ret;
}

bool st_append_is_there(const struct st_append_place *place, int fd)
{
	st_cleanup(st_fd_close) int folder_fd = open_folder(place);
	struct stat open_one, named_one;

	return folder_fd >= 0 && fstat(fd, &open_one) == 0 &&
	       fstatat(folder_fd, name_of(place), &named_one, AT_SYMLINK_NOFOLLOW) == 0 &&
	       open_one.st_dev == named_one.st_dev && open_one.st_ino == named_one.st_ino;
}

const char *st_append_error_text(int error)
{
	switch (error) {
	case -ELOOP:
		return "a symbolic link is in its path, and links are not followed";
	case -EINVAL:
		return "it is not a plain file";
	case -EMLINK:
		return "it has a second name (a hard link)";
	default:
		return strerror(-error);
	}
}
