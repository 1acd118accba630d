// SPDX-License-Identifier: GPL-2.0-only
/*
 * The low descriptor numbers; low_fds.h explains them. Every number in `owned` is
 * always open, so that the kernel does not give it to other code: it holds a child's
 * descriptor (busy), or a duplicate of /dev/null.
 */
#include "os/spawn/low_fds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/fd.h"

/* 0 to 2 are the daemon's own stdin, stdout and stderr. */
#define FIRST 3

static uint64_t bit(int fd)
{
	return 1ull << fd;
}

static int lowest(uint64_t fds)
{
	return __builtin_ctzll(fds);
}

static void occupy(struct st_low_fds *low, int null)
{
	for (;;) {
		int fd = fcntl(null, F_DUPFD_CLOEXEC, FIRST);

		if (fd < 0)
			return;
		if (fd >= ST_LOW_FDS_END) {
			st_fd_close(&fd);
			return;
		}
		low->owned |= bit(fd);
	}
}

int st_low_fds_init(struct st_low_fds *low)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -errno;
	*low = (struct st_low_fds){ .null_fd = -1 };
	occupy(low, null);
	if (null >= FIRST && null < ST_LOW_FDS_END)
		low->owned |= bit(null);
	else
		st_fd_close(&null);
	if (!low->owned)
		return -EMFILE;
	low->null_fd = lowest(low->owned);
	return 0;
}

void st_low_fds_done(struct st_low_fds *low)
{
	for (; low->owned; low->owned &= low->owned - 1)
		close(lowest(low->owned));
	low->busy = 0;
	low->null_fd = -1;
}

int st_low_fds_pass(struct st_low_fds *low, int source, uint64_t avoid)
{
	uint64_t available = low->owned & ~low->busy & ~bit(low->null_fd) & ~avoid;

	if (!available)
		return -EAGAIN;
	int fd = lowest(available);

	if (dup3(source, fd, O_CLOEXEC) < 0)
		return -errno;
	low->busy |= bit(fd);
	return fd;
}

void st_low_fds_release(struct st_low_fds *low, uint64_t fds)
{
	for (fds &= low->busy; fds; fds &= fds - 1) {
		int fd = lowest(fds);

		/* Closes the child's descriptor and occupies the number at once. */
		(void)dup3(low->null_fd, fd, O_CLOEXEC);
		low->busy &= ~bit(fd);
	}
}
