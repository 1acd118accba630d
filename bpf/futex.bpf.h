/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Futexes in shared memory: which process wakes which. A wake without a waiter is not
 * recorded, and neither is one in private memory, which stays inside one process.
 */
#ifndef ST_BPF_FUTEX_H
#define ST_BPF_FUTEX_H

/* asm/unistd_64.h; linux/futex.h */
#define CALL_FUTEX 202
#define FUTEX_WAKE 1
#define FUTEX_WAKE_BITSET 10
#define FUTEX_PRIVATE 128
#define FUTEX_COMMAND 127
#define KEY_SHARED 3 /* FUT_OFF_INODE, FUT_OFF_MMSHARED: bits of a key's offset */
#define KEY_INODE 1

/* For each waiter that is woken. */
SEC("fentry/futex_wake_mark")
int BPF_PROG(futex_woken, struct wake_q_head *queue, struct futex_q *waiter)
{
	struct st_record header = { .kind = ST_RECORD_FUTEX, .detail = 1 };
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *woken = waiter->task;
	__u32 shared = waiter->key.both.offset & KEY_SHARED;
	struct pt_regs *regs;

	if (!shared || !wants(ST_RECORD_FUTEX))
		return 0;
	if (!is_watched(task) && !(woken && is_watched(woken)))
		return 0;
	header_sent(&header);
	if (woken) {
		header.to = woken->tgid;
		header.to_tid = woken->pid;
	}
	if (shared & KEY_INODE)
		header.channel = header.source = waiter->key.shared.i_seq;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (is_own_call() && regs->orig_ax == CALL_FUTEX)
		header.offset = regs->di;
	return emit(&header, NULL);
}

/* For each call that wakes a process; the woken process is not known. */
SEC("tp_btf/sys_exit")
int BPF_PROG(futex_call, struct pt_regs *regs, long result)
{
	struct st_record header = { .kind = ST_RECORD_FUTEX, .detail = result };
	__u32 command = regs->si & FUTEX_COMMAND;

	if (regs->orig_ax != CALL_FUTEX || result <= 0 || !wants(ST_RECORD_FUTEX))
		return 0;
	if ((command != FUTEX_WAKE && command != FUTEX_WAKE_BITSET) || regs->si & FUTEX_PRIVATE)
		return 0;
	if (!is_own_call() || !is_watched(bpf_get_current_task_btf()))
		return 0;
	header_sent(&header);
	header.offset = regs->di;
	return emit(&header, NULL);
}

#endif
