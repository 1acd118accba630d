// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends the processes of a daemon that was killed. See leftover.h.
 */
#include "daemon/process/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "daemon/log.h"
#include "daemon/process/subtree.h"
#include "os/fd.h"
#include "os/mark.h"
#include "os/pidref.h"

#define PATIENCE_MS 100 /* children that die with the daemon are still dying */
#define ROUNDS 20 /* of the same length: what has just forked is found in the next one */
#define MAX_NAMED 8

static int path_of(const char *socket, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s.mark", socket) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* The family in the file, if it is a file of our own user; else 0. */
static uint64_t read_family(const char *path)
{
	char text[32];
	struct stat stat;
	st_cleanup(st_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t len;

	if (fd < 0 || fstat(fd, &stat) || stat.st_uid != geteuid() || !S_ISREG(stat.st_mode))
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	if (len <= 0)
		return 0;
	text[len] = '\0';
	return strtoull(text, NULL, 16);
}

static int write_family(const char *path, uint64_t family)
{
	(void)unlink(path); /* if it stays, O_EXCL refuses it */
	st_cleanup(st_fd_close) int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	return dprintf(fd, "%010llx\n", (unsigned long long)family) < 0 ? -errno : 0;
}

static void name_it(struct st_buf *names, pid_t pid)
{
	char path[32], name[64];
	size_t len = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid); /* fits */
	st_cleanup(st_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, name, sizeof(name));

	/* The process has chosen it: only what cannot disturb a terminal is shown. */
	while (got > 0 && len < (size_t)got && name[len] >= ' ' && name[len] < 0x7f)
		len++;
	st_buf_add_text(names, names->len ? ", " : "");
	st_buf_add_i64(names, pid);
	st_buf_add_text(names, " ");
	st_buf_add(names, name, len);
}

/* A pidfd for each that still has the mark, in @fds; the pids move along. */
static nfds_t hold(uint64_t family, pid_t *pids, size_t nr, struct pollfd *fds)
{
	nfds_t nr_held = 0;

	for (size_t i = 0; i < nr; i++) {
		struct st_pidref ref;
		uint32_t number;

		if (st_pidref_open(pids[i], &ref))
			continue;
		if (st_mark_read(pids[i], family, &number) != 1) {
			st_pidref_done(&ref);
			continue;
		}
		pids[nr_held] = pids[i];
		fds[nr_held++] = (struct pollfd){ .fd = ref.fd, .events = POLLIN };
	}
	return nr_held;
}

/* Wait until one second of all of them is over, or all have ended. */
static void wait_for(struct pollfd *fds, nfds_t nr)
{
	for (nfds_t i = 0; i < nr; i++) {
		int ret = poll(&fds[i], 1, PATIENCE_MS);

		if (ret <= 0)
			return; /* it needs more */
	}
}

/* Kill all that have not ended by themselves; their number. */
static unsigned int kill_them(const pid_t *pids, struct pollfd *fds, nfds_t nr,
			      struct st_buf *names, unsigned int nr_before)
{
	unsigned int nr_killed = 0;

	for (nfds_t i = 0; i < nr; i++) {
		const struct st_pidref ref = { .pid = pids[i], .fd = fds[i].fd };

		if (poll(&fds[i], 1, 0) == 1)
			continue;
		if (nr_before + nr_killed < MAX_NAMED)
			name_it(names, pids[i]);
		if (st_pidref_signal(&ref, SIGKILL) == 0)
			nr_killed++;
	}
	return nr_killed;
}

/* One round: 0: none is left; 1: look again; -errno. */
static int end_some(uint64_t family, struct st_buf *names, unsigned int *nr_killed)
{
	struct pollfd *fds;
	pid_t *pids = NULL;
	size_t nr = 0;
	nfds_t nr_held;
	int err = st_mark_find(family, &pids, &nr);

	if (err || !nr)
		return err;
	fds = st_alloc_array(nr, sizeof(*fds));
	if (!fds) {
		st_free(pids);
		return -ENOMEM;
	}
	nr_held = hold(family, pids, nr, fds);
	wait_for(fds, nr_held);
	*nr_killed += kill_them(pids, fds, nr_held, names, *nr_killed);
	wait_for(fds, nr_held);
	for (nfds_t i = 0; i < nr_held; i++)
		st_fd_close(&fds[i].fd);
	st_free(fds);
	st_free(pids);
	return 1;
}

static void end_family(uint64_t family)
{
	struct st_buf names = ST_BUF_INIT;
	unsigned int nr_killed = 0;
	int ret = 1;

	for (int round = 0; ret == 1 && round < ROUNDS; round++)
		ret = end_some(family, &names, &nr_killed);
	if (ret < 0)
		st_log("look for what the daemon before has left: %s", strerror(-ret));
	if (nr_killed)
		st_log("the daemon before was killed and had left %u process%s running, which "
		       "%s ended now: %s%s",
		       nr_killed, nr_killed == 1 ? "" : "es", nr_killed == 1 ? "is" : "are",
		       st_buf_error(&names) ? "(no memory for their names)" : st_buf_text(&names),
		       nr_killed > MAX_NAMED ? ", ..." : "");
	if (ret == 1)
		st_log("some processes of the daemon before still run after SIGKILL");
	st_subtrees_remove_folder(family);
	st_buf_done(&names);
}

void st_leftover_end(const char *socket, uint64_t family)
{
	char path[PATH_MAX];
	uint64_t before;
	int err = path_of(socket, path);

	if (!err) {
		before = read_family(path);
		if (before)
			end_family(before);
		if (family)
			err = write_family(path, family);
	}
	if (err)
		st_log("write %s: %s; if this daemon is killed, the next one cannot find what it "
		       "leaves",
		       path, strerror(-err));
}

void st_leftover_none(const char *socket)
{
	char path[PATH_MAX];

	if (!path_of(socket, path))
		(void)unlink(path); /* its directory may have been removed */
}
