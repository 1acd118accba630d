/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who belongs to a subtree: the processes of its cgroup, if it has one. If not: the
 * descendants of its process as long as that lives, and then the orphans with its mark
 * (os/mark.h) and all that is below them. Orphans are children of the daemon, because it
 * is a subreaper.
 *
 * What cannot be known: a descendant that has both set the limit that is its mark and
 * lost all its ancestors; or one of another user, if the daemon is not root's.
 */
#ifndef ST_DAEMON_PROCESS_MEMBERS_H
#define ST_DAEMON_PROCESS_MEMBERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/list.h"
#include "os/pidref.h"

struct st_processes;
struct st_subtree;

/**
 * st_members_find() - list the members of subtrees
 * @processes: the processes
 * @subtrees: st_subtree.link; found and is_unsure of each are set
 *
 * Reads the list of the daemon's children at most once.
 */
void st_members_find(struct st_processes *processes, struct st_list *subtrees);

/**
 * st_members_find_now() - list the members of a subtree, without orphans
 * @subtree: its process lives; its cgroup has orphans, too
 */
void st_members_find_now(struct st_subtree *subtree);

size_t st_members_nr(const struct st_subtree *subtree);
pid_t st_members_at(const struct st_subtree *subtree, size_t i);

/**
 * st_members_open() - hold a member, so that a signal reaches no other process
 * @subtree: the subtree
 * @pid: found by the last look; it may have ended since
 * @ret_ref: owned by the caller
 *
 * Return: 0; -ESRCH: it has ended; or -errno of pidfd_open(2).
 */
int st_members_open(const struct st_subtree *subtree, pid_t pid,
		    struct st_pidref *ret_ref) __must_check;

#endif
