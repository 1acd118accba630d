// SPDX-License-Identifier: GPL-2.0-only
/*
 * The child that a supervisor will start next, if that is certain. See step.h.
 *
 * A job is finished before the next message [M2], and messages are taken in order [M1].
 * So the next start follows from the list of children, or from the mailbox.
 */
#include "core/internal.h"

/* The rest of a start of all [A1], or of a round [D2] [D3]: a plain list. */
static struct st_child *peek_list(const struct st_sup *sup)
{
	struct st_list *next;

	if (sup->walk == &sup->children)
		return NULL;
	for (next = sup->walk->next; next != &sup->children; next = next->next)
		if (!st_child_is_left(st_child_of(next)))
			return st_child_of(next);
	return NULL;
}

/* As st_restart_exit() will decide, if a restart is still allowed. [B1] */
static bool is_restarted(const struct st_child *child)
{
	const struct st_child_def *def = &child->spec->def;

	if (def->backoff.min_ms)
		return false;
	return def->restart == ST_RESTART_PERMANENT ||
	       (def->restart == ST_RESTART_TRANSIENT && !st_reason_is_normal(&child->reason));
}

/* The window forgets old restarts; the only new one is the restart of this child. */
static bool is_allowed(const struct st_sup *sup, uint64_t now_ns)
{
	const struct st_sup_flags *flags = &sup->spec->flags;

	return st_window_count(&sup->window, now_ns, flags->period_s) < flags->intensity;
}

/* Whose death waits. */
static struct st_child *peek_mailbox(const struct st_sup *sup, uint64_t now_ns)
{
	struct st_message *message = st_mailbox_peek(&sup->mailbox);
	struct st_child *child;

	if (!message || message->type != ST_MESSAGE_EXIT)
		return NULL;
	child = container_of(message, struct st_child, message);
	return is_restarted(child) && is_allowed(sup, now_ns) ? child : NULL;
}

struct st_child *st_sup_peek_start(const struct st_sup *sup, uint64_t now_ns)
{
	struct st_child *next = NULL;

	if (sup->phase == ST_PHASE_KILLED)
		return NULL;
	if (sup->job == ST_JOB_INIT || (sup->job == ST_JOB_ROUND_START && !sup->alone))
		next = peek_list(sup);
	else if (sup->job == ST_JOB_ROUND_START)
		next = peek_mailbox(sup, now_ns);
	return next && !next->sup && !next->spec->def.sup ? next : NULL;
}
