// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens a file step by step, and trusts no name on the way; see private_file.h.
 */
#include "tracer/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST (1024 * 1024)
#define NEW_NAME_SIZE 64

/* Nobody but this user can have made or changed it. */
static bool is_private(const struct stat *found, mode_t type)
{
	return (found->st_mode & S_IFMT) == type && found->st_uid == geteuid() &&
	       !(found->st_mode & 077);
}

static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat found;

	if (fd < 0)
		return errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
	if (fstat(fd, &found) || !is_private(&found, S_IFDIR)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t nr = write(fd, text, len);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr < 0)
			return -errno;
		text += nr;
		len -= (size_t)nr;
	}
	return 0;
}

static int create(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fd;
}

static int write_in(int folder, const char *name, const char *text, size_t len)
{
	char new_name[NEW_NAME_SIZE];
	int fd, err;

	(void)snprintf(new_name, sizeof(new_name), "%s.new", name);
	fd = create(folder, new_name);
	if (fd == -EEXIST) {
		/* this program was killed while it wrote one */
		(void)unlinkat(folder, new_name, 0);
		fd = create(folder, new_name);
	}
	if (fd < 0)
		return fd;
	err = write_all(fd, text, len);
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(folder, new_name, folder, name))
		err = -errno;
	if (err)
		(void)unlinkat(folder, new_name, 0); /* it is of no use */
	return err;
}

int st_private_file_write(const char *folder, const char *name, const char *text, size_t len)
{
	int fd, err;

	if (mkdir(folder, 0700) && errno != EEXIST)
		return -errno;
	fd = open_folder(folder);
	if (fd < 0)
		return fd;
	err = write_in(fd, name, text, len);
	close(fd);
	return err;
}

static int read_all(int fd, char **ret_text)
{
	struct stat found;
	size_t len = 0;
	char *text;

	if (fstat(fd, &found) || !is_private(&found, S_IFREG) || found.st_nlink != 1)
		return -EPERM;
	if (found.st_size > LARGEST)
		return -EFBIG;
	text = malloc((size_t)found.st_size + 1);
	if (!text)
		return -ENOMEM;
	while (len < (size_t)found.st_size) {
		ssize_t nr = read(fd, text + len, (size_t)found.st_size - len);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr <= 0)
			break;
		len += (size_t)nr;
	}
	text[len] = '\0';
	*ret_text = text;
	return 0;
}

int st_private_file_read(const char *folder, const char *name, char **ret_text)
{
	int at = open_folder(folder), fd, err;

	if (at < 0)
		return at;
	fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	err = fd < 0 ? (errno == ELOOP ? -EPERM : -errno) : read_all(fd, ret_text);
	if (fd >= 0)
		close(fd);
	close(at);
	return err;
}

void st_private_file_remove(const char *folder, const char *name)
{
	int at = open_folder(folder);

	if (at < 0)
		return;
	(void)unlinkat(at, name, 0); /* there may be none */
	close(at);
	(void)rmdir(folder); /* something else may be in it */
}
