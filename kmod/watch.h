/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watch: one process of a node, from the moment its owner names it to its end.
 * A restarted child is the same node with another watch.
 *
 * The wait queue of pidfds wakes us when waitid(2) can succeed, and only for watched
 * processes. A probe on sched_process_exit would run for every thread of the system,
 * and too early.
 *
 * Called by node.c and registry.c. It reports nothing itself: exits are queued, and the
 * registry takes them (st_watches_ended()).
 */
#ifndef _SUPTREE_WATCH_H
#define _SUPTREE_WATCH_H

#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct pid;
struct st_node;

#define ST_STATUS_NONE (-1) /* no exit, or its status cannot be known any more */

struct st_watch {
	refcount_t ref;
	struct rcu_head rcu;
	struct pid *pid;

	/* written under the registry's lock, read anywhere */
	struct st_node *node; /* NULL: the exit is no longer wanted */
	u64 generation; /* by the owner */
	bool is_told; /* its exit was; only then the node's state is EXITED */

	/* written once, by the caller that sets @has_ended, before the watch is queued */
	atomic_t has_ended;
	int status; /* as wait(2) gives it, or ST_STATUS_NONE */
	u64 end_ns;
	struct llist_node queued;

	wait_queue_entry_t wait;
};

int __must_check st_watches_init(work_func_t ended);
void st_watches_done(void); /* no watch may be armed any more */

/* Watches that ended since the last call, oldest first; st_watch_settled() after a report. */
struct llist_node *st_watches_ended(void);
void st_watch_settled(struct st_watch *watch);
bool st_watches_are_settled(void); /* is nothing queued, and nothing about to be reported? */

/* Return: a watch with one reference, not armed; NULL without memory. Sleeps. */
struct st_watch *st_watch_new(struct pid *pid, u64 generation);
void st_watch_put(struct st_watch *watch);

/* From arm on its end is queued, at once if it ended before; until disarm returns. */
void st_watch_arm(struct st_watch *watch);
void st_watch_disarm(struct st_watch *watch);

#endif /* _SUPTREE_WATCH_H */
