// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stop of a dynamic supervisor: all children at once. [I7] [X3]
 *
 * A simple_one_for_one supervisor reports what went wrong once for each
 * distinct reason, with a count; a dynamic one once for each child. Both do
 * so when the last child is dead.
 */
#include "core/internal.h"

/* Give a child a reason that st_shutdown_is_error() does not report. */
static void forgive(struct st_child *child)
{
	bool brutal = child->spec->def.shutdown.type == ST_SHUTDOWN_BRUTAL_KILL;

	child->reason.type = brutal ? ST_REASON_KILLED : ST_REASON_SHUTDOWN;
}

void st_parallel_stop(struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		struct st_child *child = st_child_of(pos);

		if (child->state == ST_CHILD_RUNNING) {
			st_child_stop(child);
		} else if (child->state == ST_CHILD_RESTARTING) {
			st_heap_remove(&sup->tree->timers, &child->timer);
			st_child_set_state(child, ST_CHILD_STOPPED);
			forgive(child); /* it has no process: nothing to report */
		}
	}
}

static void report_by_reason(struct st_sup *sup, struct st_list *first)
{
	struct st_reason reason = st_child_of(first)->reason;
	uint32_t count = 0;

	for (struct st_list *pos = first; pos != &sup->children; pos = pos->next) {
		struct st_child *child = st_child_of(pos);

		if (!st_shutdown_is_error(child) || !st_reason_is_equal(&child->reason, &reason))
			continue;
		count++;
		if (pos != first)
			forgive(child); /* counted here */
	}
	st_report_count(sup, &reason, count);
}

void st_parallel_finish(struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		struct st_child *child = st_child_of(pos);

		if (!st_shutdown_is_error(child))
			continue;
		if (sup->spec->flags.strategy == ST_STRATEGY_DYNAMIC)
			st_report(child, ST_CONTEXT_SHUTDOWN_ERROR, &child->reason);
		else
			report_by_reason(sup, pos);
	}
	while (!st_list_is_empty(&sup->children))
		st_child_forget(st_child_of(sup->children.next));
}
