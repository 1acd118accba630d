// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends the starts that hold up the stop of the daemon. See held_start.h.
 */
#include "daemon/process/held_start.h"

#include <signal.h>

#include "base/alloc.h"
#include "core/step.h"
#include "daemon/log.h"
#include "daemon/process/process.h"
#include "loop/ring.h"

#define MAX_AT_ONCE 64 /* found in one search: asking one may change the tree */

struct st_held_start {
	struct st_process *process; /* owns it */
	struct st_deadline patience;
};

static void on_patience(struct st_deadline *deadline)
{
	struct st_held_start *held = container_of(deadline, struct st_held_start, patience);
	struct st_processes *processes = held->process->processes;
	uint64_t generation = held->process->generation;
	const struct st_child *child = st_tree_find_generation(processes->tree, generation);

	/* If it is ready after all, core stops it, and it has the patience of that stop. */
	if (child && child->state == ST_CHILD_STARTING)
		st_process_signal(processes, generation, SIGKILL);
}

/* Return: false without memory. */
static bool wait_patiently(struct st_process *process, uint32_t timeout_ms)
{
	struct st_held_start *held = st_alloc(sizeof(*held));

	if (!held || st_deadline_init(&held->patience, process->processes->ring, on_patience)) {
		st_free(held);
		return false;
	}
	held->process = process;
	process->held = held;
	st_deadline_set(&held->patience, st_clock_ns() + timeout_ms * ST_NSEC_PER_MSEC);
	return true;
}

/* As core stops a child [G2] [G3] [G4]; without memory for the patience there is none. */
static void ask(struct st_process *process)
{
	const struct st_shutdown *shutdown = &process->spec->def.shutdown;
	struct st_processes *processes = process->processes;
	uint64_t generation = process->generation;
	bool is_patient = shutdown->type == ST_SHUTDOWN_INFINITY ||
			  (shutdown->type == ST_SHUTDOWN_TIMEOUT && shutdown->timeout_ms);

	if (shutdown->type == ST_SHUTDOWN_TIMEOUT && shutdown->timeout_ms)
		is_patient = wait_patiently(process, shutdown->timeout_ms);
	if (shutdown->type != ST_SHUTDOWN_BRUTAL_KILL)
		st_process_signal(processes, generation,
				  st_stop_signal(&process->spec->def.process));
	if (!is_patient)
		st_process_signal(processes, generation, SIGKILL);
}

static void say(const struct st_child *child)
{
	struct st_buf path = ST_BUF_INIT;

	st_child_write_path(child, &path);
	st_log("the start of %s holds up the stop: it is asked to end",
	       st_buf_error(&path) ? "a child" : st_buf_text(&path));
	st_buf_done(&path);
}

static void end_one(struct st_processes *processes, uint64_t generation)
{
	const struct st_child *child = st_tree_find_generation(processes->tree, generation);
	struct st_process *process = st_process_find(processes, generation);

	if (!child || !process)
		return; /* the end of another one has ended it, too */
	say(child);
	if (st_pidref_is_set(&process->ref))
		ask(process);
	else
		st_process_signal(processes, generation, SIGKILL); /* it waits for a slot */
}

bool st_held_starts_end(struct st_processes *processes)
{
	const struct st_child *child = st_tree_next_held(processes->tree, NULL);
	uint64_t generations[MAX_AT_ONCE];
	unsigned int nr = 0;

	for (; child && nr < MAX_AT_ONCE; child = st_tree_next_held(processes->tree, child)) {
		struct st_process *process = st_process_find(processes, child->generation);

		if (!process || process->is_held)
			continue;
		process->is_held = true;
		generations[nr++] = child->generation;
	}
	for (unsigned int i = 0; i < nr; i++)
		end_one(processes, generations[i]);
	return nr;
}

void st_held_start_forget(struct st_process *process)
{
	if (!process->held)
		return;
	st_deadline_done(&process->held->patience);
	st_free(process->held);
	process->held = NULL;
}
