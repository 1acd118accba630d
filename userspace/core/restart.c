// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a supervisor decides when a child has ended by itself. [B] [E] [F] [H]
 *
 * OTP: restart_child/3, do_restart/3, restart/2, add_restart/1. The messages that lead
 * here are taken one at a time from the mailbox. So each decision is complete before
 * the next one begins.
 */
#include "core/internal.h"

static bool any_left(const struct st_sup *sup)
{
	return st_sup_is_dynamic(sup) ? sup->nr_children : sup->nr_significant; /* [I9] */
}

/* A significant child has ended by itself and is not restarted. [H1] [H2] [H3] */
static void auto_shutdown(struct st_sup *sup, const struct st_child *child)
{
	static const struct st_reason shutdown = { .type = ST_REASON_SHUTDOWN };
	enum st_rule rule = ST_RULE_ANY_SIGNIFICANT;

	switch (sup->spec->flags.auto_shutdown) {
	case ST_AUTO_SHUTDOWN_ANY_SIGNIFICANT:
		break;
	case ST_AUTO_SHUTDOWN_ALL_SIGNIFICANT:
		if (any_left(sup))
			return;
		rule = ST_RULE_ALL_SIGNIFICANT;
		break;
	case ST_AUTO_SHUTDOWN_NEVER:
	case ST_AUTO_SHUTDOWN__MAX:
		return;
	}
	st_sup_set_cause(sup, rule, child);
	st_sup_begin_terminate(sup, &shutdown);
}

static void give_up(struct st_child *child)
{
	static const struct st_reason intensity = { .type = ST_REASON_INTENSITY };
	static const struct st_reason shutdown = { .type = ST_REASON_SHUTDOWN };
	struct st_sup *sup = child->parent;

	st_sup_set_cause(sup, ST_RULE_INTENSITY, child);
	st_report(child, ST_CONTEXT_SHUTDOWN, &intensity);
	st_child_set_state(child, ST_CHILD_STOPPED);
	if (st_sup_is_dynamic(sup))
		st_child_forget(child);
	st_sup_begin_terminate(sup, &shutdown); /* [E6] */
}

static uint64_t next_random(struct st_tree *tree)
{
	tree->random ^= tree->random << 13; /* xorshift64 */
	tree->random ^= tree->random >> 7;
	tree->random ^= tree->random << 17;
	return tree->random;
}

/* min, 2 min, 4 min ... max, minus a random part. A child that was up for max begins at min. */
static uint32_t next_delay_ms(struct st_child *child, uint64_t up_ns)
{
	const struct st_backoff *backoff = &child->spec->def.backoff;
	uint64_t delay_ms = backoff->min_ms;

	if (up_ns >= backoff->max_ms * ST_NSEC_PER_MSEC)
		child->nr_delays = 0;
	for (uint32_t i = 0; i < child->nr_delays && delay_ms < backoff->max_ms; i++)
		delay_ms *= 2;
	if (delay_ms > backoff->max_ms)
		delay_ms = backoff->max_ms;
	child->nr_delays++;
	if (backoff->jitter_percent)
		delay_ms -= delay_ms *
			    (next_random(child->parent->tree) % (backoff->jitter_percent + 1)) /
			    100;
	return (uint32_t)delay_ms;
}

/* Not OTP, and off by default [M6]. Returns false if the child has no back-off. */
static bool back_off(struct st_child *child, uint64_t up_ns)
{
	struct st_tree *tree = child->parent->tree;
	uint32_t delay_ms;

	if (!child->spec->def.backoff.min_ms)
		return false;
	delay_ms = next_delay_ms(child, up_ns);
	st_child_set_state(child, ST_CHILD_RESTARTING);
	st_heap_put(&tree->timers, &child->timer, tree->now_ns + delay_ms * ST_NSEC_PER_MSEC);
	st_emit(tree, ST_FX_DELAYED, child)->value = (int)delay_ms;
	return true;
}

/* Put the retry at the end of the mailbox: now, or when the back-off is over. [F1] */
void st_restart_queue(struct st_child *child)
{
	st_mailbox_put(&child->parent->mailbox, &child->message, ST_MESSAGE_RETRY);
	st_sup_wake(child->parent);
}

static void restart(struct st_child *child, uint64_t up_ns)
{
	struct st_sup *sup = child->parent;
	const struct st_sup_flags *flags = &sup->spec->flags;

	if (!st_window_admit(&sup->window, sup->tree->now_ns, flags->intensity, flags->period_s)) {
		give_up(child);
		return;
	}
	if (child->state == ST_CHILD_RUNNING && back_off(child, up_ns)) {
		child->counted = true;
		return;
	}
	st_sup_begin_round(sup, child);
}

static void not_restarted(struct st_child *child)
{
	struct st_sup *sup = child->parent;
	bool significant = child->spec->def.significant;

	child->is_wanted = false;
	st_child_set_state(child, ST_CHILD_STOPPED);
	if (child->spec->def.restart == ST_RESTART_TEMPORARY || st_sup_is_dynamic(sup))
		st_child_forget(child); /* [B2] [I2] */
	if (significant)
		auto_shutdown(sup, child);
}

/* The supervisor has come to the message that a running child is dead. [B1] [B2] */
void st_restart_exit(struct st_child *child)
{
	enum st_restart type = child->spec->def.restart;
	uint64_t up_ns = child->parent->tree->now_ns - child->since_ns;

	child->ended = false;
	if (type == ST_RESTART_PERMANENT ||
	    (type == ST_RESTART_TRANSIENT && !st_reason_is_normal(&child->reason))) {
		st_report(child, ST_CONTEXT_CHILD_TERMINATED, &child->reason);
		restart(child, up_ns);
		return;
	}
	if (!st_reason_is_normal(&child->reason))
		st_report(child, ST_CONTEXT_CHILD_TERMINATED, &child->reason);
	not_restarted(child);
}

/* [F2]: the retry counts and runs the strategy again, unless it was cancelled [F7]. */
void st_restart_retry(struct st_child *child)
{
	if (child->state != ST_CHILD_RESTARTING || st_heap_holds(&child->timer))
		return;
	if (child->counted) {
		child->counted = false;
		st_sup_begin_round(child->parent, child);
		return;
	}
	restart(child, 0);
}

/* A start in a round failed: the rest of the round waits for the retry. [F1] [F4] [F5] */
void st_restart_failed(struct st_child *child)
{
	st_report(child, ST_CONTEXT_START_ERROR, &child->reason);
	if (back_off(child, 0))
		return;
	st_child_set_state(child, ST_CHILD_RESTARTING);
	st_restart_queue(child);
}
