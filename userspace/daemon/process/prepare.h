/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cloning ahead: while one child executes its program, the process of the next
 * one is made, and waits at its gate.
 *
 * OTP starts children one after the other, each READY before the next [A1].
 * That is kept to the letter: a process at the gate has executed nothing and
 * is nobody's child yet. But the clone is done, on another processor's time,
 * when core says SPAWN. What core will say it knows by then (st_sup_peek_start);
 * what comes between costs one process that ends at its gate.
 *
 * It is only speed, and can be taken out: what remains of it elsewhere is three calls
 * (st_process_start(), on_end() in process.c, and effects.c), ->is_prepared, and the
 * pause in st_processes_spin().
 */
#ifndef ST_DAEMON_PROCESS_PREPARE_H
#define ST_DAEMON_PROCESS_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/effect.h"

struct st_child;
struct st_process;
struct st_processes;

/* The one that is cloned ahead. */
struct st_prepared {
	struct st_process *process; /* at its gate, or NULL */
	const struct st_child *child; /* whose it may become; compared, never followed */
	uint64_t after; /* generation of the start that it waits for */
};

/**
 * st_prepare_take() - let the prepared process be the one that core wants
 * @processes: the processes
 * @child: STARTING, with a new generation
 *
 * Return: true if it was the right one and is on its way; false: it is to be
 * made in the ordinary way, and a wrong one was abandoned.
 */
bool st_prepare_take(struct st_processes *processes, const struct st_child *child);

/**
 * st_prepare_next() - after a step: make a process ahead
 * @processes: the processes
 * @effects: of the step; its last SPAWN is whom one waits for
 * @now_ns: monotonic time
 */
void st_prepare_next(struct st_processes *processes, const struct st_effects *effects,
		     uint64_t now_ns);

/**
 * st_prepare_ended() - a process that was cloned ahead has been reaped
 * @process: at its gate, or abandoned there
 */
void st_prepare_ended(struct st_process *process);

#endif
