// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of this process, beside it; see aside.h.
 */
#include "os/aside.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/pipe.h"

#define PIPE_FD 3 /* in the copy */

/* Other descriptors would keep pipes of children open, for as long as this takes. */
static int keep_only(int fd)
{
	if (fd != PIPE_FD && dup2(fd, PIPE_FD) < 0)
		return -errno;
	return close_range(PIPE_FD + 1, ~0u, 0) < 0 ? -errno : 0;
}

static void be_aside(void (*run)(void *context, int fd), void *context, pid_t parent, int fd)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && !keep_only(fd))
		run(context, PIPE_FD);
	_exit(0);
}

int st_aside_start(void (*run)(void *context, int fd), void *context, struct st_pidref *ret_ref,
		   int *ret_fd)
{
	st_cleanup(st_fd_close) int reader = -1, writer = -1;
	pid_t parent = getpid(), pid;
	int err = st_pipe_open(&reader, &writer);

	if (err)
		return err;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		be_aside(run, context, parent, writer);
	err = st_pidref_open(pid, ret_ref);
	if (err) {
		(void)kill(pid, SIGKILL); /* it is our child, and not reaped */
		return err;
	}
	*ret_fd = st_fd_take(&reader);
	return 0;
}
