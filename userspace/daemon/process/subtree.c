// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a child together with its descendants. See subtree.h.
 */
#include "daemon/process/subtree.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/spec.h"
#include "daemon/process/members.h"
#include "daemon/process/process.h"
#include "daemon/process/process_internal.h"
#include "loop/ring.h"
#include "os/cgroup.h"
#include "os/descendants.h"
#include "os/fd.h"
#include "os/mark.h"

#define RETRY_NS (100 * ST_NSEC_PER_MSEC) /* a look was not complete: no memory */

/* ---- cgroups ---- */

#define FOLDER "/suptree-%010llx" /* in it is one folder for each process */

/* 0 or -errno. Where the folder of a family is, below our own cgroup. */
static int find_folder(uint64_t family, char path[PATH_MAX + 32])
{
	char own[PATH_MAX];
	int err = st_cgroup_find_own(own, sizeof(own));

	if (!err)
		(void)snprintf(path, PATH_MAX + 32, "%s" FOLDER, own, (unsigned long long)family);
	return err;
}

static char *make_folder(uint64_t family)
{
	char path[PATH_MAX + 32];

	if (find_folder(family, path) || mkdir(path, 0755) < 0)
		return NULL; /* read-only, or not ours: marks are enough */
	return strdup(path);
}

static void remove_folder(const char *path)
{
	int fd;

	if (access(path, F_OK))
		return;
	if (!st_cgroup_create(path, &fd)) {
		st_cgroup_remove_below(fd);
		st_fd_close(&fd);
	}
	(void)!st_cgroup_remove(path); /* what a child has left there keeps it */
}

void st_subtrees_remove_folder(uint64_t family)
{
	char path[PATH_MAX + 32];

	if (!find_folder(family, path))
		remove_folder(path);
}

const char *st_subtree_path(const struct st_subtree *subtree, char path[ST_SUBTREE_PATH_MAX])
{
	const struct st_process *process = subtree->process;

	(void)snprintf(path, ST_SUBTREE_PATH_MAX, FOLDER "/%llu",
		       (unsigned long long)process->processes->subtrees.family,
		       (unsigned long long)process->generation);
	return path;
}

static void path_of(const struct st_subtree *subtree, char *path, size_t size)
{
	const struct st_process *process = subtree->process;

	(void)snprintf(path, size, "%s/%llu", process->processes->subtrees.folder,
		       (unsigned long long)process->generation);
}

static void make_cgroup(struct st_subtree *subtree)
{
	struct st_subtrees *subtrees = &subtree->process->processes->subtrees;
	char path[PATH_MAX + 64];

	if (!subtrees->has_tried && subtrees->family)
		subtrees->folder = make_folder(subtrees->family);
	subtrees->has_tried = true;
	if (!subtrees->folder)
		return;
	path_of(subtree, path, sizeof(path));
	if (st_cgroup_create(path, &subtree->cgroup_fd))
		subtree->cgroup_fd = -1;
}

void st_subtree_leave_cgroup(struct st_subtree *subtree)
{
	char path[PATH_MAX + 64];

	if (subtree->cgroup_fd < 0)
		return;
	path_of(subtree, path, sizeof(path));
	/* Zombies keep it busy for a moment; st_subtrees_done() tries again. */
	if (st_cgroup_remove(path) == -EBUSY) {
		st_cgroup_remove_below(subtree->cgroup_fd);
		(void)!st_cgroup_remove(path);
	}
	st_fd_close(&subtree->cgroup_fd);
}

/* ---- all subtrees ---- */

static void on_due(struct st_deadline *deadline);

int st_subtrees_open(struct st_processes *processes)
{
	struct st_subtrees *subtrees = &processes->subtrees;

	st_list_init(&subtrees->looks);
	if (st_mark_family_new(&subtrees->family))
		subtrees->family = 0; /* parentage is left */
	return st_deadline_init(&subtrees->due, processes->ring, on_due);
}

