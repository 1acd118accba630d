/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arguments of the running system call, for hooks that see an event but not its
 * bytes. This works only for native x86-64 calls. For others (32-bit calls, io_uring)
 * there is no payload, and a flag in the record says so.
 */
#ifndef ST_BPF_CALLER_H
#define ST_BPF_CALLER_H

#define IO_WORKER 0x10 /* PF_IO_WORKER of linux/sched.h */
#define COMPAT_CALL 0x2 /* TS_COMPAT of asm/thread_info.h */

/* asm/unistd_64.h */
enum call_number {
	CALL_READ = 0,
	CALL_WRITE = 1,
	CALL_READV = 19,
	CALL_WRITEV = 20,
	CALL_SENDTO = 44,
	CALL_RECVFROM = 45,
	CALL_SENDMSG = 46,
	CALL_RECVMSG = 47,
	CALL_PREADV2 = 327,
	CALL_PWRITEV2 = 328,
	CALL_IO_URING_ENTER = 426,
};

enum transfer {
	TRANSFER_NONE,
	TRANSFER_IN,
	TRANSFER_OUT
};

static __always_inline bool is_own_call(void)
{
	return !(bpf_get_current_task_btf()->thread_info.status & COMPAT_CALL);
}

/* Does a system call read or write what its first argument, a descriptor, is of? */
static __always_inline enum transfer transfer_of(struct pt_regs *regs)
{
	switch (regs->orig_ax) {
	case CALL_READ:
	case CALL_READV:
	case CALL_PREADV2:
		return is_own_call() ? TRANSFER_IN : TRANSFER_NONE;
	case CALL_WRITE:
	case CALL_WRITEV:
	case CALL_PWRITEV2:
		return is_own_call() ? TRANSFER_OUT : TRANSFER_NONE;
	default:
		return TRANSFER_NONE;
	}
}

/* The file of a descriptor of the running process; NULL: it is closed. */
static __always_inline struct file *file_of(__u32 fd)
{
	struct fdtable *table = bpf_get_current_task_btf()->files->fdt;
	struct file *file = NULL;

	if (fd >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	return file;
}

/* struct user_msghdr of linux/socket.h, as far as it matters */
struct message_header {
	__u64 name;
	__u64 name_len;
	__u64 segments;
	__u64 nr_segments;
};

static __always_inline void segments_of_message(__u64 address, struct source *source)
{
	struct message_header message;

	if (bpf_probe_read_user(&message, sizeof(message), (const void *)address))
		return;
	source->address = message.segments;
	source->nr_segments = message.nr_segments;
}

/*
 * Find the bytes of the running system call: source->address stays 0 if they are not
 * known. Returns the flag IO_URING if no system call sent or received them.
 */
static __always_inline __u16 find_buffer(struct source *source)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs;

	if (task->flags & IO_WORKER)
		return ST_FLAG_IO_URING;
	if (!is_own_call())
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	switch (regs->orig_ax) {
	case CALL_READ:
	case CALL_WRITE:
	case CALL_SENDTO:
	case CALL_RECVFROM:
		source->address = regs->si;
		return 0;
	case CALL_READV:
	case CALL_WRITEV:
	case CALL_PREADV2:
	case CALL_PWRITEV2:
		source->address = regs->si;
		source->nr_segments = regs->dx;
		return 0;
	case CALL_SENDMSG:
	case CALL_RECVMSG:
		segments_of_message(regs->si, source);
		return 0;
	case CALL_IO_URING_ENTER:
		return ST_FLAG_IO_URING;
	default:
		return 0;
	}
}

/* IO_URING if it is io_uring's doing, for hooks that know where the bytes are. */
static __always_inline __u16 by_worker(void)
{
	return find_buffer(&(struct source){ 0 }) & ST_FLAG_IO_URING;
}

#endif
