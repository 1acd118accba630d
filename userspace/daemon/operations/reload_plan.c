// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the plan of a reload: walks over the new specification and the tree
 * side by side.
 *
 * Nothing is decided here: core decides what a change does (change.c there).
 * This file only finds the supervisors that need one.
 */
#include <errno.h>
#include <string.h>

#include "core/limits.h"
#include "core/step.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/script.h"

enum list {
	ADDED,
	CHANGED,
	LOGS, /* their own log setting changed, also for running processes */
	REMOVED,
	NR_LISTS
};

struct plan {
	unsigned int flags;
	struct st_script *script;
	struct st_buf lists[NR_LISTS]; /* JSON strings with commas between */
	bool has_failed; /* a text could not be written: the plan must not be used */
};

static void list_path(struct st_buf *list, const char *path)
{
	if (list->len)
		st_buf_add_char(list, ',');
	st_buf_add_json_string(list, path, strlen(path));
}

static void path_of(struct plan *plan, const struct st_sup *sup, const char *id, struct st_buf *out)
{
	st_buf_reset(out);
	if (sup->self->parent) {
		st_child_write_path(sup->self, out);
		if (id)
			st_buf_add_char(out, '/');
	} else if (!id) {
		st_buf_add_char(out, '/');
	}
	if (id)
		st_buf_add_text(out, id);
	plan->has_failed |= st_buf_error(out) != 0;
}

static int add_request(struct plan *plan, enum st_request_type type, const char *path,
		       struct st_sup_spec *to)
{
	struct st_pending *pending;
	int err;

	if (plan->has_failed)
		return -ENOMEM;
	if (plan->flags & ST_RELOAD_DRY_RUN)
		return 0;
	pending = st_pending_new(NULL, ST_OPERATION_RELOAD, path, type != ST_REQUEST_CHANGE);
	if (!pending)
		return -ENOMEM;
	pending->request.type = type;
	if (type == ST_REQUEST_CHANGE)
		pending->request.change.to = to ? st_sup_spec_get(to) : NULL;
	err = st_script_add(plan->script, pending, type != ST_REQUEST_CHANGE);
	if (err)
		st_pending_free(pending);
	return err;
}

/*
 * Compare the children's own settings, without what is inside their
 * supervisors.
 */
static bool is_same_child(struct plan *plan, const struct st_child_spec *a,
			  const struct st_child_spec *b)
{
	struct st_child_spec shallow_a = *a, shallow_b = *b;
	struct st_buf text_a = ST_BUF_INIT, text_b = ST_BUF_INIT;
	bool is_same;

	shallow_a.def.sup = NULL;
	shallow_b.def.sup = NULL;
	st_child_spec_write(&shallow_a, &text_a);
	st_child_spec_write(&shallow_b, &text_b);
	plan->has_failed |= st_buf_error(&text_a) || st_buf_error(&text_b);
	is_same = !a->def.sup == !b->def.sup && !strcmp(st_buf_text(&text_a), st_buf_text(&text_b));
	st_buf_done(&text_a);
	st_buf_done(&text_b);
	return is_same;
}

static bool is_same_flags(const struct st_sup_flags *a, const struct st_sup_flags *b)
{
	return a->strategy == b->strategy && a->intensity == b->intensity &&
	       a->period_s == b->period_s && a->auto_shutdown == b->auto_shutdown &&
	       a->max_children == b->max_children;
}

static bool is_same_sup(struct plan *plan, const struct st_sup_spec *a, const struct st_sup_spec *b)
{
	if (!is_same_flags(&a->flags, &b->flags) || !st_log_spec_is_same(&a->log, &b->log) ||
	    a->trace_payload != b->trace_payload || a->nr_children != b->nr_children)
		return false;
	for (uint32_t i = 0; i < a->nr_children; i++)
		if (!is_same_child(plan, a->children[i], b->children[i]))
			return false;
	return true;
}

static const struct st_child *find_child(const struct st_sup *sup, const char *id)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children)
		if (!strcmp(st_child_name(st_child_of(pos)), id))
			return st_child_of(pos);
	return NULL;
}

static int plan_added(struct plan *plan, const struct st_sup *sup, const struct st_sup_spec *to)
{
	struct st_buf path = ST_BUF_INIT;
	int err = 0;

	for (uint32_t i = 0; i < to->nr_children && !err; i++) {
		if (find_child(sup, to->children[i]->def.id))
			continue;
		path_of(plan, sup, to->children[i]->def.id, &path);
		list_path(&plan->lists[ADDED], st_buf_text(&path));
		if (plan->flags & ST_RELOAD_START_NEW)
			err = add_request(plan, ST_REQUEST_RESTART_CHILD, st_buf_text(&path), NULL);
	}
	st_buf_done(&path);
	return err;
}

