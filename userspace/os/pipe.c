// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes of children; see pipe.h.
 */
#include "os/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/fd.h"

int st_pipe_open(int *ret_reader, int *ret_writer)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	/* O_NONBLOCK belongs to one end; with pipe2() both would have it. */
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0) {
		int ret = -errno;

		st_fd_close(&fds[0]);
		st_fd_close(&fds[1]);
		return ret;
	}
	*ret_reader = fds[0];
	*ret_writer = fds[1];
	return 0;
}
