// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a single child: asked for, forced, or by itself. [G] [M3]
 *
 * The end of a killed supervisor is the end of its whole subtree: it is
 * killed at once and counts as dead when everything below it is reaped [G7].
 * Ends travel upwards in a loop, not by recursion.
 */
#include <signal.h>

#include "core/internal.h"

#define SHELL_SIGNAL_BASE 128 /* a shell exits with this and the signal */

/* Elixir: DynamicSupervisor.wait_child/4. [X3] */
static bool is_elixir_error(const struct st_child *child)
{
	enum st_reason_type reason = child->reason.type;

	if (child->spec->def.shutdown.type == ST_SHUTDOWN_BRUTAL_KILL)
		return reason != ST_REASON_KILLED;
	if (reason == ST_REASON_NORMAL)
		return child->spec->def.restart == ST_RESTART_PERMANENT;
	return reason != ST_REASON_SHUTDOWN && reason != ST_REASON_SHUTDOWN_TERM &&
	       reason != ST_REASON_UNHEALTHY;
}

/*
 * OTP: shutdown/1, and wait_dynamic_children/5 in the same way. The ends that a stop
 * reports as shutdown_error. [G5] [I7]
 */
bool st_shutdown_is_error(const struct st_child *child)
{
	bool permanent = child->spec->def.restart == ST_RESTART_PERMANENT;
	bool brutal = child->spec->def.shutdown.type == ST_SHUTDOWN_BRUTAL_KILL;

	if (child->parent->spec->flags.strategy == ST_STRATEGY_DYNAMIC)
		return is_elixir_error(child);
	if (child->reason.type == ST_REASON_KILLED)
		return !brutal;
	if (child->reason.type == ST_REASON_SHUTDOWN)
		return brutal && permanent;
	return permanent || !st_reason_is_normal(&child->reason);
}

/* The message about a death will not be needed. [M3] */
static void consume_death(struct st_child *child)
{
	if (child->ended)
		st_message_drop(&child->message);
	child->ended = false;
}

/* A child that its supervisor has stopped is dead. Dynamic stops report at their end. */
void st_child_stopped(struct st_child *child)
{
	struct st_sup *sup = child->parent;

	consume_death(child);
	st_child_set_state(child, ST_CHILD_STOPPED);
	if (sup->job == ST_JOB_TERMINATE && st_sup_is_dynamic(sup))
		return;
	if (st_shutdown_is_error(child))
		st_report(child, ST_CONTEXT_SHUTDOWN_ERROR, &child->reason);
}

static void kill_process(struct st_child *child)
{
	st_heap_remove(&child->parent->tree->timers, &child->timer);
	if (!child->killed)
		st_emit_signal(child, SIGKILL);
}

void st_child_kill(struct st_child *child)
{
	if (child->sup)
		st_sup_kill(child->sup);
	else
		kill_process(child);
}

/* Was it asked to end because its probe has failed? [X11] */
static bool is_shut_down(const struct st_child *child)
{
	const struct st_probe_spec *probe = child->spec->def.process.probe;

	return child->is_unhealthy && probe && probe->on_failure == ST_ON_FAILURE_SHUTDOWN;
}

/*
 * What SIGTERM is to others, its stop_signal is to this child: an end by it, or with a
 * shell's word for it, is `shutdown`. [X6]
 */
struct st_reason st_child_reason(const struct st_child *child, const struct st_reason *reason)
{
	int signo = st_stop_signal(&child->spec->def.process);

	if (child->state == ST_CHILD_RUNNING && child->parent->phase != ST_PHASE_KILLED &&
	    is_shut_down(child))
		return (struct st_reason){ .type = ST_REASON_UNHEALTHY };
	if ((reason->type == ST_REASON_SIGNAL && reason->value == signo) ||
	    (reason->type == ST_REASON_CODE && reason->value == SHELL_SIGNAL_BASE + signo))
		return (struct st_reason){ .type = ST_REASON_SHUTDOWN };
	return st_reason_plain(reason);
}

static void stop_politely(struct st_child *child)
{
	const struct st_shutdown *shutdown = &child->spec->def.shutdown;
	struct st_tree *tree = child->parent->tree;

	if (child->sup) {
		st_mailbox_put(&child->sup->mailbox, &child->sup->stop, ST_MESSAGE_STOP);
		st_sup_wake(child->sup);
	} else {
		st_emit_signal(child, st_stop_signal(&child->spec->def.process));
	}
	if (shutdown->type != ST_SHUTDOWN_TIMEOUT)
		return;
	if (shutdown->timeout_ms == 0)
		st_child_kill(child);
	else
		st_heap_put(&tree->timers, &child->timer,
			    tree->now_ns + shutdown->timeout_ms * ST_NSEC_PER_MSEC);
}

