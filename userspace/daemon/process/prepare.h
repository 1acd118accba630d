/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cloning ahead: while one child executes its program, the process of the next
 * child is made, and waits at its gate.
 *
 * OTP starts children one after the other, each after the one before is READY
 * [A1]. This rule is kept exactly: a process at the gate has executed nothing
 * and does not belong to a child yet. But when core asks for SPAWN, the clone
 * is already done, in the time of another processor. What core will ask for is
 * known then (st_sup_peek_start). If something else comes between, the cost is
 * one process that ends at its gate.
 *
 * This only makes starts faster, and can be taken out. Outside this file it
 * consists of three calls (st_process_start(), on_end() in process.c, and
 * effects.c), ->is_prepared, and the pause in st_processes_spin().
 */
#ifndef ST_DAEMON_PROCESS_PREPARE_H
#define ST_DAEMON_PROCESS_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/effect.h"

struct st_child;
struct st_process;
struct st_processes;

/* The process that is cloned ahead. */
struct st_prepared {
	struct st_process *process; /* at its gate, or NULL */
	const struct st_child *child; /* the child that it is meant for; compared, never followed */
	uint64_t after; /* generation of the start that it waits for */
};

/**
 * st_prepare_take() - use the prepared process for the child that core starts
 * @processes: the processes
 * @child: STARTING, with a new generation
 *
 * Return: true if it was made for this child; it goes on to exec. False if the
 * process must be made in the ordinary way; a process prepared for another
 * child was abandoned.
 */
bool st_prepare_take(struct st_processes *processes, const struct st_child *child);

/**
 * st_prepare_next() - after a step: make a process ahead
 * @processes: the processes
 * @effects: of the step; its last SPAWN is the start to wait for
 * @now_ns: monotonic time
 */
void st_prepare_next(struct st_processes *processes, const struct st_effects *effects,
		     uint64_t now_ns);

/**
 * st_prepare_ended() - note that a process that was cloned ahead has been reaped
 * @process: at its gate, or abandoned there
 */
void st_prepare_ended(struct st_process *process);

#endif
