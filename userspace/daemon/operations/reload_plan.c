// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the plan of a reload: walks over the new specification and the tree
 * side by side. See reload.h.
 *
 * Core decides what a change does (change.c there). This file finds the supervisors
 * that need one. Each child is looked up by its id and compared once for each
 * specification that holds it, so the cost grows with the number of children.
 */
#include <errno.h>
#include <string.h>

#include "base/map.h"
#include "core/limits.h"
#include "core/step.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/script.h"
#include "daemon/variables.h"

/* One supervisor that starts or runs, and what it is to be. */
struct level {
	const struct st_sup *sup;
	struct st_sup_spec *to;
	uint32_t next; /* child of ->to that the walk comes to */
	uint32_t request; /* its change, if it has one */
};

/* How much of a child is compared. */
enum depth {
	ALONE, /* without what is inside its supervisor */
	WHOLE
};

static const char *path_of(struct st_reload *reload, const struct st_sup *sup, const char *id)
{
	struct st_buf *path = &reload->path;
	const char *whole;

	st_buf_reset(path);
	if (sup->self->parent || !id)
		st_child_write_path(sup->self, path);
	if (sup->self->parent && id)
		st_buf_add_char(path, '/');
	if (id)
		st_buf_add_text(path, id);
	return st_buf_get(path, &whole) ? NULL : whole;
}

static int list(struct st_reload *reload, enum st_reload_list list, const struct level *level,
		const char *id)
{
	const char *path = path_of(reload, level->sup, id);

	return path ? st_reload_add(reload, list, path, level->request) : -ENOMEM;
}

static int request(struct st_reload *reload, struct st_script *script, enum st_request_type type,
		   const struct level *level, const char *id)
{
	const char *path = path_of(reload, level->sup, id);
	struct st_pending *pending;
	int err;

	if (!path)
		return -ENOMEM;
	if (reload->flags & ST_RELOAD_DRY_RUN)
		return 0;
	pending = st_pending_new(NULL, ST_OPERATION_RELOAD, path, id != NULL);
	if (!pending)
		return -ENOMEM;
	pending->request.type = type;
	if (type == ST_REQUEST_CHANGE) {
		pending->request.change.to = st_sup_spec_get(level->to);
		pending->request.change.whole = true;
	}
	err = st_script_add(script, pending, false);
	if (err)
		st_pending_free(pending);
	return err;
}