static int plan_removed(struct plan *plan, const struct st_sup *sup, const struct st_sup_spec *to)
{
	struct st_buf path = ST_BUF_INIT;
	struct st_list *pos;
	int err = 0;

	st_list_for_each(pos, &sup->children) {
		const char *id = st_child_name(st_child_of(pos));

		if (st_sup_spec_find(to, id) >= 0 || err)
			continue;
		path_of(plan, sup, id, &path);
		list_path(&plan->lists[REMOVED], st_buf_text(&path));
		if (plan->flags & ST_RELOAD_PRUNE)
			err = add_request(plan, ST_REQUEST_TERMINATE_CHILD, st_buf_text(&path),
					  NULL);
		if (!err && (plan->flags & ST_RELOAD_PRUNE))
			err = add_request(plan, ST_REQUEST_DELETE_CHILD, st_buf_text(&path), NULL);
	}
	st_buf_done(&path);
	return err;
}

/*
 * Find the old spec of a child of the new list; most often it has the same
 * index.
 */
static const struct st_child_spec *old_spec(const struct st_sup_spec *from,
					    const struct st_sup_spec *to, uint32_t i)
{
	const char *id = to->children[i]->def.id;
	int at = (int)i;

	if (i >= from->nr_children || strcmp(from->children[i]->def.id, id))
		at = st_sup_spec_find(from, id);
	return at < 0 ? NULL : from->children[at];
}

static bool is_same_log(const struct st_log_spec *a, const struct st_log_spec *b)
{
	return a && b ? st_log_spec_is_same(a, b) : a == b;
}

static void plan_logs(struct plan *plan, const struct st_sup *sup, const struct st_sup_spec *to)
{
	struct st_buf path = ST_BUF_INIT;

	if (!st_log_spec_is_same(&sup->spec->log, &to->log)) {
		path_of(plan, sup, NULL, &path);
		list_path(&plan->lists[LOGS], st_buf_text(&path));
	}
	for (uint32_t i = 0; i < to->nr_children; i++) {
		const struct st_child_def *def = &to->children[i]->def;
		const struct st_child_spec *old = old_spec(sup->spec, to, i);

		if (!old || is_same_log(old->def.process.log, def->process.log))
			continue;
		path_of(plan, sup, def->id, &path);
		list_path(&plan->lists[LOGS], st_buf_text(&path));
	}
	st_buf_done(&path);
}

static int plan_sup(struct plan *plan, const struct st_sup *sup, struct st_sup_spec *to)
{
	struct st_buf path = ST_BUF_INIT;
	int err = 0;

	if (!is_same_sup(plan, sup->spec, to)) {
		path_of(plan, sup, NULL, &path);
		list_path(&plan->lists[CHANGED], st_buf_text(&path));
		plan_logs(plan, sup, to);
		err = add_request(plan, ST_REQUEST_CHANGE, st_buf_text(&path), to);
	}
	st_buf_done(&path);
	if (err || st_sup_is_dynamic(sup))
		return err;
	err = plan_removed(plan, sup, to);
	return err ? err : plan_added(plan, sup, to);
}

static void write_result(struct plan *plan)
{
	static const char *const names[NR_LISTS] = { "{\"added\":[", "],\"changed\":[",
						     "],\"logs\":[", "],\"removed\":[" };
	struct st_buf *out = &plan->script->result;

	for (int list = 0; list < NR_LISTS; list++) {
		st_buf_add_text(out, names[list]);
		st_buf_add_text(out, st_buf_text(&plan->lists[list]));
	}
	st_buf_add_text(out, "],\"dry_run\":");
	st_buf_add_text(out, plan->flags & ST_RELOAD_DRY_RUN ? "true}" : "false}");
}

int st_reload_plan(const struct st_sup *root, struct st_sup_spec *spec, unsigned int flags,
		   struct st_script *script)
{
	struct {
		const struct st_sup *sup;
		struct st_sup_spec *to;
		uint32_t next;
	} levels[ST_MAX_DEPTH + 2] = { { root, spec, 0 } };
	struct plan plan = { .flags = flags, .script = script };
	size_t depth = 0;
	int err = plan_sup(&plan, root, spec);

	while (!err) {
		const struct st_child_spec *child_spec;
		const struct st_child *child;

		if (levels[depth].next == levels[depth].to->nr_children) {
			if (!depth--)
				break;
			continue;
		}
		child_spec = levels[depth].to->children[levels[depth].next++];
		child = find_child(levels[depth].sup, child_spec->def.id);
		if (!child || !child->sup || !child_spec->def.sup ||
		    child->sup->phase != ST_PHASE_UP || depth + 1 == ST_ARRAY_SIZE(levels))
			continue;
		depth++;
		levels[depth].sup = child->sup;
		levels[depth].to = child_spec->def.sup;
		levels[depth].next = 0;
		err = plan_sup(&plan, child->sup, child_spec->def.sup);
	}
	write_result(&plan);
	for (int list = 0; list < NR_LISTS; list++) {
		plan.has_failed |= st_buf_error(&plan.lists[list]) != 0;
		st_buf_done(&plan.lists[list]);
	}
	if (st_buf_error(&script->result))
		plan.has_failed = true;
	return plan.has_failed ? -ENOMEM : err;
}
