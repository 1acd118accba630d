// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses a saved state that core cannot have written; see load.c. st_tree_check() knows what
 * holds between two steps. What it takes for granted, because core itself made the tree, is
 * checked here.
 */
#include "core/load_internal.h"

static bool fail(struct st_load *load)
{
	load->error->line = 0;
	return st_load_fail(load, "its parts contradict each other");
}

/* A child that is on no list, or below one, is at rest. */
static bool is_away(const struct st_child *child)
{
	for (; child->parent; child = child->parent->self)
		if (!child->listed)
			return true;
	return false;
}

static bool is_at_rest(const struct st_child *child)
{
	const struct st_sup *sup = child->sup;

	if (child->alive || child->ended || st_heap_holds(&child->timer) ||
	    !st_list_is_empty(&child->message.node))
		return false;
	return !sup || (sup->phase == ST_PHASE_DOWN && sup->job == ST_JOB_NONE && !sup->call &&
			!sup->waiting_for && !sup->nr_waiting && st_list_is_empty(&sup->mailbox) &&
			st_list_is_empty(&sup->runnable));
}

static bool is_child_sound(struct st_load *load, uint32_t number)
{
	struct st_child *child = load->nodes[number];
	bool is_worker = child->alive && !child->sup;

	if (is_away(child) && !is_at_rest(child))
		return false;
	if (child->from_spec && child->parent && st_sup_is_dynamic(child->parent))
		return false;
	if (child->generation > load->tree->last_generation)
		return false;
	if (!is_worker)
		return true;
	if (!child->generation || !child->parent ||
	    st_map_get(&load->tree->generations, child->generation))
		return false;
	st_map_put(&load->tree->generations, child->generation, child);
	return true;
}

/* How many children a stop of all, or a kill, waits for. */
static uint32_t count_waiting(const struct st_sup *sup)
{
	bool is_parallel = sup->job == ST_JOB_TERMINATE && st_sup_is_dynamic(sup);
	struct st_list *pos;
	uint32_t nr = 0;

	if (sup->job != ST_JOB_DIE && !is_parallel)
		return 0;
	st_list_for_each(pos, &sup->children) {
		const struct st_child *child = st_child_of(pos);

		nr += is_parallel ? child->state == ST_CHILD_STOPPING : child->alive;
	}
	return nr;
}

static bool has_its_call(const struct st_sup *sup)
{
	bool is_call = sup->job == ST_JOB_CALL_START || sup->job == ST_JOB_CALL_STOP;

	if (is_call && (!sup->call || sup->walk == &sup->children))
		return false;
	return is_call || !sup->call || sup->job == ST_JOB_TERMINATE;
}

static bool is_sup_sound(const struct st_sup *sup)
{
	bool is_simple = sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;

	for (uint32_t i = 0; i < sup->nr_slots; i++)
		if (!sup->slots[i])
			return false;
	if (sup->nr_waiting != count_waiting(sup) || (sup->nr_waiting && sup->waiting_for))
		return false;
	if (sup->waiting_for && (!sup->waiting_for->listed || sup->job == ST_JOB_DIE))
		return false;
	if (sup->job == ST_JOB_UNDO && !sup->failed)
		return false;
	if (is_simple && sup->spec->nr_children != 1 && sup->phase != ST_PHASE_DOWN &&
	    sup->phase != ST_PHASE_INIT)
		return false;
	return has_its_call(sup);
}

bool st_load_check(struct st_load *load)
{
	struct st_buf why = ST_BUF_INIT;
	bool is_sound = true;

	for (uint32_t i = 0; i < load->nr && is_sound; i++) {
		const struct st_child *child = load->nodes[i];

		is_sound = is_child_sound(load, i) && (!child->sup || is_sup_sound(child->sup));
	}
	if (!is_sound || !load->tree->root->sup)
		return fail(load);
	is_sound = st_tree_check(load->tree, &why);
	st_buf_done(&why);
	return is_sound || fail(load);
}
