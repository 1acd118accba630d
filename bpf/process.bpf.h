/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes: fork, exec, exit. Also the inheritance of the watch word (watch.bpf.h),
 * which is needed for all kinds.
 */
#ifndef ST_BPF_PROCESS_H
#define ST_BPF_PROCESS_H

#define GROUP_EXIT 4 /* SIGNAL_GROUP_EXIT of linux/sched/signal.h */

static __always_inline void inherit(struct task_struct *parent, struct task_struct *child)
{
	__u32 word = watch_word(parent);

	if (!(word & ST_WATCH_CHILDREN))
		return;
	if (!bpf_task_storage_get(&watched, child, &word, BPF_LOCAL_STORAGE_GET_F_CREATE))
		__sync_fetch_and_add(&nr_unwatched_children, 1);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct st_record header = { .kind = ST_RECORD_PROCESS, .action = ST_ACTION_FORK };

	if (child->pid != child->tgid)
		return 0; /* a thread: where its leader is, it is */
	inherit(parent, child);
	if (!wants(ST_RECORD_PROCESS) || !is_watched(parent))
		return 0;
	header.from = parent->tgid;
	header.from_tid = parent->pid;
	header.to = child->tgid;
	header.to_tid = child->pid;
	return emit(&header, NULL);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct st_record header = { .kind = ST_RECORD_PROCESS, .action = ST_ACTION_EXEC };
	char name[256];
	struct source source = { .address = (__u64)name, .is_kernel = true };

	if (!wants(ST_RECORD_PROCESS) || !is_watched(task))
		return 0;
	header.from = header.to = task->tgid;
	header.from_tid = header.to_tid = task->pid;
	long len = bpf_probe_read_kernel_str(name, sizeof(name), program->filename);

	source.len = len > 0 ? len - 1 : 0;
	header.size = source.len;
	return emit(&header, &source);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	struct st_record header = { .kind = ST_RECORD_PROCESS, .action = ST_ACTION_EXIT };
	struct signal_struct *process = task->signal;

	if (!wants(ST_RECORD_PROCESS) || process->live.counter != 0 || !is_watched(task))
		return 0;
	header.from = task->tgid;
	header.from_tid = task->pid;
	header.to = task->real_parent->tgid;
	header.detail = process->flags & GROUP_EXIT ? process->group_exit_code :
						      task->group_leader->exit_code;
	return emit(&header, NULL);
}

#endif
