// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change at run time: OTP's code_change/3. [K1]..[K8]
 *
 * A change prepares everything that needs memory first, then swaps. Nothing is
 * started or stopped by it: children that stay keep running, new ones are
 * added as stopped, and missing ones are kept with their old spec.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"
#include "core/spec_walk.h"

/* The memory for a change, until the supervisor takes it. */
struct change {
	struct st_sup *sup;
	bool whole; /* [K9] */
	uint64_t token; /* of the request */
	struct st_sup_spec *to;
	struct st_child **slots; /* one for each child of @to */
	struct st_child_spec **specs; /* the spec for each; a reference */
	uint32_t nr; /* of both */
};

static int prepare_nr(struct change *change, uint32_t nr)
{
	change->slots = st_alloc_array(nr, sizeof(*change->slots));
	change->specs = st_alloc_array(nr, sizeof(*change->specs));
	if (!change->slots || !change->specs)
		return -ENOMEM;
	change->nr = nr;
	return 0;
}

/* A temporary child that has ended is not put back on the list. [K9] */
static bool stays_away(const struct change *change, const struct st_child *known,
		       const struct st_child_spec *wanted)
{
	return change->whole && wanted->def.restart == ST_RESTART_TEMPORARY && known &&
	       !known->listed && !known->deleted;
}

static int prepare_children(struct change *change)
{
	struct st_sup_spec *to = change->to;
	int err = prepare_nr(change, to->nr_children);

	if (!err)
		err = st_lookup_reserve(change->sup, change->sup->nr_children + to->nr_children);
	for (uint32_t i = 0; i < change->nr && !err; i++) {
		struct st_child *known = st_sup_find_known(change->sup, to->children[i]->def.id);

		if (known && (known->listed || stays_away(change, known, to->children[i])))
			change->slots[i] = known;
		change->specs[i] = st_child_spec_for(known, to->children[i]);
		if (!change->specs[i])
			err = -ENOMEM;
		else if (!change->slots[i])
			err = st_node_new(change->sup->tree, change->sup, change->specs[i], NULL,
					  &change->slots[i]);
	}
	return err;
}

static int prepare_template(struct change *change)
{
	int err = prepare_nr(change, change->sup->nr_children);
	struct st_list *pos = change->sup->children.next;

	for (uint32_t i = 0; i < change->nr; i++, pos = pos->next) {
		change->slots[i] = st_child_of(pos);
		change->specs[i] = st_child_spec_for(change->slots[i], change->to->children[0]);
		if (!change->specs[i])
			return -ENOMEM;
	}
	return err;
}

/* Free what was prepared and did not find its place. */
static void done(struct change *change)
{
	for (uint32_t i = 0; i < change->nr; i++) {
		if (change->slots && change->slots[i] && !change->slots[i]->listed &&
		    !change->slots[i]->in_lookup)
			st_node_free(change->sup->tree, change->slots[i]);
		if (change->specs)
			st_child_spec_put(change->specs[i]);
	}
	st_free(change->slots);
	st_free(change->specs);
}

static void set_spec(struct st_child *child, struct st_child_spec *spec)
{
	struct st_sup *parent = child->parent;

	if (parent)
		parent->nr_significant -= st_child_is_significant(child);
	st_child_spec_put(child->spec);
	child->spec = st_child_spec_get(spec);
	if (!parent)
		return;
	parent->nr_significant += st_child_is_significant(child);
	st_fds_count(parent->tree, child);
}

/* Those of the old specification that are neither on the list nor wanted any more. */
static void bury_old_slots(struct st_sup *sup)
{
	for (uint32_t i = 0; i < sup->nr_slots; i++) {
		struct st_child *child = sup->slots[i];

		if (child->listed || child->from_spec)
			continue;
		st_lookup_remove(child);
		st_list_add_tail(&child->sibling, &sup->tree->dead_children);
	}
}

/* New order: the new list, then the kept old ones in their old order. [K4] */
static void swap_children(struct change *change)
{
	struct st_sup *sup = change->sup;
	struct st_list order;

	for (uint32_t i = 0; i < sup->nr_slots; i++)
		sup->slots[i]->from_spec = false;
	st_list_init(&order);
	for (uint32_t i = 0; i < change->to->nr_children; i++) {
		struct st_child *child = change->slots[i];

		set_spec(child, change->specs[i]);
		if (stays_away(change, child, change->specs[i]) && child->in_lookup) {
			child->from_spec = true;
			continue;
		}
		if (child->listed)
			st_child_unlink(child);
		else
			st_emit(sup->tree, ST_FX_ADDED, child)->cause.token = change->token;
		child->from_spec = true;
		st_child_link(child, &order);
	}
	bury_old_slots(sup);
	st_list_splice_tail(&sup->children, &order);
	st_list_splice_tail(&order, &sup->children);
	st_free(sup->slots);
	sup->slots = change->slots;
	sup->nr_slots = change->to->nr_children;
	change->slots = NULL;
}

/* One template, for old and new children from now on. [K6] */
static void swap_template(struct change *change)
{
	for (uint32_t i = 0; i < change->nr; i++)
		set_spec(change->slots[i], change->specs[i]);
}

