/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The senders of signals to children, as the tracer has seen them. The daemon
 * cannot see them itself.
 *
 * This is a small ring of fixed size. The tracer's reports add to it
 * (explain.c); why.c reads it. No decision depends on it.
 */
#ifndef ST_DAEMON_HISTORY_WITNESS_H
#define ST_DAEMON_HISTORY_WITNESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ST_WITNESS_KEPT 512
#define ST_WITNESS_NAME_SIZE 64

/**
 * struct st_seen_signal - one signal
 * @time_ns: monotonic time at which it was sent
 * @pid: of the process that it was sent to
 * @signo: its number
 * @sender: pid of the process that sent it; 0: the kernel
 * @uid: of the sender; -1: not known
 * @name: of the sender; "" if it is not known
 */
struct st_seen_signal {
	uint64_t time_ns;
	pid_t pid;
	int signo;
	pid_t sender;
	int64_t uid;
	char name[ST_WITNESS_NAME_SIZE];
};

struct st_witness {
	struct st_seen_signal items[ST_WITNESS_KEPT];
	uint64_t nr; /* signals added since the start */
};

static inline void st_witness_add(struct st_witness *witness, const struct st_seen_signal *seen)
{
	witness->items[witness->nr++ % ST_WITNESS_KEPT] = *seen;
}

/**
 * st_witness_find() - find the sender of a signal to a process
 * @witness: the ring
 * @pid: of the process
 * @signo: the signal
 * @from_ns: the process has existed since then, so the pid was its own from
 *	here ...
 * @to_ns: ... until here
 *
 * Return: the last such signal, borrowed; NULL if none is kept.
 */
static inline const struct st_seen_signal *st_witness_find(const struct st_witness *witness,
							   pid_t pid, int signo, uint64_t from_ns,
							   uint64_t to_ns)
{
	for (uint64_t i = witness->nr; i && i + ST_WITNESS_KEPT > witness->nr; i--) {
		const struct st_seen_signal *seen = &witness->items[(i - 1) % ST_WITNESS_KEPT];

		if (seen->pid == pid && seen->signo == signo && seen->time_ns >= from_ns &&
		    seen->time_ns <= to_ns)
			return seen;
	}
	return NULL;
}

#endif
