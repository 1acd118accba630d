// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of a live process, see task.h. They are what /proc/PID/stat says, less
 * the run of a thread that is on a processor now: the scheduler adds that at its
 * next tick, and the function that would ask for it is not for modules.
 */
#include "task.h"

#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/time64.h>

/* @task holds its signal_struct as long as it is itself held. */
static u64 cpu_ns(struct task_struct *task)
{
	u64 sum_ns = READ_ONCE(task->signal->sum_sched_runtime); /* of threads that ended */
	struct task_struct *thread;

	rcu_read_lock();
	for_each_thread(task, thread)
		sum_ns += READ_ONCE(thread->se.sum_exec_runtime);
	rcu_read_unlock();
	return sum_ns;
}

static unsigned long rss_kb(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	unsigned long pages;

	if (!mm) /* it ends */
		return 0;
	pages = get_mm_rss(mm);
	mmput(mm);
	return pages << (PAGE_SHIFT - 10);
}

void st_task_read(struct pid *pid, struct st_task *ret_task)
{
	struct task_struct *task = pid ? get_pid_task(pid, PIDTYPE_TGID) : NULL;

	*ret_task = (struct st_task){ .state = '-' };
	if (!task)
		return;
	ret_task->state = task_state_to_char(task);
	ret_task->start_ns = task->start_boottime;
	ret_task->cpu_ms = div_u64(cpu_ns(task), NSEC_PER_MSEC);
	ret_task->rss_kb = rss_kb(task);
	put_task_struct(task);
}