static int change_children(struct st_sup *sup, struct st_sup_spec *to, const struct st_call *call)
{
	struct change change = {
		.sup = sup,
		.to = to,
		.whole = call->whole,
		.token = call->token,
	};
	int err;

	if (to->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE) {
		err = prepare_template(&change);
		if (!err)
			swap_template(&change);
	} else {
		err = prepare_children(&change);
		if (!err)
			swap_children(&change);
	}
	done(&change);
	return err;
}

static bool is_kind_kept(enum st_strategy from, enum st_strategy to)
{
	bool dynamic_from = from == ST_STRATEGY_SIMPLE_ONE_FOR_ONE || from == ST_STRATEGY_DYNAMIC;
	bool dynamic_to = to == ST_STRATEGY_SIMPLE_ONE_FOR_ONE || to == ST_STRATEGY_DYNAMIC;

	return from == to || (!dynamic_from && !dynamic_to);
}

/* The child spec with which @sup will be started again as @to. */
static struct st_child_spec *next_start(const struct st_sup *sup, struct st_sup_spec *to)
{
	struct st_child_def def = sup->self->spec->def;

	/* its parent may want a worker by now [K3] */
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.start_timeout_ms = 0;
	def.min_uptime_ms = 0;
	def.sup = to;
	return st_child_spec_new(&def);
}

/*
 * A whole change is newer than every change of supervisors below, whether they run
 * or not. [K9]
 */
static void stamp(struct st_tree *tree, struct st_sup_spec *to, bool whole)
{
	const struct st_child_spec *child;
	struct st_spec_walk walk;

	to->changed = ++tree->nr_changes;
	if (!whole)
		return;
	st_spec_walk_begin(&walk, to);
	while ((child = st_spec_walk_next(&walk)))
		if (child->def.sup)
			child->def.sup->changed = tree->nr_changes;
}

/* All or nothing; the change holds for the next start of @sup too. [K7] */
static int change_sup(struct st_sup *sup, struct st_sup_spec *to, const struct st_call *call)
{
	struct st_child_spec *spec = next_start(sup, to);
	bool has_same_log = st_log_spec_is_same(&sup->spec->log, &to->log);
	int err;

	if (!spec)
		return -ENOMEM;
	stamp(sup->tree, to, call->whole);
	err = st_window_reserve(&sup->window, to->flags.intensity, to->flags.period_s);
	/* a dynamic supervisor has nothing but flags [X4] */
	if (!err && !call->flags_only && to->flags.strategy != ST_STRATEGY_DYNAMIC)
		err = change_children(sup, to, call);
	if (!err) {
		set_spec(sup->self, spec);
		st_sup_spec_put(sup->spec);
		sup->spec = st_sup_spec_get(to);
		if (!has_same_log)
			st_fds_recount(sup);
	}
	st_child_spec_put(spec);
	return err;
}

/* Nothing changes now; but the next start will ask again, and be ignored. [K5] [K7] */
static int change_to_ignore(struct st_sup *sup, struct st_sup_spec *to)
{
	struct st_child_spec *spec = next_start(sup, to);

	if (!spec)
		return -ENOMEM;
	set_spec(sup->self, spec);
	st_child_spec_put(spec);
	stamp(sup->tree, to, false);
	return 0;
}

/* The children of the specification as it is when the request's turn comes. [K1] */
static int change_flags(struct st_sup *sup, const struct st_call *call)
{
	struct st_sup_spec *to =
		st_sup_spec_new(&call->to->flags, sup->spec->children, sup->spec->nr_children);
	int err = to ? st_sup_spec_set_log(to, &sup->spec->log) : -ENOMEM;

	if (!err) {
		to->trace_payload = sup->spec->trace_payload;
		err = change_sup(sup, to, call);
	}
	st_sup_spec_put(to);
	return err;
}

static const char *find_invalid(const struct st_call *call)
{
	const struct st_sup_spec *to = call->to;

	if (call->error)
		return call->error_json;
	if (to && to->init == ST_INIT_ERROR)
		return to->error;
	if (!to || (to->init == ST_INIT_OK && to->nr_children != 1 && !call->flags_only &&
		    to->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE))
		return "\"bad_start_spec\""; /* [V5] */
	return NULL;
}

void st_call_change(struct st_sup *sup, struct st_call *call)
{
	const char *invalid = find_invalid(call);
	struct st_sup_spec *to = call->to;
	int err;

	if (invalid) {
		st_call_invalid(sup->tree, call, invalid); /* [K5] */
		return;
	}
	if (to->init == ST_INIT_IGNORE) {
		st_call_answer(sup->tree, call, st_reply_from(change_to_ignore(sup, to)), NULL);
		return;
	}
	if (!is_kind_kept(sup->spec->flags.strategy, to->flags.strategy)) {
		st_call_answer(sup->tree, call, ST_REPLY_REFUSED, NULL); /* [K8] */
		return;
	}
	err = call->flags_only ? change_flags(sup, call) : change_sup(sup, to, call);
	if (!err)
		st_emit(sup->tree, ST_FX_CHANGED, sup->self)->cause.token = call->token;
	st_call_answer(sup->tree, call, st_reply_from(err), NULL);
}
