// SPDX-License-Identifier: GPL-2.0-only
/*
 * A number for the state of a tree; see copy.h.
 *
 * Children are named by their place in the walk, never by their address. So a copy has the
 * number of what it was copied from.
 */
#include <string.h>

#include "core/copy.h"
#include "core/internal.h"

static void mix(uint64_t *hash, uint64_t value)
{
	*hash = (*hash ^ value) * 0x9e3779b97f4a7c15ull; /* 2^64 / golden ratio */
	*hash ^= *hash >> 29;
}

static void mix_text(uint64_t *hash, const char *text)
{
	for (; text && *text; text++)
		mix(hash, (unsigned char)*text);
	mix(hash, text != NULL);
}

static void mix_reason(uint64_t *hash, const struct st_reason *reason)
{
	for (; reason; reason = reason->inner) {
		mix(hash, reason->type);
		mix(hash, (uint64_t)(int64_t)reason->value);
		mix_text(hash, reason->text);
	}
}

static void mix_sup_spec(uint64_t *hash, const struct st_sup_spec *spec)
{
	mix(hash, spec != NULL);
	if (!spec)
		return;
	mix(hash, (uint64_t)spec->flags.strategy << 32 | spec->flags.intensity);
	mix(hash, (uint64_t)spec->flags.period_s << 32 | spec->flags.auto_shutdown);
	mix(hash, (uint64_t)spec->flags.max_children << 32 | spec->nr_children);
	mix(hash, spec->init);
	mix(hash, spec->changed);
}

/* Specifications have no state; what decides is enough to tell two of them apart. */
static void mix_spec(uint64_t *hash, const struct st_child_spec *spec)
{
	const struct st_child_def *def = &spec->def;
	bool has_timeout = def->shutdown.type == ST_SHUTDOWN_TIMEOUT;

	mix_text(hash, def->id);
	mix(hash, (uint64_t)def->restart << 32 | def->type);
	mix(hash, (uint64_t)def->significant << 32 | def->start_later);
	mix(hash,
	    (uint64_t)def->shutdown.type << 32 | (has_timeout ? def->shutdown.timeout_ms : 0));
	mix(hash, (uint64_t)def->start_timeout_ms << 32 | def->min_uptime_ms);
	mix(hash, (uint64_t)def->backoff.min_ms << 32 | def->backoff.max_ms);
	mix_sup_spec(hash, def->sup);
}

static void mix_child(uint64_t *hash, const struct st_child *child)
{
	mix_text(hash, st_child_name(child));
	mix_spec(hash, child->spec);
	mix(hash, child->generation);
	mix(hash, child->ready_generation);
	mix(hash, child->since_ns);
	mix(hash, child->ready_ns);
	mix_reason(hash, &child->reason);
	mix(hash, (uint64_t)child->nr_restarts << 32 | child->nr_delays);
	mix(hash, (uint64_t)(uint32_t)child->pid << 32 | (uint32_t)child->ready_pid);
	mix(hash, (uint64_t)(int64_t)child->status);
	mix(hash, (uint64_t)child->state << 8 | child->outcome);
	mix(hash, (unsigned int)child->from_spec | child->listed << 1 | child->in_lookup << 2 |
			  child->deleted << 3 | child->alive << 4 | child->ended << 5 |
			  child->lingering << 6 | child->killed << 7 | child->was_ready << 8 |
			  child->counted << 9 | child->is_settling << 10 |
			  child->is_unhealthy << 11 | child->is_wanted << 12 | child->nr_fds << 13);
	mix(hash, child->timer.index);
	mix(hash, child->timer.index ? child->timer.key : 0);
}

static void mix_call(uint64_t *hash, const struct st_call *call)
{
	mix(hash, call->type);
	mix(hash, call->token);
	mix_text(hash, call->id);
	mix(hash, call->generation);
	mix(hash, (unsigned int)call->foreign | call->significant << 1 | call->flags_only << 2 |
			  call->whole << 3);
	mix(hash, call->error);
	mix_text(hash, call->error_json);
	mix_text(hash, call->instance ? call->instance->name : NULL);
	if (call->spec)
		mix_spec(hash, call->spec);
	mix_sup_spec(hash, call->to);
	mix_reason(hash, &call->reason);
}

