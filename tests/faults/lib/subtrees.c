// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subtrees of processes, with and without a cgroup, and orphans.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "faults.h"
#include "scenarios.h"
#include "os/cgroup.h"
#include "os/descendants.h"
#include "os/fd.h"
#include "os/mark.h"
#include "os/subreaper.h"

#define WRONG 1

/* A child that has a child; both wait for a signal. The byte comes when both are there. */
static pid_t grow(void)
{
	int fds[2];
	char byte = 0;

	if (pipe(fds))
		abort();
	pid_t pid = fork();

	if (pid == 0) {
		if (fork() == 0 && write(fds[1], "x", 1) != 1)
			abort();
		for (;;)
			pause();
	}
	if (pid < 0 || read(fds[0], &byte, 1) != 1)
		abort();
	(void)close(fds[0]);
	(void)close(fds[1]);
	return pid;
}

/* Kill and reap both, however many are left. */
static void fell(pid_t pid, pid_t grandchild)
{
	(void)kill(pid, SIGKILL);
	if (grandchild > 0)
		(void)kill(grandchild, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static pid_t child_of(pid_t pid)
{
	pid_t *pids = NULL;
	size_t nr = 0;
	pid_t child = st_descendants_list(pid, &pids, &nr) == 0 && nr == 1 ? pids[0] : 0;

	st_free(pids);
	return child;
}

static int run_descendants_list(void)
{
	pid_t pid = grow();
	pid_t grandchild = child_of(pid);
	pid_t *pids = NULL;
	size_t nr = 0;
	int ret = COUNTED(st_descendants_list(getpid(), &pids, &nr));

	if (!ret && nr != 2)
		ret = WRONG;
	st_free(pids);
	fell(pid, grandchild);
	return ret;
}

static int run_descendants_kill(void)
{
	pid_t pid = grow();
	pid_t grandchild = child_of(pid);
	struct st_pidref ref;
	size_t nr = 0;
	int ret = st_pidref_open(pid, &ref);

	if (ret < 0)
		abort();
	do
		ret = COUNTED(st_descendants_kill(&ref, &nr));
	while (ret == -EAGAIN);
	st_pidref_done(&ref);
	if (!ret && nr != 2)
		ret = WRONG;
	fell(pid, grandchild);
	return ret;
}

static int run_cgroup_of_own(void)
{
	char path[4096];

	return COUNTED(st_cgroup_find_own(path, sizeof(path)));
}

static int run_descendants_children(void)
{
	pid_t pid = grow();
	pid_t grandchild = child_of(pid);
	pid_t *pids = NULL;
	size_t nr = 0;
	int ret = COUNTED(st_descendants_children(getpid(), &pids, &nr));

	if (!ret && (nr != 1 || pids[0] != pid))
		ret = WRONG;
	st_free(pids);
	if (!ret) {
		ret = COUNTED(st_descendants_parent(pid));
		ret = ret == getpid() ? 0 : ret;
	}
	fell(pid, grandchild);
	return ret;
}

static int run_marks(void)
{
	struct rlimit before;
	struct st_limit limit;
	uint64_t family;
	uint32_t number = 0;
	pid_t *pids = NULL;
	size_t nr = 0;
	int ret = COUNTED(st_mark_family_new(&family));

	if (ret || getrlimit(RLIMIT_LOCKS, &before))
		return ret;
	limit = st_mark_limit(family, 7);
	if (setrlimit(RLIMIT_LOCKS, &limit.value))
		abort();
	ret = COUNTED(st_mark_read(getpid(), family, &number));
	if (ret == 1 && number != 7)
		ret = WRONG;
	if (ret == 1)
		ret = COUNTED(st_mark_find(family, &pids, &nr));
	if (!ret && !faults_fired() && (nr != 1 || pids[0] != getpid()))
		ret = WRONG;
	st_free(pids);
	(void)setrlimit(RLIMIT_LOCKS, &before);
	return ret;
}

static int list_cgroup(int fd)
{
	pid_t *pids = NULL;
	size_t nr = 0;
	int ret = st_cgroup_list(fd, &pids, &nr);

	st_free(pids);
	return ret ? ret : st_cgroup_contains("/suptree-faults-none", getpid());
}

static int use_cgroup(int fd)
{
	int events = -1;
	int ret = list_cgroup(fd);

	if (ret >= 0)
		ret = st_cgroup_is_populated(fd);

	if (ret >= 0)
		ret = st_cgroup_open_events(fd, &events);
	if (!ret)
		ret = st_cgroup_kill(fd);
	st_fd_close(&events);
	return ret;
}

static int run_cgroup_life(void)
{
	char path[4096];
	int fd = -1;

	if (st_cgroup_find_own(path, sizeof(path) - 32))
		abort();
	(void)snprintf(path + strlen(path), 32, "/suptree-faults-%d", (int)getpid());
	int ret = COUNTED(st_cgroup_create(path, &fd));

	if (!ret) {
		(void)mkdirat(fd, "below", 0755);
		ret = COUNTED(use_cgroup(fd));
		st_cgroup_remove_below(fd);
	}
	faults_on();
	st_fd_close(&fd);
	int removed = st_cgroup_remove(path);

	faults_off();
	if (st_cgroup_remove(path) < 0)
		abort();
	return ret ? ret : removed;
}

static bool is_supervised(void *owner, pid_t pid)
{
	(void)owner;
	(void)pid;
	return false;
}

static void orphan_ended(void *owner, pid_t pid, const struct st_exit *how)
{
	(void)pid;
	if (how->code == CLD_EXITED)
		++*(int *)owner;
}

static int run_orphans(void)
{
	int nr = 0;
	struct st_subreaper subreaper = { is_supervised, orphan_ended, &nr };
	int ret = COUNTED(st_subreaper_enable());
	pid_t pid = fork();
	siginfo_t info;

	if (pid == 0)
		_exit(0);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
		abort();
	int swept = COUNTED(st_subreaper_sweep(&subreaper, 8));

	while (waitpid(-1, NULL, 0) > 0)
		;
	if (!ret && !swept && !faults_fired() && nr != 1)
		ret = WRONG;
	return ret ? ret : swept;
}

static const struct answer of_lists[] = {
	{ "access", 0, ENOSYS, "the kernel does not list children" },
	{ 0 },
};

static const struct answer of_marks[] = {
	{ "access", 0, ENOSYS, "the kernel does not list children" },
	{ "prlimit", 0, EITHER, "a process of which one may not ask is left out" },
	{ "openat", 0, EITHER, "a process that cannot be looked at is left out" },
	{ "open", 0, EITHER, "a process that cannot be looked at is left out" },
	{ "read", 0, EITHER, "a process that cannot be looked at is left out" },
	{ 0 },
};

static const struct answer of_cgroups[] = {
	{ 0 },
};

static const struct answer of_orphans[] = {
	{ "waitid", ECHILD, EITHER, "there is nobody to wait for" },
	{ 0 },
};

const struct scenario descendants_list = { run_descendants_list, of_lists };
const struct scenario descendants_children = { run_descendants_children, of_lists };
const struct scenario marks = { run_marks, of_marks };
const struct scenario descendants_kill = { run_descendants_kill, of_lists };
const struct scenario cgroup_of_own = { run_cgroup_of_own, of_cgroups };
const struct scenario cgroup_life = { run_cgroup_life, of_cgroups };
const struct scenario orphans = { run_orphans, of_orphans };