/*
 * The probe of a child has failed too often. Its end is a death like others, to which its
 * supervisor comes when it is there. [X11]
 */
void st_child_unhealthy(struct st_child *child)
{
	const struct st_probe_spec *probe = child->spec->def.process.probe;

	if (child->state != ST_CHILD_RUNNING || child->ended || child->killed ||
	    child->is_unhealthy || !probe || child->sup)
		return;
	child->is_unhealthy = true;
	if (is_shut_down(child) && child->spec->def.shutdown.type != ST_SHUTDOWN_BRUTAL_KILL)
		stop_politely(child);
	else
		st_child_kill(child);
}

/* Stop a RUNNING child. It is STOPPED on return, or its supervisor waits for it. */
void st_child_stop(struct st_child *child)
{
	if (child->ended) {
		st_child_stopped(child); /* its death is consumed here [M3] */
		return;
	}
	st_child_set_state(child, ST_CHILD_STOPPING);
	if (child->parent->job == ST_JOB_TERMINATE && st_sup_is_dynamic(child->parent))
		child->parent->nr_waiting++;
	else
		child->parent->waiting_for = child;
	if (child->killed)
		return; /* because it was unhealthy [X11] */
	if (child->spec->def.shutdown.type == ST_SHUTDOWN_BRUTAL_KILL)
		st_child_kill(child);
	else
		stop_politely(child);
}

static void ended_while_starting(struct st_child *child, const struct st_reason *reason)
{
	if (child->lingering) {
		st_child_outcome(child, child->outcome);
		return;
	}
	if (child->spec->def.process.ready == ST_READY_EXIT && !child->sup && !child->killed &&
	    reason->type == ST_REASON_NORMAL) {
		st_child_outcome(child, ST_OUTCOME_DONE); /* [X8] */
		return;
	}
	if (child->killed)
		st_child_set_error(child, "start_timeout: not ready in time");
	else
		child->reason = *reason;
	st_child_outcome(child, ST_OUTCOME_FAILED);
}

static void ended_by_itself(struct st_child *child)
{
	child->ended = true;
	st_mailbox_put(&child->parent->mailbox, &child->message, ST_MESSAGE_EXIT);
	st_sup_wake(child->parent);
}

static void ended_by_stop(struct st_child *child)
{
	struct st_sup *sup = child->parent;

	st_child_stopped(child);
	if (sup->nr_waiting)
		sup->nr_waiting--;
	else
		sup->waiting_for = NULL;
	st_sup_wake(sup);
}

static void sup_is_down(struct st_sup *sup)
{
	st_sup_set_job(sup, ST_JOB_NONE);
	sup->phase = ST_PHASE_DOWN;
	sup->waiting_for = NULL;
	st_list_del(&sup->runnable);
	st_mailbox_refuse(sup);
}

/* Returns the killed supervisor that ended with its last child, or NULL. */
static struct st_child *ended_in_killed(struct st_child *child)
{
	struct st_sup *sup = child->parent;

	child->lingering = false;
	st_child_set_state(child, ST_CHILD_STOPPED);
	if (--sup->nr_waiting)
		return NULL;
	sup_is_down(sup);
	return sup->self;
}

/* Why a child is stopped: what its supervisor is busy with. */
struct st_cause st_stop_cause(const struct st_child *child)
{
	static const struct st_cause stop = { .rule = ST_RULE_STOP };

	return child->parent ? child->parent->cause : stop;
}

/* What a supervisor does after an end that it did not cause. [B1] [B2] */
static enum st_rule end_rule(const struct st_child *child)
{
	switch (child->spec->def.restart) {
	case ST_RESTART_PERMANENT:
		return ST_RULE_PERMANENT;
	case ST_RESTART_TRANSIENT:
		return st_reason_is_normal(&child->reason) ? ST_RULE_NORMAL : ST_RULE_ABNORMAL;
	case ST_RESTART_TEMPORARY:
	case ST_RESTART__MAX:
		break;
	}
	return ST_RULE_TEMPORARY;
}

