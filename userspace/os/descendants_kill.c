// SPDX-License-Identifier: GPL-2.0-only
/*
 * Killing a subtree without a cgroup; see descendants.h.
 *
 * The problem is a fork at the same time. A process that has been sent SIGSTOP may
 * still complete a fork. So its children are listed until it is seen to have stopped,
 * and once more after that. It would be wrong to kill top down without stopping: the
 * subreaper adopts the children of a dead process, and then they cannot be
 * distinguished from other orphans.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "os/children.h"
#include "os/descendants.h"
#include "os/proc_stat.h"

/* How often the subtree is read before the caller gets -EAGAIN. */
#define ROUNDS_MAX 64

/* refs[0] is the caller's; the others are owned. */
struct subtree {
	struct st_pidref *refs;
	size_t nr;
	size_t cap;
};

static int add(struct subtree *tree, struct st_pidref ref)
{
	if (tree->nr == ST_DESCENDANTS_KILL_MAX)
		return -E2BIG;
	if (tree->nr == tree->cap) {
		size_t cap = tree->cap ? 2 * tree->cap : 16;
		struct st_pidref *refs = st_realloc(tree->refs, cap * sizeof(*refs));

		if (!refs)
			return -ENOMEM;
		tree->refs = refs;
		tree->cap = cap;
	}
	tree->refs[tree->nr++] = ref;
	return 0;
}

static void done(struct subtree *tree)
{
	for (size_t i = 1; i < tree->nr; i++)
		st_pidref_done(&tree->refs[i]);
	st_free(tree->refs);
}

static bool contains(const struct subtree *tree, pid_t pid)
{
	for (size_t i = 0; i < tree->nr; i++)
		if (tree->refs[i].pid == pid)
			return true;
	return false;
}

/* 1 if the thread cannot be in the middle of a fork, 0, or -errno. */
static int has_thread_stopped(DIR *tasks, const char *tid)
{
	char name[64];
	struct st_proc_stat stat;

	(void)snprintf(name, sizeof(name), "%.20s/stat", tid); /* fits */
	int ret = st_proc_stat_read(dirfd(tasks), name, &stat);

	if (ret < 0)
		return ret == -ESRCH ? 1 : ret;
	return strchr("TtZXD", stat.state) != NULL;
}

/*
 * Whether no thread of @pid can be in the middle of a fork: 1, 0, or -errno. D
 * counts as stopped: a parent that waits for its vfork child is in it and stays
 * there.
 */
static int has_stopped(pid_t pid)
{
	int has = 1;
	int ret;
	const char *tid = "";
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid); /* fits */
	DIR *tasks = opendir(path);

	if (!tasks)
		return errno == ENOENT ? 1 : -errno;
	while (has > 0 && (ret = st_children_next_thread(tasks, &tid)) != 0)
		has = ret < 0 ? ret : has_thread_stopped(tasks, tid);
	(void)closedir(tasks); /* it was only read */
	return has == -ENOENT || has == -ESRCH ? 1 : has;
}

/* 1, 0, or -errno. */
static int is_child(pid_t pid, pid_t parent)
{
	char path[64];
	struct st_proc_stat stat;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* fits */
	int ret = st_proc_stat_read(AT_FDCWD, path, &stat);

	if (ret < 0)
		return ret == -ESRCH ? 0 : ret;
	return stat.parent == parent;
}

/* Send SIGSTOP to a process and add it. One that has ended is none of ours. */
static int freeze(struct subtree *tree, pid_t pid, pid_t parent)
{
	struct st_pidref ref;
	int ret = st_pidref_open(pid, &ref);

	if (ret == -ESRCH)
		return 0;
	if (ret < 0)
		return ret;
	/* The pid may have been recycled before we had the pidfd; not since then. */
	ret = is_child(pid, parent);
	if (ret <= 0) {
		st_pidref_done(&ref);
		return ret;
	}
	ret = add(tree, ref);
	if (ret < 0) {
		st_pidref_done(&ref);
		return ret;
	}
	ret = st_pidref_signal(&ref, SIGSTOP);
	return ret == -ESRCH ? 0 : ret;
}

static int freeze_children(struct subtree *tree, pid_t parent)
{
	struct st_pids children = { 0 };
	int ret = st_children_add(&children, parent);

	for (size_t i = 0; !ret && i < children.nr; i++)
		if (!contains(tree, children.pids[i]))
			ret = freeze(tree, children.pids[i], parent);
	st_free(children.pids);
	return ret == -ESRCH ? 0 : ret;
}

/* One look at everything found so far: 1: complete; 0: look again; -errno. */
static int look(struct subtree *tree)
{
	bool is_complete = true;

	for (size_t i = 0; i < tree->nr; i++) {
		pid_t pid = tree->refs[i].pid;
		int had_stopped = has_stopped(pid);
		int ret = had_stopped < 0 ? had_stopped : freeze_children(tree, pid);

		if (ret < 0)
			return ret;
		is_complete &= had_stopped;
	}
	return is_complete;
}

static int freeze_all(struct subtree *tree)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		int ret = look(tree);

		if (ret)
			return ret < 0 ? ret : 0;
		(void)sched_yield(); /* they need the processor to stop */
	}
	return -EAGAIN;
}

/* Kill what was found; returns @ret, or the first error of a signal. */
static int kill_all(struct subtree *tree, int ret, size_t *ret_nr_killed)
{
	size_t nr = 0;

	for (size_t i = 0; i < tree->nr; i++) {
		int error = st_pidref_signal(&tree->refs[i], SIGKILL);

		if (!error)
			nr++;
		else if (error != -ESRCH && !ret)
			ret = error;
	}
	*ret_nr_killed = nr;
	return ret;
}

int st_descendants_kill(const struct st_pidref *root, size_t *ret_nr_killed)
{
	struct subtree tree = { 0 };
	int ret = st_children_check_support();

	if (ret < 0)
		return ret;
	ret = st_pidref_signal(root, SIGSTOP);
	if (ret < 0)
		return ret;
	ret = add(&tree, *root);
	if (ret < 0) {
		*ret_nr_killed = st_pidref_signal(root, SIGKILL) == 0;
		return ret;
	}
	ret = freeze_all(&tree);
	if (ret == -EAGAIN)
		*ret_nr_killed = 0;
	else
		ret = kill_all(&tree, ret, ret_nr_killed);
	done(&tree);
	return ret;
}