void st_subtrees_done(struct st_processes *processes)
{
	struct st_subtrees *subtrees = &processes->subtrees;

	st_deadline_done(&subtrees->due);
	if (subtrees->folder)
		remove_folder(subtrees->folder);
	free(subtrees->folder);
	subtrees->folder = NULL;
}

static void look_soon(struct st_subtree *subtree, uint64_t at_ns)
{
	struct st_subtrees *subtrees = &subtree->process->processes->subtrees;

	if (st_list_is_empty(&subtree->link))
		st_list_add_tail(&subtree->link, &subtrees->looks);
	if (at_ns < st_deadline_at(&subtrees->due))
		st_deadline_set(&subtrees->due, at_ns);
}

/* ---- one subtree ---- */

static void on_patience(struct st_deadline *deadline)
{
	struct st_subtree *subtree = container_of(deadline, struct st_subtree, patience);

	subtree->signo = SIGKILL;
	look_soon(subtree, 0);
}

int st_subtree_new(struct st_process *process)
{
	struct st_subtree *subtree = st_alloc(sizeof(*subtree));

	if (!subtree)
		return -ENOMEM;
	subtree->process = process;
	subtree->watched = ST_PIDREF_NONE;
	subtree->cgroup_fd = -1;
	st_list_init(&subtree->link);
	if (st_deadline_init(&subtree->patience, process->processes->ring, on_patience)) {
		st_free(subtree);
		return -ENOMEM;
	}
	process->subtree = subtree;
	make_cgroup(subtree);
	return 0;
}

void st_subtree_forget(struct st_subtree *subtree)
{
	st_list_del(&subtree->link);
	st_deadline_clear(&subtree->patience);
	st_op_cancel(&subtree->poll.op);
	st_subtree_leave_cgroup(subtree);
}

bool st_subtree_is_busy(const struct st_subtree *subtree)
{
	return st_op_is_armed(&subtree->poll.op);
}

void st_subtree_free(struct st_process *process)
{
	struct st_subtree *subtree = process->subtree;

	if (!subtree)
		return;
	st_subtree_forget(subtree);
	st_deadline_done(&subtree->patience);
	st_pidref_done(&subtree->watched);
	st_buf_done(&subtree->found);
	st_map_done(&subtree->asked);
	st_free(subtree);
	process->subtree = NULL;
}

/* ---- signals ---- */

/* Whether it gets the polite signal now, for a second one may mean something else. */
static bool is_to_be_asked(struct st_subtree *subtree, pid_t pid)
{
	if (subtree->signo == SIGKILL)
		return true;
	if (st_map_get(&subtree->asked, (uint64_t)pid))
		return false;
	if (st_map_reserve(&subtree->asked, subtree->asked.nr + 1))
		return false; /* SIGKILL comes all the same */
	st_map_put(&subtree->asked, (uint64_t)pid, subtree);
	return true;
}

static void tell_one(struct st_subtree *subtree, pid_t pid)
{
	struct st_pidref ref;

	if (!is_to_be_asked(subtree, pid) || st_members_open(subtree, pid, &ref))
		return;
	(void)!st_pidref_signal(&ref, subtree->signo); /* -ESRCH: it has ended */
	st_pidref_done(&ref);
}

static void tell_all(struct st_subtree *subtree)
{
	if (!subtree->signo)
		return;
	if (subtree->signo == SIGKILL && subtree->cgroup_fd >= 0 &&
	    st_cgroup_kill(subtree->cgroup_fd) == 0)
		return;
	for (size_t i = 0; i < st_members_nr(subtree); i++)
		tell_one(subtree, st_members_at(subtree, i));
}

/* Without a mark, what is not found while the process lives is not found any more. */
static void kill_by_parentage(struct st_subtree *subtree)
{
	size_t nr_killed;

	if (st_descendants_kill(&subtree->process->ref, &nr_killed))
		(void)!st_pidref_signal(&subtree->process->ref, SIGKILL); /* it has ended */
}

