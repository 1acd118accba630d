/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holds back a child that writes faster than its log takes lines.
 *
 * Before it reads a pipe, the reader asks the gate of the log that the lines go
 * to (output_pipes.c). If the gate is closed, the reader is noted, and called
 * when the gate opens. Meanwhile the pipe fills, and the child waits in its own
 * write(2), as with any slow reader. Only that child waits.
 *
 *	open --too much waits--> closed --ST_LOG_HOLD_NS--> forced
 *	  ^                         |                         |
 *	  +----the log has taken what waited, or some of it----+
 *
 * If a log takes nothing for that time (a disk that hangs, a stuck journald),
 * the gate is forced open, the child goes on, and lines are lost.
 */
#ifndef ST_DAEMON_OUTPUT_LOG_GATE_H
#define ST_DAEMON_OUTPUT_LOG_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "loop/deadline.h"
#include "loop/ring.h"

#define ST_LOG_HOLD_NS ST_NSEC_PER_SEC

/* A reader at a gate; embedded; all zero or initialised. */
struct st_log_waiter {
	struct st_list link; /* in gate->waiters, or in none */
	void (*go_on)(struct st_log_waiter *waiter);
};

struct st_log_gate {
	struct st_list waiters;
	struct st_log_gates *gates; /* set while a reader waits */
	struct st_list link; /* in gates->closed, while a reader waits */
	uint64_t deadline_ns; /* when the gate is forced; set by the first reader that waits */
	bool is_forced;
};

/* The gates at which readers wait, in the order in which they were closed. */
struct st_log_gates {
	struct st_list closed;
	struct st_deadline deadline; /* of the first gate */
};

/**
 * st_log_gates_init() - make the set of gates, all of them open
 * @gates: filled in
 * @ring: waits for the time at which a gate must be forced
 *
 * Return: 0 or -ENOMEM.
 */
int st_log_gates_init(struct st_log_gates *gates, struct st_ring *ring) __must_check;
void st_log_gates_done(struct st_log_gates *gates);
void st_log_gate_init(struct st_log_gate *gate);

/**
 * st_log_gate_wait() - wait at a gate: have @waiter called when it opens
 * @gates: all gates
 * @gate: closed, and not forced
 * @waiter: in no list; its owner removes it by st_list_del() if it goes away
 */
void st_log_gate_wait(struct st_log_gates *gates, struct st_log_gate *gate,
		      struct st_log_waiter *waiter);

/**
 * st_log_gate_open() - open a gate, and call all who wait there
 * @gate: it is not forced any more after this
 */
void st_log_gate_open(struct st_log_gate *gate);

#endif
