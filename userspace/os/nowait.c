// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes that never wait; see nowait.h.
 */
#include "os/nowait.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fd.h"

/* -errno: not allowed, no /proc, or a named pipe that has no reader now */
static int open_again(int fd)
{
	char path[32];
	int again;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return again < 0 ? -errno : again;
}

struct st_nowait st_nowait_open(int fd)
{
	struct st_nowait out = ST_NOWAIT_ASK(fd);
	struct stat status;
	int again;

	if (fstat(fd, &status) < 0)
		return out;
	out.is_socket = S_ISSOCK(status.st_mode);
	/*
	 * A plain file does not wait for a reader. Another open file would have a position of
	 * its own, and write over what others have written.
	 */
	out.must_ask = S_ISFIFO(status.st_mode) || isatty(fd);
	if (!out.must_ask)
		return out;
	again = open_again(fd);
	if (again < 0)
		return out;
	return (struct st_nowait){ .fd = again, .is_own = true };
}

void st_nowait_done(struct st_nowait *out)
{
	if (out->is_own)
		st_fd_close(&out->fd);
	*out = (struct st_nowait){ .fd = -1 };
}

ssize_t st_nowait_write(const struct st_nowait *out, const void *data, size_t len)
{
	struct pollfd room = { .fd = out->fd, .events = POLLOUT };
	ssize_t nr;

	if (out->must_ask) {
		/* pipe(7): where there is room, as much as this fits */
		len = len < PIPE_BUF ? len : PIPE_BUF;
		if (poll(&room, 1, 0) != 1)
			return -EAGAIN;
	}
	do
		nr = out->is_socket ? send(out->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) :
				      write(out->fd, data, len);
	while (nr < 0 && errno == EINTR);
	return nr < 0 ? -errno : nr;
}