/* The end of a child that was started, or was to be killed before it was. */
static void emit_end(struct st_tree *tree, struct st_child *child, enum st_effect_type type)
{
	bool is_asked = child->state == ST_CHILD_STOPPING ||
			(child->parent && child->parent->phase == ST_PHASE_KILLED);
	static const struct st_cause unhealthy = { .rule = ST_RULE_UNHEALTHY };
	struct st_effect *effect = st_emit_reason(tree, type, child);

	if (child->sup)
		effect->cause = child->sup->cause; /* why it ends, asked for or not */
	else if (is_asked)
		effect->cause = st_stop_cause(child);
	else if (child->is_unhealthy)
		effect->cause = unhealthy;
	if (!is_asked && child->parent)
		effect->applied = end_rule(child);
	if (child->state == ST_CHILD_STOPPING)
		effect->took_ns = tree->now_ns - child->since_ns;
	if (type == ST_FX_EXITED)
		effect->ran_ns = tree->now_ns - child->ready_ns;
	effect->pid = child->pid;
	st_effect_end(effect);
}

static struct st_child *end_one(struct st_child *child, const struct st_reason *reason)
{
	struct st_tree *tree = child->sup ? child->sup->tree : child->parent->tree;
	bool started = child->state != ST_CHILD_STARTING;

	st_heap_remove(&tree->timers, &child->timer);
	st_map_remove(&tree->generations, child->sup ? 0 : child->generation);
	child->alive = false;
	if (!started && child->parent && child->parent->phase != ST_PHASE_KILLED) {
		ended_while_starting(child, reason);
		return NULL;
	}
	child->reason = *reason;
	emit_end(tree, child, started ? ST_FX_EXITED : ST_FX_START_ABORTED);
	child->pid = 0;
	if (!child->parent) {
		st_child_set_state(child, ST_CHILD_STOPPED);
		tree->halted = true;
		st_emit_reason(tree, ST_FX_HALTED, child);
		return NULL;
	}
	if (child->parent->phase == ST_PHASE_KILLED)
		return ended_in_killed(child);
	if (child->state == ST_CHILD_STOPPING)
		ended_by_stop(child);
	else
		ended_by_itself(child);
	return NULL;
}

void st_child_ended(struct st_child *child, const struct st_reason *reason)
{
	static const struct st_reason killed = { .type = ST_REASON_KILLED };

	for (; child; reason = &killed)
		child = end_one(child, reason);
}

/* A supervisor has stopped all its children and ends. */
void st_sup_ended(struct st_sup *sup, const struct st_reason *reason)
{
	sup_is_down(sup);
	st_child_ended(sup->self, reason);
}

/* One node of a subtree that is killed. */
static void kill_node(struct st_child *child, const struct st_cause *cause)
{
	struct st_sup *sup = child->sup;
	struct st_list *pos;

	if (child->ended || child->state == ST_CHILD_RESTARTING) {
		st_heap_remove(&child->parent->tree->timers, &child->timer);
		consume_death(child);
		st_child_set_state(child, ST_CHILD_STOPPED);
	}
	if (!child->alive)
		return;
	if (!sup) {
		kill_process(child);
		return;
	}
	st_heap_remove(&sup->tree->timers, &child->timer);
	st_list_del(&sup->runnable);
	st_mailbox_refuse(sup);
	if (sup->job != ST_JOB_TERMINATE)
		sup->cause = *cause;
	sup->phase = ST_PHASE_KILLED;
	st_sup_set_job(sup, ST_JOB_DIE);
	sup->waiting_for = NULL;
	sup->nr_waiting = 0;
	st_list_for_each(pos, &sup->children)
		sup->nr_waiting += st_child_of(pos)->alive;
}

/*
 * In OTP the children of a killed supervisor die of their links, and busy ones live on
 * for a while [Q3]. Here the whole subtree is killed. [G7]
 */
void st_sup_kill(struct st_sup *sup)
{
	static const struct st_reason killed = { .type = ST_REASON_KILLED };
	static const struct st_cause kill = { .rule = ST_RULE_KILL };
	struct st_child *top = sup->self;
	struct st_cause cause = top->parent ? top->parent->cause : kill;

	if (sup->phase == ST_PHASE_KILLED || sup->phase == ST_PHASE_DOWN)
		return;
	for (struct st_child *child = top; child; child = st_child_next(child, top))
		kill_node(child, &cause);
	for (struct st_child *child = top; child; child = st_child_next(child, top)) {
		struct st_sup *empty = child->sup;

		if (!empty || empty->phase != ST_PHASE_KILLED || empty->nr_waiting)
			continue;
		st_sup_ended(empty, &killed);
	}
}
