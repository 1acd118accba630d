// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the listening socket; see control_socket.h.
 */
#include "daemon/control/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/fd.h"

_Static_assert(ST_CONTROL_PATH_SIZE == sizeof(((struct sockaddr_un *)0)->sun_path),
	       "the size of a socket's path");

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* Return: 0 if the path is free. Removes a socket that has no listener. */
static int make_room(const struct sockaddr_un *address)
{
	st_cleanup(st_fd_close) int fd = -1;
	struct stat found;

	if (lstat(address->sun_path, &found))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(found.st_mode))
		return -EEXIST;
	fd = new_socket();
	if (fd < 0)
		return fd;
	/* EAGAIN: a process listens, and its queue is full */
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)) || errno == EAGAIN)
		return -EADDRINUSE;
	if (errno != ECONNREFUSED)
		return -errno;
	return unlink(address->sun_path) && errno != ENOENT ? -errno : 0;
}

static int bind_with_mode(int fd, const struct sockaddr_un *address, mode_t mode)
{
	mode_t old = umask(~mode & 0777);
	int ret = bind(fd, (const struct sockaddr *)address, sizeof(*address)) ? -errno : 0;

	umask(old);
	return ret;
}

static bool is_at(int fd, const char *path)
{
	struct stat file, found;

	return !fstat(fd, &file) && !lstat(path, &found) && file.st_dev == found.st_dev &&
	       file.st_ino == found.st_ino;
}

/*
 * Take the lock file, which is removed while it is locked. A process that
 * opened it before may get the lock only then: it holds a file that is no
 * longer there, and tries again. A process that dies in between leaves a file
 * that is not locked.
 */
static int lock(const char *path, int *ret_fd)
{
	for (;;) {
		st_cleanup(st_fd_close) int fd =
			open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

		if (fd < 0)
			return -errno;
		if (flock(fd, LOCK_EX | LOCK_NB))
			return errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
		if (is_at(fd, path)) {
			*ret_fd = st_fd_take(&fd);
			return 0;
		}
	}
}

static int listen_at(const struct sockaddr_un *address, mode_t mode, int *ret_fd)
{
	st_cleanup(st_fd_close) int fd = -1;
	int ret = make_room(address);

	if (ret)
		return ret;
	fd = new_socket();
	if (fd < 0)
		return fd;
	ret = bind_with_mode(fd, address, mode);
	if (ret)
		return ret;
	if (listen(fd, SOMAXCONN)) {
		ret = -errno;
		(void)unlink(address->sun_path); /* what was bound must not stay */
		return ret;
	}
	*ret_fd = st_fd_take(&fd);
	return 0;
}

int st_control_listen(const char *path, mode_t mode, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char lock_path[sizeof(address.sun_path) + sizeof(".lock")];
	st_cleanup(st_fd_close) int lock_fd = -1;
	size_t len = strlen(path);
	int ret;

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len + 1);
	(void)snprintf(lock_path, sizeof(lock_path), "%s.lock", path); /* it is long enough */
	ret = lock(lock_path, &lock_fd);
	if (ret)
		return ret;
	ret = listen_at(&address, mode, ret_fd);
	(void)unlink(lock_path); /* a lock file that stays does no harm */
	return ret;
}
