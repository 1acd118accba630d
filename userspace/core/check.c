// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants of a tree, between two steps. For tests and tools/storm.
 *
 * Each check is one sentence about types.h. The first that does not hold is
 * named with the path where it does not.
 */
#include "core/internal.h"
#include "core/limits.h"

struct check {
	const struct st_tree *tree;
	struct st_buf *why;
	uint32_t nr_processes;
	uint32_t nr_busy;
	uint32_t nr_timers;
	uint32_t nr_calls;
	uint32_t nr_fds;
};

static bool fail(const struct check *check, const struct st_child *child, const char *what)
{
	if (child)
		st_child_write_path(child, check->why);
	st_buf_add_text(check->why, ": ");
	st_buf_add_text(check->why, what);
	return false;
}

static bool check_state(struct check *check, const struct st_child *child)
{
	bool has_process = child->state == ST_CHILD_STARTING || child->state == ST_CHILD_STOPPING ||
			   (child->state == ST_CHILD_RUNNING && !child->ended);

	if (child->alive != has_process)
		return fail(check, child, "a child is alive iff its state says so");
	if (child->ended && child->state != ST_CHILD_RUNNING)
		return fail(check, child, "only a running child can have ended unnoticed");
	if (child->lingering && child->state != ST_CHILD_STARTING)
		return fail(check, child, "only a starting child lingers");
	if (st_heap_holds(&child->timer)) {
		check->nr_timers++;
		if (child->state == ST_CHILD_STOPPED ||
		    (child->state == ST_CHILD_RUNNING && !child->is_unhealthy))
			return fail(check, child, "a child at rest has no deadline");
	}
	if (child->alive && !child->sup) {
		check->nr_processes++;
		if (st_tree_find_generation(check->tree, child->generation) != child)
			return fail(check, child, "a process is found by its generation [M4]");
	}
	return true;
}

static bool check_child(struct check *check, const struct st_child *child)
{
	const struct st_sup *sup = child->parent;

	if (!child->listed)
		return fail(check, child, "what is on the child list is listed");
	if (sup->phase == ST_PHASE_DOWN &&
	    (child->alive || child->ended || child->state == ST_CHILD_RESTARTING))
		return fail(check, child, "nothing lives below a supervisor that is down [G1]");
	if ((child->state == ST_CHILD_STARTING || child->state == ST_CHILD_STOPPING) &&
	    sup->phase != ST_PHASE_KILLED && sup->waiting_for != child && !sup->nr_waiting)
		return fail(check, child, "a supervisor waits for what it starts or stops [M2]");
	if (child->state == ST_CHILD_RESTARTING && !sup->spec->changed &&
	    child->spec->def.restart == ST_RESTART_TEMPORARY)
		return fail(check, child, "a temporary child is never restarted [B2]");
	if (child->state == ST_CHILD_STOPPED && sup->phase == ST_PHASE_UP &&
	    sup->job == ST_JOB_NONE && !sup->spec->changed && !st_child_is_left(child) &&
	    (st_sup_is_dynamic(sup) || child->spec->def.restart == ST_RESTART_TEMPORARY))
		return fail(check, child,
			    "such a child is forgotten, not kept as stopped [B2] [I2]");
	return check_state(check, child);
}

/* Whom a message is about must be at home where it waits. */
static bool is_at_home(const struct st_sup *sup, struct st_message *message)
{
	switch (message->type) {
	case ST_MESSAGE_EXIT:
	case ST_MESSAGE_RETRY:
		return container_of(message, struct st_child, message)->parent == sup;
	case ST_MESSAGE_CALL:
		return container_of(message, struct st_call, message)->sup == sup;
	case ST_MESSAGE_STOP:
		return message == &sup->stop;
	}
	return false;
}

static bool check_messages(struct check *check, const struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		const struct st_child *child = st_child_of(pos);

		if (child->ended != st_message_waits(&child->message, ST_MESSAGE_EXIT))
			return fail(check, child, "an unnoticed death has a message [M1]");
		if (child->state == ST_CHILD_RESTARTING && !st_heap_holds(&child->timer) &&
		    !st_message_waits(&child->message, ST_MESSAGE_RETRY))
			return fail(check, child, "a restarting child has a retry to come [F1]");
	}
	st_list_for_each(pos, &sup->mailbox) {
		struct st_message *message = st_list_entry(pos, struct st_message, node);

		if (!is_at_home(sup, message))
			return fail(check, sup->self, "a message is about its supervisor [M1]");
		check->nr_calls += message->type == ST_MESSAGE_CALL;
	}
	check->nr_calls += sup->call != NULL;
	return true;
}

