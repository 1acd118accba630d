// SPDX-License-Identifier: GPL-2.0-only
/*
 * The jobs of a supervisor: walks over its children, one at a time. [A1] [D] [G1]
 *
 * A job goes on until it must wait for a child (->waiting_for) and is resumed
 * from the queue when that child has started or ended. While a job runs the
 * child list belongs to it, so a node of the list is all it has to remember.
 */
#include "core/internal.h"

void st_sup_wake(struct st_sup *sup)
{
	if (st_list_is_empty(&sup->runnable))
		st_list_add_tail(&sup->runnable, &sup->tree->runnable);
}

void st_sup_set_job(struct st_sup *sup, enum st_job job)
{
	sup->tree->nr_busy += (job != ST_JOB_NONE) - (sup->job != ST_JOB_NONE);
	sup->job = job;
}

/* Go to @job, which begins at @walk. */
static void begin(struct st_sup *sup, enum st_job job, struct st_list *walk)
{
	st_sup_set_job(sup, job);
	sup->walk = walk;
	sup->begun = false;
	st_sup_wake(sup);
}

void st_sup_begin_init(struct st_sup *sup)
{
	static const struct st_cause boot = { .rule = ST_RULE_INIT };

	st_sup_reset(sup);
	sup->cause = sup->self->parent ? sup->self->parent->cause : boot;
	sup->phase = ST_PHASE_INIT;
	sup->failed = NULL;
	begin(sup, ST_JOB_INIT, sup->children.next);
}

static enum st_rule round_rule(enum st_strategy strategy)
{
	if (strategy == ST_STRATEGY_ONE_FOR_ALL)
		return ST_RULE_ONE_FOR_ALL;
	return strategy == ST_STRATEGY_REST_FOR_ONE ? ST_RULE_REST_FOR_ONE : ST_RULE_ONE_FOR_ONE;
}

/* The next job is done because of the end of @child. */
void st_sup_set_cause(struct st_sup *sup, enum st_rule rule, const struct st_child *child)
{
	const struct st_sup_flags *flags = &sup->spec->flags;
	uint64_t nr = st_window_count(&sup->window, sup->tree->now_ns, flags->period_s);

	sup->cause = (struct st_cause){
		.rule = rule,
		.nr_restarts = (uint32_t)nr,
		.intensity = flags->intensity,
		.period_s = flags->period_s,
		.generation = child->generation,
	};
}

/* The strategy: which children a restart stops and starts. [D1] [D2] [D3] */
void st_sup_begin_round(struct st_sup *sup, struct st_child *child)
{
	enum st_strategy strategy = sup->spec->flags.strategy;

	st_child_set_state(child, ST_CHILD_STOPPED);
	sup->alone = strategy != ST_STRATEGY_ONE_FOR_ALL && strategy != ST_STRATEGY_REST_FOR_ONE;
	st_sup_set_cause(sup, round_rule(strategy), child);
	if (sup->alone) {
		begin(sup, ST_JOB_ROUND_START, &child->sibling);
		return;
	}
	sup->range = strategy == ST_STRATEGY_ONE_FOR_ALL ? &sup->children : child->sibling.prev;
	begin(sup, ST_JOB_ROUND_STOP, sup->children.prev);
}

/* The next job is done because it was asked for. */
void st_sup_set_request(struct st_sup *sup, const struct st_call *call)
{
	static const enum st_rule rules[ST_REQUEST__MAX] = {
		[ST_REQUEST_START_CHILD] = ST_RULE_START_CHILD,
		[ST_REQUEST_RESTART_CHILD] = ST_RULE_RESTART_CHILD,
		[ST_REQUEST_TERMINATE_CHILD] = ST_RULE_TERMINATE_CHILD,
		[ST_REQUEST_RESTART] = ST_RULE_RESTART,
		[ST_REQUEST_STOP] = ST_RULE_STOP_SUPERVISOR,
	};

	sup->cause = (struct st_cause){ .rule = rules[call->type], .token = call->token };
}

void st_sup_begin_call(struct st_sup *sup, enum st_job job, struct st_child *child,
		       struct st_call *call)
{
	sup->call = call;
	st_sup_set_request(sup, call);
	begin(sup, job, &child->sibling);
	if (job == ST_JOB_CALL_STOP)
		st_child_stop(child);
}

void st_sup_begin_terminate(struct st_sup *sup, const struct st_reason *reason)
{
	sup->phase = ST_PHASE_STOPPING;
	sup->end_reason = *reason;
	begin(sup, ST_JOB_TERMINATE, sup->children.prev);
	if (st_sup_is_dynamic(sup))
		st_parallel_stop(sup);
}

/*
 * Stop what runs, backwards from ->walk to @end. In a round temporary
 * children are dropped for good [D4]. Returns true when done.
 */
static bool stop_walk(struct st_sup *sup, const struct st_list *end, bool round)
{
	while (sup->walk != end) {
		struct st_child *child = st_child_of(sup->walk);

		if (child->state == ST_CHILD_RUNNING) {
			st_child_stop(child);
			if (sup->waiting_for)
				return false;
			continue;
		}
		if (child->state == ST_CHILD_RESTARTING) {
			st_heap_remove(&sup->tree->timers, &child->timer);
			st_child_set_state(child, ST_CHILD_STOPPED);
		}
		sup->walk = sup->walk->prev;
		if (round && child->spec->def.restart == ST_RESTART_TEMPORARY &&
		    !st_child_is_left(child)) /* that one has never run [X7] */
			st_child_forget(child);
	}
	return true;
}

