// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kills the descendants that an ended child has left. See subtree.h.
 */
#include "daemon/process/subtree.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "daemon/process/process.h"
#include "os/descendants.h"

#define MAX_ENVIRON (256 << 10) /* bytes read; the daemon's variables are among the last */

static void read_environ(pid_t pid, struct st_buf *out)
{
	char path[64];
	ssize_t len;
	int fd;

	st_buf_reset(out);
	(void)snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return; /* it has ended meanwhile */
	while (out->len < MAX_ENVIRON && !st_buf_reserve(out, 4096)) {
		len = read(fd, out->data + out->len, 4096);
		if (len <= 0)
			break;
		out->len += (size_t)len;
	}
	close(fd);
}

static bool has_variable(const struct st_buf *environment, const char *wanted)
{
	size_t size = strlen(wanted) + 1; /* with its NUL, so that a longer value does not match */

	return environment->len >= size &&
	       memmem(environment->data, environment->len, wanted, size) != NULL;
}

/*
 * Kill the process and everything below it at once. If that cannot be done
 * quickly, kill the process alone: the processes below it have the variable
 * too, and get their own turn.
 */
static void kill_tree(const struct st_pidref *ref)
{
	size_t nr_killed;

	if (st_descendants_kill(ref, &nr_killed))
		(void)!st_pidref_signal(ref, SIGKILL); /* -ESRCH: it has ended */
}

void st_subtree_kill_left(const struct st_processes *processes, uint64_t generation)
{
	struct st_buf environment = ST_BUF_INIT;
	struct st_pidref ref;
	char wanted[48];
	size_t nr;
	pid_t *pids;

	if (st_descendants_list(getpid(), &pids, &nr))
		return;
	(void)snprintf(wanted, sizeof(wanted), "SUPTREE_GENERATION=%llu",
		       (unsigned long long)generation);
	for (size_t i = 0; i < nr; i++) {
		if (st_process_find_pid(processes, pids[i]))
			continue;
		read_environ(pids[i], &environment);
		if (!has_variable(&environment, wanted) || st_pidref_open(pids[i], &ref))
			continue;
		/*
		 * Another process may have got the pid between the two looks.
		 * Look again, now that the pidfd holds the pid.
		 */
		read_environ(pids[i], &environment);
		if (has_variable(&environment, wanted))
			kill_tree(&ref);
		st_pidref_done(&ref);
	}
	st_buf_done(&environment);
	st_free(pids);
}
