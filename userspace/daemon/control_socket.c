// SPDX-License-Identifier: GPL-2.0-only
/*
 * The listening socket; see control_socket.h.
 */
#include "daemon/control_socket.h"

#include <errno.h>
#include <string.h>
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

/* 0 if the path is free, after removing a socket without a listener. */
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
	/* EAGAIN: somebody listens, and has more to do than it can */
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

int st_control_listen(const char *path, mode_t mode, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	st_cleanup(st_fd_close) int fd = -1;
	size_t len = strlen(path);
	int ret;

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len + 1);
	ret = make_room(&address);
	if (ret)
		return ret;
	fd = new_socket();
	if (fd < 0)
		return fd;
	ret = bind_with_mode(fd, &address, mode);
	if (ret)
		return ret;
	if (listen(fd, SOMAXCONN)) {
		ret = -errno;
		(void)unlink(path); /* what was bound must not stay */
		return ret;
	}
	*ret_fd = st_fd_take(&fd);
	return 0;
}