/* 1: both texts are the same, 0: they are not; or -ENOMEM. */
static int is_same_text(const struct st_reload *reload)
{
	const struct st_buf *a = &reload->text_a, *b = &reload->text_b;

	if (st_buf_error(a) || st_buf_error(b))
		return -ENOMEM;
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* The text form has everything that a specification has. 1, 0 or -ENOMEM. */
static int is_same_child(struct st_reload *reload, const struct st_child_spec *a,
			 const struct st_child_spec *b, enum depth depth)
{
	struct st_child_spec copy_a = *a, copy_b = *b;

	if (a == b)
		return 1;
	if (!a->def.sup != !b->def.sup)
		return 0;
	if (depth == ALONE) {
		copy_a.def.sup = NULL;
		copy_b.def.sup = NULL;
	}
	st_buf_reset(&reload->text_a);
	st_buf_reset(&reload->text_b);
	st_child_spec_write(&copy_a, &reload->text_a);
	st_child_spec_write(&copy_b, &reload->text_b);
	return is_same_text(reload);
}

/* Everything of a supervisor but the children. 1, 0 or -ENOMEM. */
static int is_same_head(struct st_reload *reload, const struct st_sup_spec *a,
			const struct st_sup_spec *b)
{
	struct st_sup_spec copy_a = *a, copy_b = *b;

	copy_a.nr_children = 0;
	copy_b.nr_children = 0;
	st_buf_reset(&reload->text_a);
	st_buf_reset(&reload->text_b);
	st_sup_spec_write(&copy_a, &reload->text_a);
	st_sup_spec_write(&copy_b, &reload->text_b);
	return is_same_text(reload);
}

/* The head and the list of children; the template of a pool as a whole. */
static int is_same_sup(struct st_reload *reload, const struct st_sup_spec *a,
		       const struct st_sup_spec *b)
{
	bool is_pool = a->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;
	int is_same;

	if (a == b)
		return 1;
	if (a->nr_children != b->nr_children)
		return 0;
	is_same = is_same_head(reload, a, b);
	for (uint32_t i = 0; i < a->nr_children && is_same == 1; i++)
		is_same = is_same_child(reload, a->children[i], b->children[i],
					is_pool ? WHOLE : ALONE);
	return is_same;
}

/* It will take a change by itself. */
static bool is_up(const struct st_child *child)
{
	return child->sup &&
	       (child->sup->phase == ST_PHASE_UP || child->sup->phase == ST_PHASE_INIT);
}

/* The child on the list; or the one that stays away from it, because it has ended [K9]. */
static const struct st_child *present(const struct st_sup *sup, const struct st_child_spec *wanted)
{
	const struct st_child *child = st_sup_find_known(sup, wanted->def.id);
	bool is_temporary = wanted->def.restart == ST_RESTART_TEMPORARY;

	return child && (child->listed || (is_temporary && !child->deleted)) ? child : NULL;
}

/*
 * Whether the children are as the list wants them: there, in order, and with the same
 * specification. What is inside a supervisor that takes changes by itself comes later.
 */
static int are_children_same(struct st_reload *reload, const struct level *level)
{
	const struct st_list *pos = level->sup->children.next;
	const struct st_sup_spec *from = level->sup->spec, *to = level->to;
	int is_same = 1;

	for (uint32_t i = 0; i < to->nr_children && is_same == 1; i++) {
		const struct st_child *child = present(level->sup, to->children[i]);

		if (!child || (child->listed && pos != &child->sibling))
			return 0;
		if (child->listed)
			pos = pos->next;
		/* the list of @from has been compared already */
		if (i >= from->nr_children || child->spec != from->children[i])
			is_same = is_same_child(reload, child->spec, to->children[i], ALONE);
	}
	return is_same;
}

/* 1: it needs no change of its own, 0: it does; or -ENOMEM. */
static int is_sup_same(struct st_reload *reload, const struct level *level)
{
	const struct st_sup_spec *next = level->sup->self->spec->def.sup;
	int is_same = next ? is_same_sup(reload, next, level->to) : 0;

	if (level->to->init == ST_INIT_IGNORE)
		return is_same; /* what runs stays as it is [K5] */
	if (is_same == 1 && next != level->sup->spec)
		is_same = is_same_sup(reload, level->sup->spec, level->to);
	if (is_same == 1 && !st_sup_is_dynamic(level->sup))
		is_same = are_children_same(reload, level);
	return is_same;
}

/*
 * A supervisor below that takes no change by itself gets what is inside it with the
 * change of @level. Lists those that differ; the number of them, or -ENOMEM.
 */
static int plan_below(struct st_reload *reload, const struct level *level)
{
	int nr = 0;

	for (uint32_t i = 0; i < level->to->nr_children; i++) {
		struct st_child_spec *wanted = level->to->children[i];
		const struct st_child *child = present(level->sup, wanted);
		int is_same, err;

		if (!child || !wanted->def.sup || is_up(child))
			continue;
		is_same = is_same_child(reload, child->spec, wanted, WHOLE);
		if (is_same == 1)
			continue;
		err = is_same ? is_same : list(reload, ST_RELOAD_CHANGED, level, wanted->def.id);
		if (err)
			return err;
		reload->is_unsure = true;
		nr++;
	}
	return nr;
}

static bool is_same_log(const struct st_log_spec *a, const struct st_log_spec *b)
{
	return a && b ? st_log_spec_is_same(a, b) : a == b;
}

static int plan_logs(struct st_reload *reload, const struct level *level)
{
	int err = 0;

	if (!st_log_spec_is_same(&level->sup->spec->log, &level->to->log))
		err = list(reload, ST_RELOAD_LOGS, level, NULL);
	for (uint32_t i = 0; i < level->to->nr_children && !err; i++) {
		const struct st_child_def *def = &level->to->children[i]->def;
		const struct st_child *child = present(level->sup, level->to->children[i]);

		if (child && !is_same_log(child->spec->def.process.log, def->process.log))
			err = list(reload, ST_RELOAD_LOGS, level, def->id);
	}
	return err;
}

/*
 * Children whose specification may be the same, and that will start with other variables of
 * a file. A supervisor that does not run has no say here: it starts anew anyway.
 */
static int plan_variables(struct st_reload *reload, const struct level *level)
{
	bool is_pool = level->to->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;
	int err = 0;

	for (uint32_t i = 0; i < level->to->nr_children && reload->variables && !err; i++) {
		const struct st_child_def *def = &level->to->children[i]->def;

		if (!is_pool && !present(level->sup, level->to->children[i]))
			continue;
		if (!def->sup && st_variables_differ(reload->variables, &def->process))
			err = list(reload, ST_RELOAD_VARIABLES, level, is_pool ? NULL : def->id);
	}
	return err;
}

/* It was added, and no start of it has succeeded or was answered by IGNORE. */
static bool is_new(const struct st_child *child)
{
	return child->listed && child->state == ST_CHILD_STOPPED && !child->ready_generation &&
	       child->outcome != ST_OUTCOME_IGNORED && child->parent->phase == ST_PHASE_UP;
}

/* Those of the new list that the tree does not have, or that have never run. */
static int plan_new(struct st_reload *reload, struct st_script *script, const struct level *level)
{
	struct level own = *level;
	int err = 0;

	for (uint32_t i = 0; i < level->to->nr_children && !err; i++) {
		const struct st_child_def *def = &level->to->children[i]->def;
		const struct st_child *child = present(level->sup, level->to->children[i]);
		bool is_wanted = reload->flags & ST_RELOAD_START_NEW ||
				 st_service_is_in(level->to->children[i]); /* [X13] */
		bool starts = is_wanted && !def->start_later;
		const char *id = def->id;

		if (child && (!is_new(child) || def->start_later))
			continue;
		if (!child)
			err = list(reload, ST_RELOAD_ADDED, level, id);
		if (!err && starts) {
			own.request = script->nr;
			err = list(reload, ST_RELOAD_STARTED, &own, id);
			if (!err)
				err = request(reload, script, ST_REQUEST_RESTART_CHILD, level, id);
		} else if (!err) {
			err = list(reload, ST_RELOAD_STOPPED, level, id);
		}
	}
	return err;
}

static int plan_missing_one(struct st_reload *reload, struct st_script *script,
			    const struct level *level, const struct st_child *child)
{
	const char *id = st_child_name(child);
	struct level own = *level;
	int err;

	if (!(reload->flags & ST_RELOAD_PRUNE) && !st_service_is_in(child->spec)) /* [X13] */
		return list(reload, ST_RELOAD_KEPT, level, id);
	err = request(reload, script, ST_REQUEST_TERMINATE_CHILD, level, id);
	own.request = script->nr;
	if (!err)
		err = list(reload, ST_RELOAD_REMOVED, &own, id);
	return err ? err : request(reload, script, ST_REQUEST_DELETE_CHILD, level, id);
}

/* Those on the list of children that the new list does not have. */
static int plan_missing(struct st_reload *reload, struct st_script *script,
			const struct level *level)
{
	const struct st_sup *sup = level->sup;
	struct st_map wanted = { 0 };
	struct st_list *pos;
	int err = st_map_reserve(&wanted, level->to->nr_children);

	for (uint32_t i = 0; i < level->to->nr_children && !err; i++) {
		struct st_child *child = st_sup_find(sup, level->to->children[i]->def.id);

		if (child)
			st_map_put(&wanted, (uintptr_t)child, child);
	}
	st_list_for_each(pos, &sup->children) {
		const struct st_child *child = st_child_of(pos);

		if (!err && !st_map_get(&wanted, (uintptr_t)child))
			err = plan_missing_one(reload, script, level, child);
	}
	st_map_done(&wanted);
	return err;
}

/* What a change would answer with an error: then nothing is to be sent at all. */
static int refuse(struct st_reload *reload, const struct level *level, struct st_buf *why)
{
	enum st_strategy from = level->sup->spec->flags.strategy;
	enum st_strategy to = level->to->flags.strategy;
	bool is_pool = to == ST_STRATEGY_SIMPLE_ONE_FOR_ONE || to == ST_STRATEGY_DYNAMIC;
	const char *path = path_of(reload, level->sup, NULL), *what = NULL;

	if (!path)
		return -ENOMEM;
	if (level->to->init == ST_INIT_ERROR)
		what = "its specification is one that it refuses";
	else if (level->to->init == ST_INIT_OK && from != to &&
		 (is_pool || st_sup_is_dynamic(level->sup)))
		what = "a supervisor that runs cannot become dynamic, or stop being dynamic; stop "
		       "it first";
	if (!what)
		return 0;
	st_buf_add_text(why, path);
	st_buf_add_text(why, ": ");
	st_buf_add_text(why, what);
	return -EINVAL;
}

static int plan_sup(struct st_reload *reload, struct st_script *script, struct level *level,
		    struct st_buf *why)
{
	int err = refuse(reload, level, why), is_same, nr;

	if (err)
		return err;
	level->request = script->nr;
	is_same = is_sup_same(reload, level);
	if (is_same < 0)
		return is_same;
	if (!is_same)
		err = list(reload, ST_RELOAD_CHANGED, level, NULL);
	if (!err && !is_same)
		err = plan_logs(reload, level);
	if (!err)
		err = plan_variables(reload, level);
	if (err || level->to->init == ST_INIT_IGNORE)
		return err     ? err :
		       is_same ? 0 :
				 request(reload, script, ST_REQUEST_CHANGE, level, NULL);
	nr = st_sup_is_dynamic(level->sup) ? 0 : plan_below(reload, level);
	if (nr < 0)
		return nr;
	if (!is_same || nr)
		err = request(reload, script, ST_REQUEST_CHANGE, level, NULL);
	if (err || st_sup_is_dynamic(level->sup))
		return err;
	err = plan_missing(reload, script, level);
	return err ? err : plan_new(reload, script, level);
}

int st_reload_plan(struct st_reload *reload, struct st_script *script, struct st_buf *why)
{
	struct level levels[ST_MAX_DEPTH + 2] = { { reload->root, reload->spec, 0, 0 } };
	size_t depth = 0;
	int err;

	reload->nr_plans++;
	reload->is_unsure = false;
	err = plan_sup(reload, script, &levels[0], why);
	while (!err) {
		struct level *level = &levels[depth];
		const struct st_child_spec *wanted;
		const struct st_child *child;

		if (level->next == level->to->nr_children || st_sup_is_dynamic(level->sup)) {
			if (!depth--)
				break;
			continue;
		}
		wanted = level->to->children[level->next++];
		child = st_sup_find(level->sup, wanted->def.id);
		if (!child || !is_up(child) || !wanted->def.sup ||
		    depth + 1 == ST_ARRAY_SIZE(levels))
			continue;
		levels[++depth] = (struct level){ child->sup, wanted->def.sup, 0, 0 };
		err = plan_sup(reload, script, &levels[depth], why);
	}
	return err;
}
