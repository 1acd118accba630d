// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts about a live process, see task.h. They are those of /proc/PID/stat, except the
 * current run of a thread that is on a processor now: the scheduler adds it at its next
 * tick, and modules cannot call the function that would add it before.
 */
#include "task.h"

#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/time64.h>

static u64 cpu_ns(struct task_struct *task)
{
	u64 sum_ns = READ_ONCE(task->signal->sum_sched_runtime); /* of threads that ended */
	struct task_struct *thread;

	for_each_thread(task, thread)
		sum_ns += READ_ONCE(thread->se.sum_exec_runtime);
	return sum_ns;
}

/* This lock is the cheapest way to keep an mm: exit and exec take it to drop the mm. */
static unsigned long rss_kb(struct task_struct *task)
{
	unsigned long pages;

	task_lock(task);
	pages = task->mm ? get_mm_rss(task->mm) : 0; /* NULL: it ends */
	task_unlock(task);
	return pages << (PAGE_SHIFT - 10);
}

void st_task_read(struct pid *pid, struct st_task *ret_task)
{
	struct task_struct *task;

	*ret_task = (struct st_task){ .state = '-' };
	rcu_read_lock(); /* holds the task, and its signal_struct */
	task = pid ? pid_task(pid, PIDTYPE_TGID) : NULL;
	if (task) {
		ret_task->state = task_state_to_char(task);
		ret_task->start_ns = task->start_boottime;
		ret_task->cpu_ms = div_u64(cpu_ns(task), NSEC_PER_MSEC);
		ret_task->rss_kb = rss_kb(task);
	}
	rcu_read_unlock();
}