enum walk {
	WALK_WAITS,
	WALK_DONE,
	WALK_FAILED
};

/* Start children from ->walk on, each READY before the next. [A1] */
static enum walk start_walk(struct st_sup *sup)
{
	while (sup->walk != &sup->children) {
		struct st_child *child = st_child_of(sup->walk);

		if (!sup->begun && st_child_is_left(child)) { /* [X7] */
			if (sup->job == ST_JOB_ROUND_START && sup->alone)
				return WALK_DONE;
			sup->walk = sup->walk->next;
			continue;
		}
		if (!sup->begun) {
			sup->begun = true;
			st_child_start(child);
		}
		if (sup->waiting_for)
			return WALK_WAITS;
		if (child->outcome == ST_OUTCOME_FAILED)
			return WALK_FAILED;
		sup->begun = false;
		sup->walk = sup->walk->next;
		/* A4, and for dynamic children Q1: a child that ignores is removed */
		if (child->outcome != ST_OUTCOME_READY &&
		    (child->spec->def.restart == ST_RESTART_TEMPORARY || st_sup_is_dynamic(sup)))
			st_child_forget(child);
		if (sup->job == ST_JOB_ROUND_START && sup->alone)
			return WALK_DONE;
	}
	return WALK_DONE;
}

static void not_started(struct st_sup *sup, enum st_outcome outcome)
{
	st_sup_set_job(sup, ST_JOB_NONE);
	sup->phase = ST_PHASE_DOWN;
	st_list_del(&sup->runnable);
	st_mailbox_refuse(sup);
	st_child_outcome(sup->self, outcome);
}

/* Why a specification can not be started at all; NULL if it can. [V5] */
static const char *refusal(const struct st_sup_spec *spec)
{
	if (spec->init == ST_INIT_ERROR)
		return spec->error;
	if (spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE && spec->nr_children != 1)
		return "\"bad_start_spec\"";
	return NULL;
}

static void advance_init(struct st_sup *sup)
{
	const char *refused = refusal(sup->spec);
	struct st_child *child;

	if (sup->spec->init == ST_INIT_IGNORE) {
		not_started(sup, ST_OUTCOME_IGNORED);
		return;
	}
	if (refused) {
		sup->self->reason = (struct st_reason){
			.type = ST_REASON_TERM,
			.text = refused,
		};
		not_started(sup, ST_OUTCOME_FAILED);
		return;
	}
	switch (start_walk(sup)) {
	case WALK_WAITS:
		return;
	case WALK_DONE:
		st_sup_set_job(sup, ST_JOB_NONE);
		sup->phase = ST_PHASE_UP;
		st_child_outcome(sup->self, ST_OUTCOME_READY);
		return;
	case WALK_FAILED:
		child = st_child_of(sup->walk);
		st_report(child, ST_CONTEXT_START_ERROR, &child->reason);
		sup->failed = child;
		st_sup_set_cause(sup, ST_RULE_UNDO, child);
		begin(sup, ST_JOB_UNDO, child->sibling.prev);
		return;
	}
}

/* [A5] [A6]: the reason names the child that failed, and why. */
static void advance_undo(struct st_sup *sup)
{
	if (!stop_walk(sup, &sup->children, false))
		return;
	sup->self->reason = (struct st_reason){
		.type = ST_REASON_FAILED_CHILD,
		.text = st_child_name(sup->failed),
		.inner = &sup->failed->reason,
	};
	not_started(sup, ST_OUTCOME_FAILED);
}

static void advance_round_start(struct st_sup *sup)
{
	enum walk walk = start_walk(sup);

	if (walk == WALK_WAITS)
		return;
	st_sup_set_job(sup, ST_JOB_NONE);
	if (walk == WALK_FAILED)
		st_restart_failed(st_child_of(sup->walk));
}

static void advance_call(struct st_sup *sup)
{
	struct st_child *child = st_child_of(sup->walk);
	enum st_job job = sup->job;

	if (job == ST_JOB_CALL_START && !sup->begun) {
		sup->begun = true;
		st_child_start(child);
	}
	if (sup->waiting_for)
		return;
	st_sup_set_job(sup, ST_JOB_NONE);
	if (job == ST_JOB_CALL_START)
		st_call_start_done(sup, child);
	else
		st_call_stop_done(sup, child);
}

static void advance_terminate(struct st_sup *sup)
{
	struct st_reason reason = sup->end_reason;
	struct st_call *call = sup->call;

	if (st_sup_is_dynamic(sup))
		st_parallel_finish(sup);
	else if (!stop_walk(sup, &sup->children, false))
		return;
	sup->call = NULL;
	st_sup_ended(sup, &reason);
	if (call)
		st_call_answer(sup->tree, call, ST_REPLY_OK, NULL);
}

/* Go on with the job; nothing keeps it waiting at the moment. */
void st_sup_advance(struct st_sup *sup)
{
	switch (sup->job) {
	case ST_JOB_INIT:
		advance_init(sup);
		break;
	case ST_JOB_UNDO:
		advance_undo(sup);
		break;
	case ST_JOB_ROUND_STOP:
		if (stop_walk(sup, sup->range, true))
			begin(sup, ST_JOB_ROUND_START, sup->range->next);
		break;
	case ST_JOB_ROUND_START:
		advance_round_start(sup);
		break;
	case ST_JOB_CALL_START:
	case ST_JOB_CALL_STOP:
		advance_call(sup);
		break;
	case ST_JOB_TERMINATE:
		advance_terminate(sup);
		break;
	case ST_JOB_NONE:
	case ST_JOB_DIE:
	case ST_JOB__MAX:
		break;
	}
}
