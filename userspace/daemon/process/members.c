// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the members of subtrees. See members.h.
 */
#include "daemon/process/members.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/map.h"
#include "daemon/process/process.h"
#include "daemon/process/subtree.h"
#include "os/cgroup.h"
#include "os/descendants.h"
#include "os/mark.h"

size_t st_members_nr(const struct st_subtree *subtree)
{
	return subtree->found.len / sizeof(pid_t);
}

pid_t st_members_at(const struct st_subtree *subtree, size_t i)
{
	pid_t pid;

	memcpy(&pid, subtree->found.data + i * sizeof(pid), sizeof(pid));
	return pid;
}

static void add(struct st_subtree *subtree, pid_t pid)
{
	if (pid > 0 && pid != subtree->process->ref.pid)
		st_buf_add(&subtree->found, &pid, sizeof(pid));
}

/* Adds a list, and frees it. @err is that of making it; one that is gone has none. */
static void take(struct st_subtree *subtree, int err, pid_t *pids, size_t nr)
{
	if (err && err != -ESRCH && err != -ENODEV && err != -ENOSYS)
		subtree->is_unsure = true;
	if (err)
		return;
	for (size_t i = 0; i < nr; i++)
		add(subtree, pids[i]);
	st_free(pids);
}

static void add_below(struct st_subtree *subtree, pid_t pid)
{
	pid_t *pids = NULL;
	size_t nr = 0;
	int err = st_descendants_list(pid, &pids, &nr);

	take(subtree, err, pids, nr);
}

static void find_in_cgroup(struct st_subtree *subtree)
{
	pid_t *pids = NULL;
	size_t nr = 0;
	int err = st_cgroup_list(subtree->cgroup_fd, &pids, &nr);

	take(subtree, err, pids, nr);
}

static uint32_t number_of(const struct st_subtree *subtree)
{
	return (uint32_t)(subtree->process->generation % ST_MARK_NUMBERS);
}

/* Give each orphan that has a mark, and has not ended, to its subtree. */
static void sort_orphans(struct st_processes *processes, const struct st_map *by_number,
			 const pid_t *pids, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct st_subtree *subtree;
		uint32_t number;

		if (st_process_find_pid(processes, pids[i]) ||
		    st_mark_read(pids[i], processes->subtrees.family, &number) != 1)
			continue;
		subtree = st_map_get(by_number, number + 1ull);
		if (subtree && st_descendants_parent(pids[i]) > 0)
			add(subtree, pids[i]);
	}
}

static int find_orphans(struct st_processes *processes, const struct st_map *by_number)
{
	pid_t *pids = NULL;
	size_t nr = 0;
	int err;

	if (!by_number->nr)
		return 0;
	processes->subtrees.nr_walks++;
	err = st_descendants_children(getpid(), &pids, &nr);
	if (err)
		return err == -ENOSYS ? 0 : err;
	sort_orphans(processes, by_number, pids, nr);
	st_free(pids);
	return 0;
}

/* Those that have no cgroup, by the numbers of their marks. */
static int map_by_number(const struct st_list *subtrees, struct st_map *by_number)
{
	struct st_list *pos;

	st_list_for_each(pos, subtrees) {
		struct st_subtree *subtree = st_list_entry(pos, struct st_subtree, link);

		if (subtree->cgroup_fd >= 0)
			continue;
		if (st_map_reserve(by_number, by_number->nr + 1))
			return -ENOMEM;
		st_map_put(by_number, number_of(subtree) + 1ull, subtree);
	}
	return 0;
}

/* The list grows while it is read, but each look below one is complete. */
static void find_below(struct st_subtree *subtree)
{
	size_t nr = st_members_nr(subtree);

	if (!subtree->has_ended)
		add_below(subtree, subtree->process->ref.pid);
	for (size_t i = 0; i < nr; i++)
		add_below(subtree, st_members_at(subtree, i));
}

static void begin(struct st_subtree *subtree)
{
	st_buf_done(&subtree->found);
	st_buf_init(&subtree->found);
	subtree->is_unsure = false;
}

void st_members_find_now(struct st_subtree *subtree)
{
	begin(subtree);
	if (subtree->cgroup_fd >= 0)
		find_in_cgroup(subtree);
	else
		find_below(subtree);
}

void st_members_find(struct st_processes *processes, struct st_list *subtrees)
{
	struct st_map by_number = { 0 };
	struct st_list *pos;
	int err = 0;

	st_list_for_each(pos, subtrees)
		begin(st_list_entry(pos, struct st_subtree, link));
	if (processes->subtrees.family) {
		err = map_by_number(subtrees, &by_number);
		if (!err)
			err = find_orphans(processes, &by_number);
	}
	st_list_for_each(pos, subtrees) {
		struct st_subtree *subtree = st_list_entry(pos, struct st_subtree, link);

		if (subtree->cgroup_fd >= 0) {
			find_in_cgroup(subtree);
		} else {
			subtree->is_unsure |= err != 0;
			find_below(subtree);
		}
		subtree->is_unsure |= subtree->found.failed;
	}
	st_map_done(&by_number);
}

static bool is_found(const struct st_subtree *subtree, pid_t pid)
{
	if (pid == subtree->process->ref.pid)
		return true;
	for (size_t i = 0; i < st_members_nr(subtree); i++)
		if (st_members_at(subtree, i) == pid)
			return true;
	return false;
}

/* Whether the process that has the pid now belongs to the subtree. */
static bool is_member(const struct st_subtree *subtree, pid_t pid)
{
	const struct st_subtrees *subtrees = &subtree->process->processes->subtrees;
	pid_t parent = st_descendants_parent(pid);
	uint32_t number;

	if (parent < 0)
		return false;
	if (subtree->cgroup_fd >= 0) {
		char path[ST_SUBTREE_PATH_MAX];

		return st_cgroup_contains(st_subtree_path(subtree, path), pid) == 1;
	}
	if (subtrees->family && st_mark_read(pid, subtrees->family, &number) == 1)
		return number == number_of(subtree);
	return is_found(subtree, parent);
}

int st_members_open(const struct st_subtree *subtree, pid_t pid, struct st_pidref *ret_ref)
{
	struct st_pidref ref;
	int err = st_pidref_open(pid, &ref);

	if (err)
		return err;
	/* Another process may have got the pid since the look, but not from now on. */
	if (!is_member(subtree, pid)) {
		st_pidref_done(&ref);
		return -ESRCH;
	}
	*ret_ref = ref;
	return 0;
}
