/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holding back who writes faster than a log takes it.
 *
 * Before it reads, the reader of a pipe asks the gate of the log that the lines
 * go to (output_pipes.c). At a closed one it is noted and called when the gate
 * opens; meanwhile the pipe fills, and the child waits in its own write(2), as
 * with any slow reader. Nobody else does.
 *
 *	open --too much waits--> closed --ST_LOG_HOLD_NS--> forced
 *	  ^                         |                         |
 *	  +----the log has taken what waited, or some of it----+
 *
 * A log that takes nothing for so long (a disk that hangs, a stuck journald)
 * does not hold the child any longer: it is forced open, and lines are lost.
 */
#ifndef ST_DAEMON_OUTPUT_LOG_GATE_H
#define ST_DAEMON_OUTPUT_LOG_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "loop/deadline.h"
#include "loop/ring.h"

#define ST_LOG_HOLD_NS ST_NSEC_PER_SEC

/* Somebody at a gate; embedded, all zero or initialised. */
struct st_log_waiter {
	struct st_list link; /* in gate->waiters, or in none */
	void (*go_on)(struct st_log_waiter *waiter);
};

struct st_log_gate {
	struct st_list waiters;
	struct st_log_gates *gates; /* while somebody waits */
	struct st_list link; /* in gates->closed, while somebody waits */
	uint64_t deadline_ns; /* when it is forced: of the first who waits */
	bool is_forced;
};

/* The gates that somebody waits at, in the order in which they were closed. */
struct st_log_gates {
	struct st_list closed;
	struct st_deadline deadline; /* of the first of them */
};

/**
 * st_log_gates_init() - no gate is closed
 * @gates: filled in
 * @ring: waits for the moment at which a gate must be forced
 *
 * Return: 0 or -ENOMEM.
 */
int st_log_gates_init(struct st_log_gates *gates, struct st_ring *ring) __must_check;
void st_log_gates_done(struct st_log_gates *gates);
void st_log_gate_init(struct st_log_gate *gate);

/**
 * st_log_gate_wait() - be called when the gate opens
 * @gates: all gates
 * @gate: closed, and not forced
 * @waiter: in no list; removed from it by st_list_del() if it goes away
 */
void st_log_gate_wait(struct st_log_gates *gates, struct st_log_gate *gate,
		      struct st_log_waiter *waiter);

/**
 * st_log_gate_open() - call all who wait
 * @gate: not forced any more after that
 */
void st_log_gate_open(struct st_log_gate *gate);

#endif
