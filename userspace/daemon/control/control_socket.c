// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the listening socket; see control_socket.h.
 */
#include "daemon/control/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop/ring.h"
#include "os/fd.h"

#ifndef SO_PEERPIDFD /* Linux 6.5 */
#define SO_PEERPIDFD 77
#endif

#define PAUSE_MS 5 /* between two attempts, where no event can be waited for */

_Static_assert(ST_CONTROL_PATH_SIZE == sizeof(((struct sockaddr_un *)0)->sun_path),
	       "the size of a socket's path");

/* Who has a socket. */
struct owner {
	pid_t pid; /* 0: not known */
	int pidfd; /* -1: not known, or it is dead */
	bool is_dead;
};

/* Milliseconds from now to a deadline, but at most @max. */
static int left_ms(uint64_t deadline_ns, int max)
{
	uint64_t now_ns = st_clock_ns();
	uint64_t left = deadline_ns > now_ns ? (deadline_ns - now_ns) / ST_NSEC_PER_MSEC + 1 : 0;

	return left < (uint64_t)max ? (int)left : max;
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* The process that called listen(2) for the socket to which @fd is connected. */
static void find_owner(int fd, struct owner *owner)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		owner->pid = peer.pid; /* 0: of another pid namespace */
	len = sizeof(owner->pidfd);
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &owner->pidfd, &len))
		return;
	owner->pidfd = -1;
	owner->is_dead = errno == ESRCH || errno == EINVAL; /* EINVAL: older kernels */
	/* Before Linux 6.5. If another process has got the pid, it is taken for the owner. */
	if (errno == ENOPROTOOPT && owner->pid > 0) {
		owner->pidfd = (int)syscall(SYS_pidfd_open, owner->pid, 0);
		owner->is_dead = owner->pidfd < 0 && errno == ESRCH;
	}
}

/*
 * Whether the owner has ended, at the latest by the deadline: SIGKILL takes a moment. If the
 * owner is not known, only the socket can show that.
 */
static bool has_ended(const struct owner *owner, uint64_t deadline_ns)
{
	struct pollfd end = { .fd = owner->pidfd, .events = POLLIN };

	if (owner->is_dead)
		return true;
	if (owner->pidfd < 0) {
		(void)poll(NULL, 0, left_ms(deadline_ns, PAUSE_MS));
		return false;
	}
	return poll(&end, 1, left_ms(deadline_ns, INT_MAX)) == 1;
}

static int remove_socket(const struct sockaddr_un *address)
{
	return unlink(address->sun_path) && errno != ENOENT ? -errno : 0;
}

/*
 * Remove a socket that has no listener. Return: 0: the path is free; -EADDRINUSE: @owner has
 * it, as far as is known.
 */
static int make_room(const struct sockaddr_un *address, struct owner *owner)
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
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address))) {
		find_owner(fd, owner);
		return -EADDRINUSE;
	}
	if (errno == EAGAIN) /* a process listens, and its queue is full */
		return -EADDRINUSE;
	return errno == ECONNREFUSED ? remove_socket(address) : -errno;
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
	st_cleanup(st_fd_close) int fd = new_socket();
	int ret;

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

/*
 * One attempt. @is_last: a socket whose owner is dead is taken over, although something still
 * listens: the kernel has not closed the socket yet, or a process has inherited it.
 */
static int try_to_listen(const struct sockaddr_un *address, mode_t mode, bool is_last,
			 struct owner *owner, int *ret_fd)
{
	char lock_path[sizeof(address->sun_path) + sizeof(".lock")];
	st_cleanup(st_fd_close) int lock_fd = -1;
	int ret;

	(void)snprintf(lock_path, sizeof(lock_path), "%s.lock", address->sun_path); /* fits */
	ret = lock(lock_path, &lock_fd);
	if (ret)
		return ret;
	ret = make_room(address, owner);
	if (ret == -EADDRINUSE && is_last && has_ended(owner, 0))
		ret = remove_socket(address);
	if (!ret)
		ret = listen_at(address, mode, ret_fd);
	(void)unlink(lock_path); /* a lock file that stays does no harm */
	return ret;
}

int st_control_listen(const char *path, mode_t mode, unsigned int patience_ms, pid_t *reterr_owner,
		      int *ret_fd)
{
	uint64_t deadline_ns = st_clock_ns() + patience_ms * ST_NSEC_PER_MSEC;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	*reterr_owner = 0;
	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len + 1);
	for (;;) {
		bool is_last = st_clock_ns() >= deadline_ns;
		struct owner owner = { .pidfd = -1 };
		int ret = try_to_listen(&address, mode, is_last, &owner, ret_fd);

		if (ret == -EADDRINUSE && !is_last && has_ended(&owner, deadline_ns))
			(void)poll(NULL, 0, left_ms(deadline_ns, PAUSE_MS));
		st_fd_close(&owner.pidfd);
		*reterr_owner = owner.pid;
		if (ret != -EADDRINUSE || is_last)
			return ret;
	}
}
