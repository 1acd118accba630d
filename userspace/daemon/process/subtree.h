/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child together with all its descendants: `kill_subtree: true`. [G9]
 *
 *   runs --core asks for the end--> asked: all get SIGTERM
 *     |                               |
 *     +---the process ends------------+--> left: what it has left gets SIGTERM,
 *                                           |    and after the patience SIGKILL
 *                                           v
 *                                         gone: now its end is posted to core
 *
 * The child has ended when the last of its descendants has ended. So a restart finds
 * their ports and files free, and the patience of `shutdown` is theirs, too. Until then
 * the process itself is a zombie: nobody else gets its pid.
 *
 * members.c knows who belongs to it. Looks are collected, and all of them are done once
 * a turn of the loop: a thousand ends cost one walk.
 */
#ifndef ST_DAEMON_PROCESS_SUBTREE_H
#define ST_DAEMON_PROCESS_SUBTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "loop/deadline.h"
#include "loop/poll.h"
#include "os/pidref.h"

struct st_process;
struct st_processes;

struct st_subtree {
	struct st_process *process; /* owns it */
	struct st_list link; /* in looks: to be looked at in this turn */
	struct st_deadline patience; /* the process has ended by itself: then SIGKILL */
	struct st_poll poll; /* of watched */
	struct st_pidref watched; /* one of what is left: when it ends, look again */
	struct st_buf found; /* pids, by the last look, without the process itself */
	struct st_map asked; /* pids that have got the polite signal, which comes once */
	int cgroup_fd; /* -1: none */
	int signo; /* what all of them get: 0, SIGTERM, SIGKILL */
	bool has_ended; /* the process */
	bool is_unsure; /* the last look was not complete */
};

/* All of them, and what tells their descendants apart. */
struct st_subtrees {
	struct st_list looks;
	struct st_deadline due; /* the looks, after all ends of this turn */
	uint64_t family; /* of marks (os/mark.h); 0: none */
	char *folder; /* of their cgroups, owned; NULL: none is made so far */
	bool has_tried; /* to make the folder: once */
	uint32_t nr_walks; /* lists of the daemon's children that were read */
};

/**
 * st_subtrees_open() - find out what tells descendants apart
 * @processes: with its ring
 *
 * Return: 0 or -ENOMEM.
 */
int st_subtrees_open(struct st_processes *processes) __must_check;
void st_subtrees_done(struct st_processes *processes);

/**
 * st_subtrees_remove_folder() - remove the cgroups that another daemon has left
 * @family: of its marks; its processes have ended
 */
void st_subtrees_remove_folder(uint64_t family);

/**
 * st_subtree_new() - prepare for the descendants of a process
 * @process: not cloned yet, with kill_subtree; its subtree is set
 *
 * Return: 0 or -ENOMEM. A cgroup that cannot be made is done without.
 */
int st_subtree_new(struct st_process *process) __must_check;

#define ST_SUBTREE_PATH_MAX 64

/* The last two folders of the path of its cgroup, from a slash on; written into @path. */
const char *st_subtree_path(const struct st_subtree *subtree, char path[ST_SUBTREE_PATH_MAX]);

void st_subtree_leave_cgroup(struct st_subtree *subtree); /* do without it */

/**
 * st_subtree_free() - forget the descendants
 * @process: its subtree may be NULL; it is idle
 */
void st_subtree_free(struct st_process *process);

/**
 * st_subtree_forget() - stop waiting; the process has been reaped
 * @subtree: st_process_idle() is called when its last operation has completed
 */
void st_subtree_forget(struct st_subtree *subtree);

bool st_subtree_is_busy(const struct st_subtree *subtree); /* an operation is armed */

/**
 * st_subtree_signal() - core's signal is for all of them
 * @subtree: its process exists
 * @signo: SIGKILL, or one that asks politely
 */
void st_subtree_signal(struct st_subtree *subtree, int signo);

/**
 * st_subtree_ended() - note that the process has ended, and look for what it has left
 * @subtree: its process is a zombie; st_process_end() is called when all are gone
 */
void st_subtree_ended(struct st_subtree *subtree);

#endif
