// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clones one process ahead of its turn. See prepare.h.
 */
#include "daemon/process/prepare.h"

#include "core/step.h"
#include "daemon/process/launch.h"
#include "daemon/process/process_internal.h"

/* Return: NULL if the process cannot be made now. */
static struct st_process *make(struct st_processes *processes, const struct st_child *child,
			       uint64_t generation)
{
	struct st_process *process;

	if (!st_list_is_empty(&processes->queue))
		return NULL;
	process = st_process_new(processes, child->spec, generation);
	if (!process)
		return NULL;
	process->is_prepared = true;
	if (st_launch_begin(process, child, ST_SPAWN_GATE_CLOSED)) {
		st_process_forget(process); /* the ordinary start reports the error */
		return NULL;
	}
	st_process_watch(process);
	return process;
}

/* The prepared process is the one that core wants: let it exec. */
static void adopt(struct st_process *process)
{
	process->is_prepared = false;
	st_map_put(&process->processes->by_generation, process->generation, process);
	st_spawn_release(process->launch->spawn);
	st_process_await_exec(process);
}

static void abandon(struct st_processes *processes)
{
	struct st_process *process = processes->prepared.process;

	processes->prepared.process = NULL;
	if (!process || !process->launch || !process->launch->spawn)
		return;
	st_launch_discard(process);
	st_spawn_abandon(process->launch->spawn); /* the end of the process finishes the spawn */
}

void st_prepare_ended(struct st_process *process)
{
	struct st_prepared *prepared = &process->processes->prepared;

	if (prepared->process == process)
		prepared->process = NULL;
}

bool st_prepare_take(struct st_processes *processes, const struct st_child *child)
{
	struct st_process *process = processes->prepared.process;

	if (!process)
		return false;
	if (processes->prepared.child != child || process->generation != child->generation ||
	    process->spec != child->spec) {
		abandon(processes);
		return false;
	}
	processes->prepared.process = NULL;
	adopt(process);
	return true;
}

/* Is the start that the prepared process waits for still going on? */
static bool is_awaited(const struct st_processes *processes)
{
	const struct st_child *child =
		st_tree_find_generation(processes->tree, processes->prepared.after);

	return child && child->state == ST_CHILD_STARTING;
}

static const struct st_child *last_spawned(const struct st_effects *effects)
{
	for (uint32_t i = effects->nr; i; i--)
		if (effects->items[i - 1].type == ST_FX_SPAWN)
			return effects->items[i - 1].child;
	return NULL;
}

static bool is_alone(const struct st_processes *processes)
{
	return processes->executing.next == processes->executing.prev;
}

void st_prepare_next(struct st_processes *processes, const struct st_effects *effects,
		     uint64_t now_ns)
{
	const struct st_child *child = last_spawned(effects);
	const struct st_child *next;

	if (processes->prepared.process && !is_awaited(processes))
		abandon(processes);
	/*
	 * with two starts under way, the other one may get the next generation
	 */
	if (processes->prepared.process || !is_alone(processes) || !child ||
	    child->state != ST_CHILD_STARTING || child->spec->def.process.ready != ST_READY_EXEC ||
	    child->spec->def.min_uptime_ms)
		return;
	next = st_sup_peek_start(child->parent, now_ns);
	if (!next)
		return;
	processes->prepared.process = make(processes, next, processes->tree->last_generation + 1);
	processes->prepared.child = next;
	processes->prepared.after = child->generation;
}