static void mix_calls(uint64_t *hash, const struct st_list *calls)
{
	struct st_list *pos;

	st_list_for_each(pos, calls)
		mix_call(hash, st_list_entry(pos, struct st_call, message.node));
	mix(hash, 0);
}

static void mix_mailbox(uint64_t *hash, const struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->mailbox) {
		struct st_message *message = st_list_entry(pos, struct st_message, node);

		mix(hash, 1 + message->type);
		if (message->type == ST_MESSAGE_CALL)
			mix_call(hash, container_of(message, struct st_call, message));
		else if (message->type != ST_MESSAGE_STOP)
			mix_text(hash,
				 st_child_name(container_of(message, struct st_child, message)));
	}
	mix(hash, 0);
	if (sup->call)
		mix_call(hash, sup->call);
}

/* A place of a job in the list of children. */
static void mix_place(uint64_t *hash, const struct st_sup *sup, struct st_list *at)
{
	mix_text(hash, at == &sup->children ? NULL : st_child_name(st_child_of(at)));
}

static void mix_sup(uint64_t *hash, const struct st_sup *sup)
{
	mix_sup_spec(hash, sup->spec);
	mix(hash, (uint64_t)sup->nr_children << 32 | sup->nr_slots);
	mix(hash, (uint64_t)sup->phase << 32 | sup->job);
	mix(hash, (uint64_t)sup->cause.rule << 32 | sup->cause.nr_restarts);
	mix(hash, (uint64_t)sup->cause.intensity << 32 | sup->cause.period_s);
	mix(hash, sup->cause.generation);
	mix(hash, sup->cause.token);
	mix(hash, sup->waiting_for ? sup->waiting_for->generation : 0);
	mix(hash, sup->nr_waiting);
	mix(hash, (unsigned int)sup->begun | sup->alone << 1);
	mix_reason(hash, &sup->end_reason);
	for (uint32_t i = 0; i < sup->window.nr; i++) {
		struct st_bucket bucket = st_window_at(&sup->window, i);

		mix(hash, bucket.second);
		mix(hash, bucket.until);
	}
	if (sup->job != ST_JOB_NONE && sup->job != ST_JOB_DIE)
		mix_place(hash, sup, sup->walk);
	if (sup->job == ST_JOB_ROUND_STOP)
		mix_place(hash, sup, sup->range);
	if (sup->job == ST_JOB_UNDO)
		mix_text(hash, st_child_name(sup->failed));
	mix_mailbox(hash, sup);
	for (uint32_t i = 0; i < sup->nr_slots; i++)
		if (!sup->slots[i]->listed)
			mix_child(hash, sup->slots[i]);
}

uint64_t st_tree_hash(const struct st_tree *tree)
{
	uint64_t hash = 1;
	struct st_list *pos;

	for (const struct st_child *child = tree->root; child;
	     child = st_child_next((struct st_child *)(uintptr_t)child, tree->root)) {
		mix_child(&hash, child);
		if (child->sup)
			mix_sup(&hash, child->sup);
	}
	st_list_for_each(pos, &tree->runnable)
		mix(&hash, st_list_entry(pos, struct st_sup, runnable)->self->generation);
	mix_calls(&hash, &tree->settle_calls);
	mix_calls(&hash, &tree->refused_calls);
	mix(&hash, tree->now_ns);
	mix(&hash, tree->last_generation);
	mix(&hash, (uint64_t)tree->generations.nr << 32 | tree->timers.nr);
	mix(&hash, (uint64_t)tree->max_fds << 32 | tree->nr_busy);
	mix(&hash, tree->nr_calls);
	mix(&hash, tree->nr_changes);
	mix(&hash, tree->random);
	mix(&hash, tree->halted);
	return hash;
}