static bool is_waiting(const struct st_sup *sup)
{
	return sup->waiting_for || sup->nr_waiting;
}

/* types.h: the phases, and the jobs that belong to them. */
static bool job_fits(const struct st_sup *sup)
{
	switch (sup->phase) {
	case ST_PHASE_DOWN:
		return sup->job == ST_JOB_NONE;
	case ST_PHASE_INIT:
		return sup->job == ST_JOB_INIT || sup->job == ST_JOB_UNDO;
	case ST_PHASE_UP:
		return sup->job != ST_JOB_INIT && sup->job != ST_JOB_UNDO &&
		       sup->job != ST_JOB_TERMINATE && sup->job != ST_JOB_DIE;
	case ST_PHASE_STOPPING:
		return sup->job == ST_JOB_TERMINATE;
	case ST_PHASE_KILLED:
		return sup->job == ST_JOB_DIE;
	case ST_PHASE__MAX:
		break;
	}
	return false;
}

static bool check_sup(struct check *check, const struct st_sup *sup)
{
	bool queued = !st_list_is_empty(&sup->runnable);
	bool has_mail = !st_list_is_empty(&sup->mailbox);
	uint32_t nr = 0, nr_significant = 0;
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		nr++;
		nr_significant += st_child_is_significant(st_child_of(pos));
	}
	if (nr != sup->nr_children)
		return fail(check, sup->self, "children are counted");
	if (nr_significant != sup->nr_significant)
		return fail(check, sup->self,
			    "significant children that are left are counted [H3]");
	if (sup->self->alive != (sup->phase != ST_PHASE_DOWN))
		return fail(check, sup->self, "a supervisor is alive iff it is not down");
	if (sup->phase != ST_PHASE_KILLED &&
	    (sup->phase == ST_PHASE_INIT) != (sup->self->state == ST_CHILD_STARTING))
		return fail(check, sup->self, "a supervisor starts while its children do [A2]");
	if (!job_fits(sup))
		return fail(check, sup->self, "a job belongs to its phase");
	if (sup->phase == ST_PHASE_DOWN && (has_mail || queued))
		return fail(check, sup->self, "a supervisor that is down has nothing to do [C6]");
	if (sup->job == ST_JOB_NONE && is_waiting(sup))
		return fail(check, sup->self, "only a job waits [M2]");
	if (!queued && !is_waiting(sup) && (sup->job != ST_JOB_NONE || has_mail))
		return fail(check, sup->self, "who has something to do is in the queue");
	if (sup->waiting_for && !sup->waiting_for->alive)
		return fail(check, sup->self, "a supervisor waits for what lives");
	if (sup->call && sup->job == ST_JOB_NONE)
		return fail(check, sup->self, "a request is held by a job");
	if (st_window_count(&sup->window, check->tree->now_ns, sup->spec->flags.period_s) >
		    (uint64_t)sup->spec->flags.intensity + 1 &&
	    !sup->spec->changed)
		return fail(check, sup->self, "no more restarts than the intensity allows [E1]");
	check->nr_busy += sup->job != ST_JOB_NONE;
	return check_messages(check, sup);
}

static bool check_totals(struct check *check)
{
	const struct st_tree *tree = check->tree;
	struct st_list *pos;

	st_list_for_each(pos, &tree->settle_calls)
		check->nr_calls++;
	st_list_for_each(pos, &tree->refused_calls)
		check->nr_calls++;
	if (check->nr_processes != tree->generations.nr)
		return fail(check, NULL, "every process belongs to a child");
	if (check->nr_busy != tree->nr_busy)
		return fail(check, NULL, "busy supervisors are counted");
	if (check->nr_timers != tree->timers.nr)
		return fail(check, NULL, "every deadline belongs to a child");
	if (check->nr_fds > tree->nr_fds)
		return fail(check, NULL, "the descriptors of every child are counted [X12]");
	if (check->nr_calls != tree->nr_calls)
		return fail(check, NULL, "every request is held somewhere");
	return true;
}

bool st_tree_check(const struct st_tree *tree, struct st_buf *why)
{
	struct check check = { .tree = tree, .why = why };

	for (struct st_child *child = tree->root; child; child = st_child_next(child, tree->root)) {
		check.nr_fds += child->nr_fds;
		if (child->parent && !check_child(&check, child))
			return false;
		if (child->sup && !check_sup(&check, child->sup))
			return false;
	}
	return check_totals(&check);
}
