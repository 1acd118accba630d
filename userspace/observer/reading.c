// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of /proc; see reading.h.
 */
#include "observer/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "os/fd.h"

#define PORTION 4096
#define STAT_MAX 2048 /* a line is shorter than this, whatever its numbers are */

/* A process that has ended has no files any more. */
static int failure(void)
{
	return errno == ENOENT ? -ESRCH : -errno;
}

int st_reading_open(int proc, pid_t pid, int *ret_fd)
{
	char name[16];
	int fd;

	(void)snprintf(name, sizeof(name), "%d", (int)pid); /* fits */
	fd = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failure();
	*ret_fd = fd;
	return 0;
}

int st_reading_file(int dir, const char *name, size_t max, struct st_buf *out)
{
	st_cleanup(st_fd_close) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t len;

	if (fd < 0)
		return failure();
	do {
		int err = st_buf_reserve(out, PORTION);

		if (err)
			return err;
		len = read(fd, out->data + out->len, PORTION);
		if (len < 0)
			return failure();
		out->len += (size_t)len;
	} while (len && out->len <= max);
	if (out->len <= max)
		return 0;
	out->len = max;
	return 1;
}

int st_reading_link(int dir, const char *name, struct st_buf *out)
{
	ssize_t len;
	int err = st_buf_reserve(out, PATH_MAX);

	if (err)
		return err;
	len = readlinkat(dir, name, out->data + out->len, PATH_MAX);
	if (len < 0)
		return failure();
	out->len += (size_t)len;
	return 0;
}

int st_reading_stat(int dir, struct st_stat *ret_stat)
{
	char text[STAT_MAX];
	st_cleanup(st_fd_close) int fd = openat(dir, "stat", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (len < 0)
		return failure();
	return st_parse_stat(text, (size_t)len, ret_stat);
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* clocks that Linux has cannot fail */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

uint64_t st_reading_boot_ns(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

uint64_t st_reading_cpu_ns(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
