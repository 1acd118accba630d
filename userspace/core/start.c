// SPDX-License-Identifier: GPL-2.0-only
/*
 * The start of a single child, from the attempt to its outcome. [A] [F]
 *
 * An attempt to start has a new generation. Its supervisor waits for the outcome [M2]:
 * READY, IGNORED or FAILED. If a process sent IGNORE or ERROR, the supervisor waits for
 * its end before the outcome counts, so that no process is left.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"
#include "core/limits.h"

void st_child_set_state(struct st_child *child, enum st_child_state state)
{
	struct st_sup *parent = child->parent;

	if (parent)
		parent->nr_significant -= st_child_is_significant(child);
	child->state = state;
	child->since_ns = parent ? parent->tree->now_ns : child->sup->tree->now_ns;
	if (parent)
		parent->nr_significant += st_child_is_significant(child);
}

static struct st_tree *tree_of(const struct st_child *child)
{
	return child->parent ? child->parent->tree : child->sup->tree;
}

static void clear_error(struct st_child *child)
{
	if (child->error)
		st_bury(tree_of(child), &child->error->grave);
	child->error = NULL;
}

/* The text is cut to ST_MAX_ERROR_LEN; without memory it becomes "out of memory". */
void st_child_set_error(struct st_child *child, const char *text)
{
	size_t len = strnlen(text, ST_MAX_ERROR_LEN);
	struct st_text *error = st_alloc(sizeof(*error) + len + 1);

	clear_error(child);
	child->reason = (struct st_reason){ .type = ST_REASON_ERROR, .text = "out of memory" };
	if (!error)
		return;
	memcpy(error->text, text, len);
	child->error = error;
	child->reason.text = error->text;
}

/* Why it is started: what its supervisor is busy with. */
static struct st_cause cause_of(const struct st_child *child)
{
	static const struct st_cause boot = { .rule = ST_RULE_INIT };

	return child->parent ? child->parent->cause : boot;
}

void st_child_start(struct st_child *child)
{
	struct st_tree *tree = tree_of(child);
	const struct st_child_def *def = &child->spec->def;
	int err;

	clear_error(child);
	child->generation = ++tree->last_generation;
	child->outcome = ST_OUTCOME_NONE;
	child->reason = (struct st_reason){ .type = ST_REASON_NORMAL };
	child->pid = 0;
	child->spawned_ns = 0;
	child->status = -1;
	child->ended = false;
	child->lingering = false;
	child->killed = false;
	child->counted = false;
	child->is_settling = false;
	child->is_unhealthy = false;
	child->alive = true;
	st_child_set_state(child, ST_CHILD_STARTING);
	if (child->parent)
		child->parent->waiting_for = child;

	err = st_child_refit(child);
	if (err) {
		st_child_set_error(child, err == -E2BIG ? "too many children" : "out of memory");
		st_child_outcome(child, ST_OUTCOME_FAILED);
		return;
	}
	if (child->sup) {
		st_emit(tree, ST_FX_STARTING, child)->cause = cause_of(child);
		st_sup_begin_init(child->sup);
		return;
	}
	st_map_put(&tree->generations, child->generation, child);
	st_emit(tree, ST_FX_SPAWN, child);
	if (def->start_timeout_ms)
		st_heap_put(&tree->timers, &child->timer,
			    tree->now_ns + def->start_timeout_ms * ST_NSEC_PER_MSEC);
}

static void be_ready(struct st_child *child)
{
	struct st_tree *tree = tree_of(child);
	uint64_t began_ns = child->since_ns;
	struct st_effect *effect;

	if (child->was_ready)
		child->nr_restarts++;
	child->was_ready = true;
	child->is_wanted = true;
	child->ready_generation = child->generation;
	child->ready_pid = child->pid;
	child->ready_ns = tree->now_ns;
	st_child_set_state(child, ST_CHILD_RUNNING);
	effect = st_emit(tree, ST_FX_STARTED, child);
	effect->cause = cause_of(child);
	effect->pid = child->pid;
	effect->took_ns = tree->now_ns - began_ns;
	effect->spawned_ns = child->spawned_ns ? child->spawned_ns - began_ns : 0;
	st_effect_count(effect);
}

