// SPDX-License-Identifier: GPL-2.0-only
/*
 * One process, cloned ahead of its turn. See prepare.h.
 */
#include "daemon/prepare.h"

#include "core/step.h"
#include "daemon/process_internal.h"

static void abandon(struct st_processes *processes)
{
	struct st_process *process = processes->prepared;

	processes->prepared = NULL;
	if (process)
		st_process_abandon(process);
}

bool st_prepare_take(struct st_processes *processes, const struct st_child *child)
{
	struct st_process *process = processes->prepared;

	if (!process)
		return false;
	if (processes->prepared_for != child || process->generation != child->generation ||
	    process->spec != child->spec) {
		abandon(processes);
		return false;
	}
	processes->prepared = NULL;
	st_process_adopt(process);
	return true;
}

/* Whom it comes after is still being started. */
static bool is_awaited(const struct st_processes *processes)
{
	const struct st_child *child =
		st_tree_find_generation(processes->tree, processes->prepared_after);

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

	if (processes->prepared && !is_awaited(processes))
		abandon(processes);
	/* with two starts under way, the next generation may be the other one's */
	if (processes->prepared || !is_alone(processes) || !child ||
	    child->state != ST_CHILD_STARTING || child->spec->def.process.ready != ST_READY_EXEC)
		return;
	next = st_sup_peek_start(child->parent, now_ns);
	if (!next)
		return;
	processes->prepared =
		st_process_prepare(processes, next, processes->tree->last_generation + 1);
	processes->prepared_for = next;
	processes->prepared_after = child->generation;
}
