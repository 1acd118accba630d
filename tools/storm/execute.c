// SPDX-License-Identifier: GPL-2.0-only
/*
 * The executor of a storm: the processes as the effects describe them.
 *
 * It compares its own table with the effects of core: no child is spawned twice, only
 * living processes get signals, each death is reported once, and each request is
 * answered once.
 */
#include <signal.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "storm.h"

static void *or_exit(void *memory)
{
	if (!memory)
		exit(3); /* a storm can not go on without memory */
	return memory;
}

static uint64_t key_of(const struct st_child *child)
{
	return (uint64_t)(uintptr_t)child;
}

static void spawn(struct st_storm *storm, const struct st_effect *effect)
{
	struct st_process *process;

	if (st_map_get(&storm->by_child, key_of(effect->child))) {
		st_storm_break(storm, "a child is spawned while its last process lives");
		return;
	}
	if (effect->generation <= storm->last_generation)
		st_storm_break(storm, "a generation is used again [M4]");
	storm->last_generation = effect->generation;
	if (storm->nr_processes == storm->cap_processes) {
		storm->cap_processes = storm->cap_processes ? storm->cap_processes * 2 : 16;
		storm->processes = or_exit(st_realloc(
			storm->processes, storm->cap_processes * sizeof(*storm->processes)));
	}
	if (st_map_reserve(&storm->by_generation, storm->nr_processes + 1) ||
	    st_map_reserve(&storm->by_child, storm->nr_processes + 1))
		or_exit(NULL);
	process = or_exit(st_alloc(sizeof(*process)));
	process->generation = effect->generation;
	process->child = effect->child;
	process->index = storm->nr_processes;
	storm->processes[storm->nr_processes++] = process;
	st_map_put(&storm->by_generation, process->generation, process);
	st_map_put(&storm->by_child, key_of(process->child), process);
}

void st_process_end(struct st_storm *storm, struct st_process *process)
{
	struct st_process *last = storm->processes[--storm->nr_processes];

	storm->processes[process->index] = last;
	last->index = process->index;
	st_map_remove(&storm->by_generation, process->generation);
	st_map_remove(&storm->by_child, key_of(process->child));
	st_free(process);
}

static void send(struct st_storm *storm, const struct st_effect *effect)
{
	struct st_process *process = st_map_get(&storm->by_generation, effect->generation);

	if (!process) {
		st_storm_break(storm, "a signal for a process that does not live");
		return;
	}
	/* a stop may come while it shuts down because its probe has failed [X11] */
	if (process->killed ||
	    (effect->value == SIGTERM && process->termed && !effect->child->is_unhealthy))
		st_storm_break(storm, "a signal too much");
	if (effect->value == SIGKILL)
		process->killed = true;
	else
		process->termed = true;
}

static void started(struct st_storm *storm, const struct st_effect *effect)
{
	const struct st_process *process;

	process = st_map_get(&storm->by_generation, effect->generation);
	if (!effect->child->sup && (!process || !process->ready))
		st_storm_break(storm, "a child is ready that never said so [M2]");
}

static void reply(struct st_storm *storm, const struct st_effect *effect)
{
	if (!effect->token || effect->token > storm->nr_asked)
		st_storm_break(storm, "an answer to no request");
	else if (storm->answered[effect->token - 1])
		st_storm_break(storm, "a request is answered twice");
	else
		storm->nr_answered++;
	if (!storm->broken)
		storm->answered[effect->token - 1] = true;
}

/* A process that was reaped: exactly one effect must report it. */
static void check_end(struct st_storm *storm, uint64_t generation, const struct st_effects *effects)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < effects->nr; i++) {
		const struct st_effect *effect = &effects->items[i];

		if (effect->generation == generation &&
		    (effect->type == ST_FX_EXITED || effect->type == ST_FX_IGNORED ||
		     effect->type == ST_FX_DONE || effect->type == ST_FX_START_FAILED ||
		     effect->type == ST_FX_START_ABORTED))
			nr++;
	}
	if (nr != 1)
		st_storm_break(storm, nr ? "a death is told twice" : "a death is not told");
}

static void execute_one(struct st_storm *storm, const struct st_effect *effect)
{
	if (storm->halted && effect->type != ST_FX_REPLY)
		st_storm_break(storm, "something happens in a tree that has halted");
	switch (effect->type) {
	case ST_FX_SPAWN:
		spawn(storm, effect);
		break;
	case ST_FX_SIGNAL:
		send(storm, effect);
		break;
	case ST_FX_STARTED:
		started(storm, effect);
		break;
	case ST_FX_REMOVED:
		if (st_map_get(&storm->by_child, key_of(effect->child)))
			st_storm_break(storm, "a child is forgotten while its process lives");
		break;
	case ST_FX_REPLY:
		reply(storm, effect);
		break;
	case ST_FX_HALTED:
		storm->halted = true;
		if (storm->nr_processes)
			st_storm_break(storm, "the root ends before a process below it [G1]");
		break;
	case ST_FX_STARTING:
	case ST_FX_IGNORED:
	case ST_FX_DONE:
	case ST_FX_START_FAILED:
	case ST_FX_START_ABORTED:
	case ST_FX_EXITED:
	case ST_FX_REPORT:
	case ST_FX_ADDED:
	case ST_FX_DELAYED:
	case ST_FX_CHANGED:
	case ST_FX__MAX:
		break;
	}
}

/*
 * A dead process leaves the table between the event of its death and the effects: core
 * may spawn the next incarnation in the same step.
 */
void st_execute(struct st_storm *storm, const struct st_event *event,
		const struct st_effects *effects)
{
	struct st_process *process = NULL;

	if (event->type == ST_EV_EXITED || event->type == ST_EV_SPAWN_FAILED)
		process = st_map_get(&storm->by_generation, event->generation);
	if (process) {
		st_process_end(storm, process);
		check_end(storm, event->generation, effects);
	}
	for (uint32_t i = 0; i < effects->nr; i++)
		execute_one(storm, &effects->items[i]);
}

void st_execute_done(struct st_storm *storm)
{
	while (storm->nr_processes)
		st_process_end(storm, storm->processes[0]);
	st_free(storm->processes);
	st_map_done(&storm->by_generation);
	st_map_done(&storm->by_child);
}
