// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that a request names, see process.h.
 *
 * A number may be another process's by the time it is looked up. Not so a child of
 * the sender's: as long as he has not waited for it, its number stays its own. So
 * other processes are refused, and no pidfd is needed, which a module could not
 * resolve anyway.
 */
#include "process.h"

#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/suptree.h>
#include <net/genetlink.h>

#include "watch.h"

static int check_child(struct pid *pid)
{
	struct task_struct *task;
	int err = 0;

	rcu_read_lock();
	task = pid_task(pid, PIDTYPE_TGID);
	if (!task)
		err = -ESRCH;
	else if (!same_thread_group(rcu_dereference(task->real_parent), current))
		err = -ECHILD;
	rcu_read_unlock();
	return err;
}

struct st_watch *st_process_of(struct genl_info *info)
{
	struct nlattr *number = info->attrs[SUPTREE_A_PID];
	struct nlattr *generation = info->attrs[SUPTREE_A_GENERATION];
	struct st_watch *watch = NULL;
	struct pid *pid;
	int err = -ESRCH;

	if (!number || !nla_get_u32(number))
		return NULL;
	pid = find_get_pid(nla_get_u32(number)); /* of the sender's namespace */
	if (pid)
		err = check_child(pid);
	if (err == -ESRCH)
		NL_SET_ERR_MSG_ATTR(info->extack, number, "PID: no such process");
	else if (err)
		NL_SET_ERR_MSG_ATTR(info->extack, number, "PID: not a child of the sender");
	else
		watch = st_watch_new(pid, generation ? nla_get_u64(generation) : 0);
	put_pid(pid);
	if (err)
		return ERR_PTR(err);
	return watch ?: ERR_PTR(-ENOMEM);
}
