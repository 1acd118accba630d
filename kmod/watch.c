// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches on processes, see watch.h.
 *
 * Locking: the wake function runs in do_notify_parent(), with tasklist_lock and
 * the wait queue's lock held and interrupts off. So it takes no lock, allocates
 * nothing and reads what cannot change any more; the queue is an llist.
 */
#include "watch.h"

#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/ktime.h>

static LLIST_HEAD(ended_watches);
static atomic_t nr_unsettled; /* ends that were seen and not yet reported */
static struct workqueue_struct *workqueue;
static struct work_struct ended_work;

int st_watches_init(work_func_t ended)
{
	workqueue = alloc_ordered_workqueue("suptree", 0);
	if (!workqueue)
		return -ENOMEM;
	INIT_WORK(&ended_work, ended);
	return 0;
}

void st_watches_done(void)
{
	struct st_watch *watch, *next;

	destroy_workqueue(workqueue); /* what was queued is done first */
	llist_for_each_entry_safe(watch, next, st_watches_ended(), queued)
		st_watch_settled(watch);
}

struct llist_node *st_watches_ended(void)
{
	return llist_reverse_order(llist_del_all(&ended_watches));
}

void st_watch_settled(struct st_watch *watch)
{
	atomic_dec(&nr_unsettled);
	st_watch_put(watch);
}

bool st_watches_are_settled(void)
{
	return !atomic_read(&nr_unsettled);
}

/* Any context. The exit of a process is queued once, whichever caller sees it first. */
static void queue_end(struct st_watch *watch, int status)
{
	if (atomic_cmpxchg(&watch->has_ended, 0, 1))
		return;
	watch->status = status;
	watch->end_ns = ktime_get_boottime_ns();
	refcount_inc(&watch->ref); /* of the code that takes it off the queue */
	atomic_inc(&nr_unsettled);
	if (llist_add(&watch->queued, &ended_watches))
		queue_work(workqueue, &ended_work);
}

/* As wait_task_zombie() makes it. */
static int wait_status(const struct task_struct *leader)
{
	const struct signal_struct *signal = leader->signal;

	return signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
}

/*
 * A leader may end before its threads, and from 6.9 on the queue is woken then
 * too: only an empty group is the end of the process.
 */
static void queue_if_ended(struct st_watch *watch)
{
	struct task_struct *leader;

	rcu_read_lock();
	leader = pid_task(watch->pid, PIDTYPE_TGID);
	if (!leader)
		queue_end(watch, ST_STATUS_NONE);
	else if (READ_ONCE(leader->exit_state) && thread_group_empty(leader))
		queue_end(watch, wait_status(leader));
	rcu_read_unlock();
}

static int woken(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	queue_if_ended(container_of(wait, struct st_watch, wait));
	return 0;
}

struct st_watch *st_watch_new(struct pid *pid, u64 generation)
{
	struct st_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL_ACCOUNT);

	if (!watch)
		return NULL;
	refcount_set(&watch->ref, 1);
	watch->pid = get_pid(pid);
	watch->generation = generation;
	watch->status = ST_STATUS_NONE;
	init_waitqueue_func_entry(&watch->wait, woken);
	return watch;
}

/* Readers find a watch under RCU, and give up if its last reference was dropped. */
void st_watch_put(struct st_watch *watch)
{
	if (!watch || !refcount_dec_and_test(&watch->ref))
		return;
	put_pid(watch->pid);
	kfree_rcu(watch, rcu);
}

void st_watch_arm(struct st_watch *watch)
{
	add_wait_queue(&watch->pid->wait_pidfd, &watch->wait);
	/* It may have ended, and even been reaped, before anybody could wake us. */
	queue_if_ended(watch);
}

void st_watch_disarm(struct st_watch *watch)
{
	remove_wait_queue(&watch->pid->wait_pidfd, &watch->wait);
}