/* What the supervisor does after a failed start. [A5] [C1] [C3] [F1] */
static enum st_rule failure_rule(const struct st_child *child)
{
	const struct st_sup *sup = child->parent;

	if (!sup)
		return ST_RULE_NONE;
	if (sup->job == ST_JOB_CALL_START)
		return sup->cause.rule;
	return sup->job == ST_JOB_ROUND_START ? ST_RULE_RETRY : ST_RULE_UNDO;
}

static void not_be(struct st_child *child, enum st_effect_type type)
{
	struct st_tree *tree = tree_of(child);
	bool is_undone = child->sup && child->reason.type == ST_REASON_FAILED_CHILD;
	uint64_t took_ns = tree->now_ns - child->since_ns;
	struct st_effect *effect;

	child->alive = false;
	if (!child->sup)
		st_map_remove(&tree->generations, child->generation);
	st_child_set_state(child, ST_CHILD_STOPPED);
	effect = st_emit_reason(tree, type, child);
	effect->cause = is_undone ? child->sup->cause : cause_of(child);
	effect->pid = child->pid;
	effect->took_ns = took_ns;
	child->pid = 0;
	if (type == ST_FX_IGNORED)
		return;
	st_effect_end(effect);
	if (type == ST_FX_START_FAILED)
		effect->applied = failure_rule(child);
}

void st_child_outcome(struct st_child *child, enum st_outcome outcome)
{
	static const enum st_effect_type effects[ST_OUTCOME__MAX] = {
		[ST_OUTCOME_IGNORED] = ST_FX_IGNORED,
		[ST_OUTCOME_DONE] = ST_FX_DONE,
		[ST_OUTCOME_FAILED] = ST_FX_START_FAILED,
	};
	struct st_tree *tree = tree_of(child);

	st_heap_remove(&tree->timers, &child->timer);
	child->outcome = outcome;
	child->lingering = false;
	child->is_settling = false;
	if (outcome == ST_OUTCOME_READY)
		be_ready(child);
	else
		not_be(child, effects[outcome]);

	if (child->parent) {
		child->parent->waiting_for = NULL;
		st_sup_wake(child->parent);
	} else if (outcome != ST_OUTCOME_READY) {
		tree->halted = true;
		st_emit_reason(tree, ST_FX_HALTED, child);
	}
}

/* It is READY, which counts when it has been up for min_uptime. [X9] */
void st_child_settle(struct st_child *child)
{
	uint32_t min_uptime_ms = child->spec->def.min_uptime_ms;
	struct st_tree *tree = tree_of(child);

	if (!min_uptime_ms) {
		st_child_outcome(child, ST_OUTCOME_READY);
		return;
	}
	child->is_settling = true;
	st_heap_remove(&tree->timers, &child->timer); /* start_timeout has been kept */
	st_heap_put(&tree->timers, &child->timer, tree->now_ns + min_uptime_ms * ST_NSEC_PER_MSEC);
}

/*
 * It sent IGNORE or ERROR and should now end by itself. It gets as much time as a stop
 * would give it.
 */
void st_child_linger(struct st_child *child, enum st_outcome outcome)
{
	const struct st_shutdown *shutdown = &child->spec->def.shutdown;
	struct st_tree *tree = tree_of(child);

	child->lingering = true;
	child->outcome = outcome;
	st_heap_remove(&tree->timers, &child->timer);
	if (shutdown->type == ST_SHUTDOWN_BRUTAL_KILL)
		st_emit_signal(child, SIGKILL);
	else if (shutdown->type == ST_SHUTDOWN_TIMEOUT)
		st_heap_put(&tree->timers, &child->timer,
			    tree->now_ns + shutdown->timeout_ms * ST_NSEC_PER_MSEC);
}
