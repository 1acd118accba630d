/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event counters (eventfd(2)), and signals that are taken by descriptor (signalfd(2)) or
 * by waiting (sigwaitinfo(2)), for which signal_deliver does not run.
 *
 * A counter adds up what is written. So its messages have a value, but no place.
 */
#ifndef ST_BPF_EVENTFD_H
#define ST_BPF_EVENTFD_H

#define ANONYMOUS_MAGIC 0x09041934 /* linux/magic.h: all of them share one inode */

static __always_inline int eventfd_moved(struct eventfd_ctx *counter, bool sent, __u64 value,
					 __u16 flags)
{
	struct st_record header = {
		.kind = ST_RECORD_EVENTFD, .size = sizeof(value), .offset = value, .flags = flags
	};
	struct object object = { 0 };

	object.address = (__u64)counter;
	object.number = header.channel = BPF_CORE_READ(counter, id);
	return object_moved(&object, sent, &header) ? emit(&header, NULL) : 0;
}

SEC("fexit/eventfd_write")
int BPF_PROG(eventfd_sent, struct file *file, const char *buffer, size_t len, loff_t *place,
	     long result)
{
	__u64 value = 0;

	if (result <= 0 || !wants(ST_RECORD_EVENTFD))
		return 0;
	bpf_probe_read_user(&value, sizeof(value), buffer);
	return eventfd_moved(file->private_data, true, value, by_worker());
}

SEC("fexit/eventfd_read")
int BPF_PROG(eventfd_recvd, struct kiocb *call, struct iov_iter *iter, long result)
{
	struct source source = { 0 };
	struct segment segment;
	__u64 value = 0;

	if (result <= 0 || !wants(ST_RECORD_EVENTFD))
		return 0;
	find_done(iter, result, &source);
	if (source.nr_segments && !read_at(&segment, sizeof(segment), source.address, true))
		source.address = segment.base + source.skip;
	bpf_probe_read_user(&value, sizeof(value), (const void *)source.address);
	return eventfd_moved(call->ki_filp->private_data, false, value, by_worker());
}

/* Is it a file without a place, and of that name? @name has 8 bytes, and no 0. */
static __always_inline bool is_anonymous(struct file *file, __u64 name)
{
	const unsigned char *own;
	__u64 begin = 0;

	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != ANONYMOUS_MAGIC)
		return false;
	own = BPF_CORE_READ(file, f_path.dentry, d_name.name);
	bpf_probe_read_kernel(&begin, sizeof(begin), own);
	return begin == name;
}

#define NAME_EVENTFD 0x6466746e6576655bull /* "[eventfd", as a number */
#define NAME_SIGNALFD 0x666c616e6769735bull /* "[signalf" */

/* The first bytes of what a system call has read or written, of the first segment. */
static __always_inline bool read_buffer(void *to, __u32 len)
{
	struct source source = { 0 };
	struct segment segment;

	find_buffer(&source);
	if (source.nr_segments && !read_at(&segment, sizeof(segment), source.address, false))
		source.address = segment.base;
	return source.address && !bpf_probe_read_user(to, len, (const void *)source.address);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(eventfd_call, struct pt_regs *regs, long result)
{
	enum transfer transfer;
	struct file *file;
	__u64 value = 0;

	if (result != sizeof(value) || !wants(ST_RECORD_EVENTFD))
		return 0;
	transfer = transfer_of(regs);
	if (transfer == TRANSFER_NONE)
		return 0;
	file = file_of(regs->di);
	if (!file || !is_anonymous(file, NAME_EVENTFD))
		return 0;
	read_buffer(&value, sizeof(value));
	return eventfd_moved(BPF_CORE_READ(file, private_data), transfer == TRANSFER_OUT, value, 0);
}

/* The begin of struct signalfd_siginfo of linux/signalfd.h. */
struct taken_signal {
	__u32 number;
	__s32 error;
	__s32 code;
	__u32 pid;
};

/* Codes that name a process are the same wherever a siginfo is. */
static __always_inline int signal_taken(const struct taken_signal *taken)
{
	struct st_record header = { .kind = ST_RECORD_SIGWAIT,
				    .channel = taken->number,
				    .detail = taken->code };
	struct task_struct *receiver = bpf_get_current_task_btf();

	if (!is_watched(receiver))
		return 0;
	header_received(&header);
	if (receiver->thread_pid->level == 0 &&
	    (taken->code == CODE_USER || taken->code == CODE_QUEUE || taken->code == CODE_TKILL))
		header.from = taken->pid;
	if (by_kernel(taken->number, taken->code))
		header.flags |= ST_FLAG_KERNEL;
	return emit(&header, NULL);
}

static __always_inline int signal_dequeued(__u64 mask, struct kernel_siginfo *info, int number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct taken_signal taken = { .number = number };

	/* the kernel delivers a signal that is not blocked: signal_delivered records it */
	if (number <= 0 || !wants(ST_RECORD_SIGWAIT) || mask == (__u64)&task->blocked)
		return 0;
	taken.code = READ(info->si_code);
	taken.pid = READ(info->_sifields._kill._pid);
	return signal_taken(&taken);
}

SEC("fexit/dequeue_signal")
int BPF_PROG(sigwait_3, sigset_t *mask, struct kernel_siginfo *info, void *type, int number)
{
	return signal_dequeued((__u64)mask, info, number);
}

SEC("fexit/dequeue_signal")
int BPF_PROG(sigwait_4, struct task_struct *task, sigset_t *mask, struct kernel_siginfo *info,
	     void *type, int number)
{
	return signal_dequeued((__u64)mask, info, number);
}

#define CODE_UNKNOWN 128 /* SI_KERNEL, which has no sender */
#define CALL_SIGTIMEDWAIT 128
#define TAKEN_MAX 16 /* signals of one read(2) that are recorded */
#define TAKEN_SIZE 128 /* of struct signalfd_siginfo */

/* Without a siginfo, which the caller need not ask for, nothing is known but the number. */
static __always_inline int signal_waited_for(struct pt_regs *regs, long number)
{
	struct taken_signal taken = { 0 };

	if (!is_own_call())
		return 0;
	/* a siginfo begins in the same way, but has a gap before the pid */
	bpf_probe_read_user(&taken, sizeof(taken), (const void *)regs->si);
	bpf_probe_read_user(&taken.pid, sizeof(taken.pid), (const void *)(regs->si + 16));
	if (!regs->si)
		taken.code = CODE_UNKNOWN;
	taken.number = number;
	return signal_taken(&taken);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sigwait_call, struct pt_regs *regs, long result)
{
	struct file *file;

	if (result <= 0 || !wants(ST_RECORD_SIGWAIT))
		return 0;
	if (regs->orig_ax == CALL_SIGTIMEDWAIT)
		return signal_waited_for(regs, result);
	if (result % TAKEN_SIZE || regs->orig_ax != CALL_READ || !is_own_call())
		return 0;
	file = file_of(regs->di);
	if (!file || !is_anonymous(file, NAME_SIGNALFD))
		return 0;
	for (int i = 0; i < TAKEN_MAX && i * TAKEN_SIZE < result; i++) {
		struct taken_signal taken;

		if (bpf_probe_read_user(&taken, sizeof(taken),
					(const void *)(regs->si + i * TAKEN_SIZE)))
			break;
		signal_taken(&taken);
	}
	return 0;
}

#endif
