/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: when one is made (signal_generate, in the context of the sender) and when it
 * reaches its receiver (signal_deliver, in the receiver's context, before its handler or
 * its end). A blocked signal gets its second record when it is unblocked. A signal that
 * is taken by signalfd(2) or sigwait(3) is never delivered, and has no second record.
 */
#ifndef ST_BPF_SIGNAL_H
#define ST_BPF_SIGNAL_H

/* Instead of a siginfo the kernel may hand on SEND_SIG_NOINFO, which is NULL, or SEND_SIG_PRIV. */
#define INFO_KERNEL 1ul

/* asm-generic/siginfo.h: si_code of what no process has sent. */
#define CODE_TIMER (-2)
#define CODE_USER 0
#define CODE_QUEUE (-1)
#define CODE_TKILL (-6)
#define NUMBER_CHILD 17 /* SIGCHLD: its codes are above 0, but a process is the cause */

/*
 * For the verifier the argument is a pointer, one that may be NULL, or, since some
 * 6.12, a number, for it has special values: so it is compared with NULL alone, and
 * read by a helper that takes any address.
 */
#define READ(field) \
	({ \
		typeof(field) value = 0; \
		bpf_core_read(&value, sizeof(value), &(field)); \
		value; \
	})

static __always_inline int code_of(struct kernel_siginfo *info)
{
	if (!info)
		return CODE_USER;
	barrier_var(info);
	if ((unsigned long)info == INFO_KERNEL)
		return 128; /* SI_KERNEL, as the receiver will see it */
	return READ(info->si_code);
}

/* Made by the kernel itself: the process that runs on this CPU is not the sender. */
static __always_inline bool by_kernel(int number, int code)
{
	return code == CODE_TIMER || (code > 0 && number != NUMBER_CHILD);
}

static __always_inline bool blocks(struct task_struct *task, int number)
{
	return task->blocked.sig[0] & (1ull << (number - 1));
}

/* The sender may end before its record is read, as kill(1) always does. */
static __always_inline int emit_with_sender(struct st_record *header, struct task_struct *sender)
{
	char name[ST_NAME_SIZE];
	struct source source = {
		.address = (__u64)name,
		.len = sizeof(name),
		.is_kernel = true,
		.is_name = true,
	};

	if (!header->from)
		return emit(header, NULL);
	header->source = BPF_CORE_READ(sender, cred, uid.val);
	bpf_get_current_comm(name, sizeof(name));
	return emit(header, &source);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_sent, int number, struct kernel_siginfo *info, struct task_struct *task,
	     int group, int result)
{
	struct task_struct *sender = bpf_get_current_task_btf();
	struct st_record header = { .kind = ST_RECORD_SIGNAL, .action = ST_ACTION_SENT };

	if (!wants(ST_RECORD_SIGNAL) || (!is_watched(sender) && !is_watched(task)))
		return 0;
	header.detail = code_of(info);
	header.channel = number;
	header.extra = result;
	if (by_kernel(number, header.detail)) {
		header.flags |= ST_FLAG_KERNEL;
	} else {
		header.from = sender->tgid;
		header.from_tid = sender->pid;
	}
	header.to = task->tgid;
	header.to_tid = group ? 0 : task->pid;
	if (blocks(task, number))
		header.flags |= ST_FLAG_BLOCKED;
	if (result == ST_SIGNAL_IGNORED)
		header.flags |= ST_FLAG_IGNORED;
	return emit_with_sender(&header, sender);
}

/* The siginfo's pid is of the receiver's pid namespace: it is useful only in the first. */
static __always_inline __u32 told_sender(struct task_struct *receiver, struct kernel_siginfo *info)
{
	int code;

	if (!info)
		return 0;
	barrier_var(info);
	if ((unsigned long)info == INFO_KERNEL || receiver->thread_pid->level != 0)
		return 0;
	code = READ(info->si_code);
	if (code != CODE_USER && code != CODE_QUEUE && code != CODE_TKILL)
		return 0;
	return READ(info->_sifields._kill._pid);
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(signal_delivered, int number, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct task_struct *receiver = bpf_get_current_task_btf();
	struct st_record header = { .kind = ST_RECORD_SIGNAL, .action = ST_ACTION_DELIVERED };

	if (!wants(ST_RECORD_SIGNAL) || !is_watched(receiver))
		return 0;
	header.detail = code_of(info);
	header.channel = number;
	header.from = told_sender(receiver, info);
	header.to = receiver->tgid;
	header.to_tid = receiver->pid;
	if ((unsigned long)action->sa.sa_handler > 1) /* SIG_DFL 0, SIG_IGN 1 */
		header.flags |= ST_FLAG_HANDLED;
	if (by_kernel(number, header.detail))
		header.flags |= ST_FLAG_KERNEL;
	return emit(&header, NULL);
}

#endif
