/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Message queues: POSIX's (mq_overview(7)) and System V's (sysvipc(7)). They are not
 * first in, first out (priorities, types), so their messages have no place.
 */
#ifndef ST_BPF_QUEUE_H
#define ST_BPF_QUEUE_H

#define PRIORITY_UNKNOWN (-1)

static __always_inline int mqueue_moved(int fd, bool sent, __u64 address, __u32 len, int priority)
{
	struct st_record header = { .kind = ST_RECORD_MQUEUE, .size = len, .detail = priority };
	struct source source = { .address = address, .len = len };
	struct object object = { 0 };
	struct file *file = file_of(fd);
	struct inode *inode;

	if (!file)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	object.address = (__u64)inode;
	object.number = header.channel = BPF_CORE_READ(inode, i_ino);
	if (!object_moved(&object, sent, &header))
		return 0;
	return sent || !header.from ? emit(&header, &source) : emit(&header, NULL);
}

/* Of a message that has been received; the caller need not ask for it. */
static __always_inline int priority_at(__u64 address)
{
	__u32 priority;

	if (!address || bpf_probe_read_user(&priority, sizeof(priority), (const void *)address))
		return PRIORITY_UNKNOWN;
	return priority;
}

SEC("fexit/do_mq_timedsend")
int BPF_PROG(mqueue_sent, int fd, const char *bytes, size_t len, unsigned int priority, void *until,
	     int result)
{
	if (result || !wants(ST_RECORD_MQUEUE))
		return 0;
	return mqueue_moved(fd, true, (__u64)bytes, len, priority);
}

SEC("fexit/do_mq_timedreceive")
int BPF_PROG(mqueue_recvd, int fd, char *bytes, size_t len, unsigned int *priority, void *until,
	     int result)
{
	if (result < 0 || !wants(ST_RECORD_MQUEUE))
		return 0;
	return mqueue_moved(fd, false, (__u64)bytes, result, priority_at((__u64)priority));
}

/* asm/unistd_64.h */
#define CALL_MSGSND 69
#define CALL_MSGRCV 70
#define CALL_MQ_SEND 242
#define CALL_MQ_RECEIVE 243

SEC("tp_btf/sys_exit")
int BPF_PROG(mqueue_call, struct pt_regs *regs, long result)
{
	if (result < 0 || !wants(ST_RECORD_MQUEUE))
		return 0;
	if (regs->orig_ax == CALL_MQ_SEND && is_own_call())
		return mqueue_moved(regs->di, true, regs->si, regs->dx, regs->r10);
	if (regs->orig_ax == CALL_MQ_RECEIVE && is_own_call())
		return mqueue_moved(regs->di, false, regs->si, result, priority_at(regs->r10));
	return 0;
}

/* @buffer: struct msgbuf: the type, a long, and the bytes */
static __always_inline int sysv_moved(int queue, bool sent, __u64 buffer, __u32 len)
{
	struct st_record header = { .kind = ST_RECORD_SYSV, .size = len, .channel = queue };
	struct source source = { .address = buffer + sizeof(long), .len = len };
	struct object object = { .address = (__u32)queue, .number = ST_RECORD_SYSV };
	long type = 0;

	if (!object_moved(&object, sent, &header))
		return 0;
	bpf_probe_read_user(&type, sizeof(type), (const void *)buffer);
	header.detail = type;
	return sent || !header.from ? emit(&header, &source) : emit(&header, NULL);
}

SEC("fexit/do_msgsnd")
int BPF_PROG(sysv_sent, int queue, long type, void *bytes, size_t len, int flags, long result)
{
	if (result || !wants(ST_RECORD_SYSV))
		return 0;
	return sysv_moved(queue, true, (__u64)bytes - sizeof(long), len);
}

SEC("fexit/do_msgrcv")
int BPF_PROG(sysv_recvd, int queue, void *buffer, size_t room, long type, int flags, void *fill,
	     long result)
{
	if (result < 0 || !wants(ST_RECORD_SYSV))
		return 0;
	return sysv_moved(queue, false, (__u64)buffer, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sysv_call, struct pt_regs *regs, long result)
{
	if (result < 0 || !wants(ST_RECORD_SYSV))
		return 0;
	if (regs->orig_ax == CALL_MSGSND && is_own_call())
		return sysv_moved(regs->di, true, regs->si, regs->dx);
	if (regs->orig_ax == CALL_MSGRCV && is_own_call())
		return sysv_moved(regs->di, false, regs->si, result);
	return 0;
}

#endif
