/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the BPF programs send to the tracer: a record of 64 bytes in the ring, followed by
 * its payload; and counters of the records that were written or lost.
 *
 * bpf/suptree.bpf.c and userspace/tracer/ include this. It uses only the types of
 * vmlinux.h or <linux/types.h>, which must be included before. All numbers have the
 * machine's byte order; pids are those of the first pid namespace. For a process 0 means
 * "unknown": nothing here is guessed.
 */
#ifndef ST_BPF_RECORD_H
#define ST_BPF_RECORD_H

#define ST_RECORD_PAYLOAD_MAX 4096
#define ST_NAME_SIZE 16 /* of a process, with the 0: TASK_COMM_LEN of Linux */

/* Kinds: name in the enumeration, word in the output. */
#define ST_RECORD_KINDS(X) \
	X(SIGNAL, signal) \
	X(PROCESS, process) \
	X(UNIX, unix) \
	X(PIPE, pipe) \
	X(EVENTFD, eventfd) \
	X(SIGWAIT, sigwait) \
	X(MQUEUE, mqueue) \
	X(SYSV, sysv) \
	X(FUTEX, futex)

enum st_record_kind {
#define ST_RECORD_KIND(name, word) ST_RECORD_##name,
	ST_RECORD_KINDS(ST_RECORD_KIND)
#undef ST_RECORD_KIND
	ST_RECORD_KIND__MAX
};

/* What happened: name, word. */
#define ST_RECORD_ACTIONS(X) \
	X(SENT, sent) \
	X(DELIVERED, delivered) \
	X(RECEIVED, received) \
	X(FORK, fork) \
	X(EXEC, exec) \
	X(EXIT, exit) \
	X(MESSAGE, message) /* never in the ring: a SENT and its RECEIVED, joined */

enum st_record_action {
#define ST_RECORD_ACTION(name, word) ST_ACTION_##name,
	ST_RECORD_ACTIONS(ST_RECORD_ACTION)
#undef ST_RECORD_ACTION
	ST_ACTION__MAX
};

/* enum's values are bits of st_record.flags: name, bit, word. */
#define ST_RECORD_FLAGS(X) \
	X(TRUNCATED, 1, truncated) /* the payload is longer than what was kept */ \
	X(BLOCKED, 2, blocked) /* the receiver blocks this signal: it waits */ \
	X(IGNORED, 4, ignored) /* this signal will not be delivered */ \
	X(HANDLED, 8, handled) /* a function of the receiver runs */ \
	X(KERNEL, 16, kernel) /* no process did it: a timer, a fault, a terminal */ \
	X(NO_PAYLOAD, 32, no_payload) /* it, or a part of it, could not be read */ \
	X(GUESS, 64, guess) /* the other end is the last one that was seen there, a guess */ \
	X(PEEK, 128, peek) /* looked at, and left where it was */ \
	X(DGRAM, 256, dgram) /* of a unix socket; without this or the next: a stream */ \
	X(SEQPACKET, 512, seqpacket) \
	X(IO_URING, 1024, io_uring) /* not by a system call */

enum st_record_flag {
#define ST_RECORD_FLAG(name, bit, word) ST_FLAG_##name = (bit),
	ST_RECORD_FLAGS(ST_RECORD_FLAG)
#undef ST_RECORD_FLAG
};

/*
 * One record. What a field means for each action:
 *
 *             from            to                channel  detail            extra
 *   SENT      sender          receiver          signal   si_code           result, below
 *   DELIVERED sender if known receiver          signal   si_code           0
 *   FORK      parent          child             0        0                 0
 *   EXEC      the process     the process       0        0                 0
 *   EXIT      the process     its parent        0        wait(2)'s status  0
 *
 * The payload of EXEC is the file's name, without the final 0. The payload of a SENT
 * signal is its sender's name, ST_NAME_SIZE bytes, whatever the limit of payloads;
 * @source is its sender's user in the first user namespace. Without a sender there is no
 * name. A DELIVERED signal has a sender only if the siginfo names one and the receiver is
 * in the first pid namespace. FORK and EXIT are for processes, not for other threads.
 *
 * Messages are SENT and RECEIVED on a channel: the receiving end of a socket, or a pipe.
 *
 *   source    inode number of the sending end, as in /proc/PID/fd; 0: not known
 *   channel   inode number of the receiving end; 0: it is not accepted yet
 *   extra     the channel's serial number in this session; never used again
 *   offset    where the message begins in its channel: in bytes (streams), or as the
 *             number of messages before it. Both ends of a message have the same.
 *   detail    for RECEIVED: what is left in the queue: messages, or buffers of some bytes
 *
 * The other kinds have no place that both sides count, so they are not joined:
 *
 *             channel              offset              detail
 *   EVENTFD   the counter's id     its value           0
 *   MQUEUE    inode of the queue   0                   priority, -1: not known
 *   SYSV      msgget(2)'s number   0                   the message's type
 *   FUTEX     inode or 0           the word's address  how many were woken
 *   SIGWAIT   signal               0                   si_code
 *
 * A FUTEX is SENT to the woken process, if it is known, and only for shared memory. A
 * SIGWAIT is RECEIVED by the process that took a signal by signalfd(2) or sigwait(3).
 *
 * The acting process is known. The other one is 0, or with GUESS the last one that used
 * that end. SENT has the payload; RECEIVED has one only if no sender was seen there.
 */
struct st_record {
	__u64 time_ns; /* CLOCK_BOOTTIME */
	__u32 from;
	__u32 from_tid;
	__u32 to;
	__u32 to_tid;
	__u32 source;
	__u32 channel;
	__u64 offset;
	__u32 size; /* bytes of the message, however many were kept */
	__s32 detail;
	__u32 sequence; /* of this CPU, from 0; one that is missing is a loss */
	__u8 kind;
	__u8 action;
	__u16 flags;
	__u16 captured; /* bytes of payload after this header */
	__u16 cpu;
	__u32 extra;
};

/* st_record.extra of SENT: what became of the signal (TRACE_SIGNAL_* of the kernel). */
enum st_signal_result {
	ST_SIGNAL_DELIVERED,
	ST_SIGNAL_IGNORED,
	ST_SIGNAL_PENDING_ALREADY,
	ST_SIGNAL_OVERFLOW,
	ST_SIGNAL_INFO_LOST,
	ST_SIGNAL__MAX
};

/* Of one kind on one CPU. Generated events are the sum of all three. */
struct st_record_counter {
	__u64 emitted;
	__u64 dropped; /* the ring was full */
	__u64 limited; /* over the rate, or after the count or time to stop */
};

/* Bits of a task's word in the map `watched`; its threads are where their leader is. */
enum st_watch {
	ST_WATCH_ON = 1,
	ST_WATCH_CHILDREN = 2, /* its children are watched too, and their children */
	ST_WATCH_NEVER = 4, /* not even when everything is: the tracer itself */
};

#endif
