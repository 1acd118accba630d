// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last events, see ring.h. The lock is only for the time of a copy; references
 * are dropped after it.
 */
#include "ring.h"

#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "node.h"
#include "tree.h"

DECLARE_WAIT_QUEUE_HEAD(st_ring_wait);

static DEFINE_SPINLOCK(lock);
/* under the lock */
static struct st_record records[ST_RING_RECORDS];
static u64 last_serial;

static void record_get(struct st_record *record)
{
	st_tree_get(record->tree);
	if (record->node)
		st_node_get(record->node);
	get_pid(record->pid);
}

void st_record_put(struct st_record *record)
{
	if (!record->tree)
		return;
	put_pid(record->pid);
	st_node_put(record->node);
	st_tree_put(record->tree);
	record->tree = NULL;
}

void st_ring_add(const struct st_record *record)
{
	struct st_record *slot, oldest;

	spin_lock(&lock);
	slot = &records[++last_serial % ST_RING_RECORDS];
	oldest = *slot;
	*slot = *record;
	slot->serial = last_serial;
	record_get(slot);
	spin_unlock(&lock);
	st_record_put(&oldest);
	wake_up_poll(&st_ring_wait, EPOLLIN | EPOLLRDNORM);
}

u64 st_ring_last(void)
{
	u64 serial;

	spin_lock(&lock);
	serial = last_serial;
	spin_unlock(&lock);
	return serial;
}

bool st_ring_read(u64 serial, struct st_record *ret_record)
{
	bool is_there;

	spin_lock(&lock);
	if (last_serial >= ST_RING_RECORDS)
		serial = max(serial, last_serial - ST_RING_RECORDS + 1);
	is_there = serial && serial <= last_serial;
	if (is_there) {
		*ret_record = records[serial % ST_RING_RECORDS];
		record_get(ret_record);
	}
	spin_unlock(&lock);
	return is_there;
}

/*
 * Removing the files has ended all calls into them. But poll(2) and epoll still have
 * entries on our queue, which goes away with the module. A process that sleeps in
 * poll(2) is woken, finds that its descriptor has no file any more, and removes its
 * entry. epoll, aio and io_uring remove theirs at once when they get POLLFREE, but may
 * read the queue for one more RCU grace period.
 */
static void end_polling(void)
{
	/* no barrier: no entry can be added any more, they are only removed */
	while (waitqueue_active(&st_ring_wait)) {
		__wake_up(&st_ring_wait, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | POLLFREE));
		schedule_timeout_uninterruptible(1);
	}
	synchronize_rcu();
}

void st_ring_done(void)
{
	unsigned int i;

	end_polling();
	for (i = 0; i < ST_RING_RECORDS; i++)
		st_record_put(&records[i]);
}
