// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process references; see pidref.h. System calls that glibc 2.36 has no
 * wrapper for, or whose wrapper hides the resource usage, are called by number.
 */
#include "os/pidref.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/fd.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

void st_pidref_init(struct st_pidref *ref)
{
	*ref = ST_PIDREF_NONE;
}

void st_pidref_done(struct st_pidref *ref)
{
	st_fd_close(&ref->fd);
	ref->pid = 0;
}

struct st_pidref st_pidref_take(struct st_pidref *ref)
{
	struct st_pidref taken = *ref;

	*ref = ST_PIDREF_NONE;
	return taken;
}

bool st_pidref_is_peer(const struct st_pidref *ref, int fd)
{
	st_cleanup(st_fd_close) int peer = -1;
	socklen_t len = sizeof(peer);
	struct stat own, other;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &peer, &len) < 0) {
		peer = -1;
		return errno == ENOPROTOOPT;
	}
	return !fstat(ref->fd, &own) && !fstat(peer, &other) && own.st_dev == other.st_dev &&
	       own.st_ino == other.st_ino;
}

bool st_pidref_is_set(const struct st_pidref *ref)
{
	return ref->pid > 0 && ref->fd >= 0;
}

/*
 * The errno of pidfd_open(2): for a thread it is ENOENT, on older kernels EINVAL. For a
 * process that is just being reaped it is EINVAL, too.
 */
static int opening_failed(pid_t pid, int err)
{
	bool is_gone = err == EINVAL && pid > 0 && syscall(SYS_getpgid, pid) < 0 && errno == ESRCH;

	if (is_gone)
		return -ESRCH;
	return err == ENOENT ? -EINVAL : -err;
}

int st_pidref_open(pid_t pid, struct st_pidref *ret_ref)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		return opening_failed(pid, errno);
	*ret_ref = (struct st_pidref){ .pid = pid, .fd = fd };
	return 0;
}

int st_pidref_signal(const struct st_pidref *ref, int signo)
{
	if (!st_pidref_is_set(ref))
		return -ESRCH;
	if (syscall(SYS_pidfd_send_signal, ref->fd, signo, NULL, 0) < 0)
		return -errno;
	return 0;
}

bool st_pidref_is_child(const struct st_pidref *ref)
{
	return st_pidref_is_set(ref) &&
	       syscall(SYS_waitid, P_PIDFD, ref->fd, NULL, WEXITED | WNOHANG | WNOWAIT, NULL) == 0;
}

bool st_pidref_is_stopped(const struct st_pidref *ref)
{
	siginfo_t info = { .si_pid = 0 };

	return st_pidref_is_set(ref) &&
	       syscall(SYS_waitid, P_PIDFD, ref->fd, &info, WSTOPPED | WNOHANG | WNOWAIT, NULL) ==
		       0 &&
	       info.si_pid;
}

int st_pidref_wait(const struct st_pidref *ref, struct st_exit *ret_exit, struct rusage *ret_usage)
{
	siginfo_t info;

	if (!st_pidref_is_set(ref))
		return -ECHILD;
	/* waitid(2): with WNOHANG, si_pid stays 0 when there is nothing to reap. */
	memset(&info, 0, sizeof(info));
	if (syscall(SYS_waitid, P_PIDFD, ref->fd, &info, WEXITED | WNOHANG, ret_usage) < 0)
		return -errno;
	if (!info.si_pid)
		return 0;
	*ret_exit = (struct st_exit){ .code = info.si_code, .status = info.si_status };
	return 1;
}