void st_subtree_signal(struct st_subtree *subtree, int signo)
{
	struct st_process *process = subtree->process;
	bool has_marks = process->processes->subtrees.family;

	if (subtree->signo != SIGKILL)
		subtree->signo = signo;
	if (!subtree->has_ended && signo == SIGKILL && subtree->cgroup_fd < 0 && !has_marks) {
		kill_by_parentage(subtree);
		return;
	}
	/* Those that are below it must be known before it can end. */
	if (!subtree->has_ended) {
		st_members_find_now(subtree);
		(void)!st_pidref_signal(&process->ref, signo); /* -ESRCH: it has ended */
		tell_all(subtree);
	}
	look_soon(subtree, 0);
}

/* ---- looks ---- */

static void on_left_end(struct st_poll *poll, int result)
{
	struct st_subtree *subtree = container_of(poll, struct st_subtree, poll);

	(void)result; /* the look shows it */
	st_pidref_done(&subtree->watched);
	if (subtree->process->is_reaped)
		st_process_idle(subtree->process);
	else
		look_soon(subtree, 0);
}

/* When it ends, look again. The one that was found last is likely to live longest. */
static void watch_one(struct st_subtree *subtree)
{
	if (st_op_is_armed(&subtree->poll.op))
		return;
	for (size_t i = st_members_nr(subtree); i--;) {
		if (st_members_open(subtree, st_members_at(subtree, i), &subtree->watched))
			continue;
		st_poll_start(subtree->process->processes->ring, &subtree->poll,
			      subtree->watched.fd, POLLIN, on_left_end);
		return;
	}
	/* All have ended meanwhile, or there are no descriptors. */
	look_soon(subtree, st_clock_ns() + ST_NSEC_PER_MSEC);
}

/* The process has ended by itself: what it has left gets as long as a stop allows. */
static void begin_patience(struct st_subtree *subtree)
{
	const struct st_shutdown *shutdown = &subtree->process->spec->def.shutdown;

	subtree->signo = st_stop_signal(&subtree->process->spec->def.process);
	if (shutdown->type == ST_SHUTDOWN_BRUTAL_KILL ||
	    (shutdown->type == ST_SHUTDOWN_TIMEOUT && !shutdown->timeout_ms))
		subtree->signo = SIGKILL;
	else if (shutdown->type == ST_SHUTDOWN_TIMEOUT)
		st_deadline_set(&subtree->patience,
				st_clock_ns() + shutdown->timeout_ms * ST_NSEC_PER_MSEC);
}

static void look(struct st_subtree *subtree)
{
	if (subtree->has_ended && !st_members_nr(subtree) && !subtree->is_unsure) {
		st_process_end(subtree->process);
		return;
	}
	if (subtree->has_ended && !subtree->signo)
		begin_patience(subtree);
	tell_all(subtree);
	if (subtree->is_unsure)
		look_soon(subtree, st_clock_ns() + RETRY_NS);
	else if (subtree->has_ended)
		watch_one(subtree);
}

static void on_due(struct st_deadline *deadline)
{
	struct st_subtrees *subtrees = container_of(deadline, struct st_subtrees, due);
	struct st_processes *processes = container_of(subtrees, struct st_processes, subtrees);
	struct st_list now;

	st_list_init(&now);
	st_list_splice_tail(&subtrees->looks, &now);
	st_members_find(processes, &now);
	/* A look can end a process, which takes its subtree, or another one, out of here. */
	while (!st_list_is_empty(&now)) {
		struct st_subtree *subtree = st_list_entry(now.next, struct st_subtree, link);

		st_list_del(&subtree->link);
		look(subtree);
	}
}

void st_subtree_ended(struct st_subtree *subtree)
{
	subtree->has_ended = true;
	look_soon(subtree, 0);
}
