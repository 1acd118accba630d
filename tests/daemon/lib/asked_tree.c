// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small tree that gets requests; see asked_tree.h.
 */
#include "asked_tree.h"

#include <signal.h>
#include <stdlib.h>

#include "daemon/requests/reply.h"
#include "loop/ring.h"

#define FIRST_PID 1000

static void act(struct asked_tree *asked, const struct st_effect *effect)
{
	struct st_event event = { .generation = effect->generation };

	if (effect->type == ST_FX_SPAWN && asked->failure) {
		st_shell_post_text(&asked->shell, ST_EV_SPAWN_FAILED, effect->generation, "%s",
				   asked->failure);
	} else if (effect->type == ST_FX_SPAWN) {
		event.type = ST_EV_SPAWNED;
		event.pid = FIRST_PID + (int32_t)effect->generation;
		st_shell_post(&asked->shell, &event);
		event.type = ST_EV_READY;
		if (!asked->is_silent)
			st_shell_post(&asked->shell, &event);
	} else if (effect->type == ST_FX_SIGNAL && !asked->is_deaf) {
		event.type = ST_EV_EXITED;
		event.status = effect->value;
		event.reason = st_reason_from_signal(effect->value);
		st_shell_post(&asked->shell, &event);
	}
}

static void execute(void *owner, const struct st_event *event, const struct st_effects *effects,
		    uint64_t now_ns)
{
	struct asked_tree *asked = owner;

	(void)event; /* only what comes of it matters */
	for (uint32_t i = 0; i < effects->nr; i++)
		act(asked, &effects->items[i]);
	for (uint32_t i = 0; i < effects->nr; i++) {
		if (effects->items[i].type == ST_FX_REPLY)
			st_reply(&asked->requests, &effects->items[i]);
		else
			st_events_add(asked->history.events, &effects->items[i], now_ns);
	}
}

static void rest(void *owner, bool is_idle)
{
	(void)owner; /* nothing is put off */
	(void)is_idle;
}

void asked_tree_init(struct asked_tree *asked)
{
	static const struct st_executor executor = { .execute = execute, .rest = rest };
	static const struct st_event boot = { .type = ST_EV_BOOT };
	struct st_probe probe;

	*asked = (struct asked_tree){ .is_deaf = false };
	small_tree_init(&asked->small);
	if (st_probe_run(&probe) || st_ring_new(&probe, &asked->ring) ||
	    st_events_new(&asked->history, &asked->history.events) ||
	    st_shell_init(&asked->shell, asked->small.tree, asked->ring, &executor, asked))
		abort();
	st_requests_init(&asked->requests, asked->ring, &asked->shell, &asked->history);
	st_shell_post(&asked->shell, &boot);
}

void asked_tree_done(struct asked_tree *asked)
{
	if (asked->requests.pending.nr)
		abort(); /* a request that the test has forgotten */
	st_requests_done(&asked->requests);
	st_shell_done(&asked->shell);
	st_events_free(asked->history.events);
	st_ring_free(asked->ring);
	small_tree_done(&asked->small);
}

static void post(struct asked_tree *asked, enum st_event_type type, const char *path, int status,
		 struct st_reason reason)
{
	const struct st_event event = {
		.type = type,
		.generation = small_tree_find(&asked->small, path)->generation,
		.status = status,
		.reason = reason,
	};

	st_shell_post(&asked->shell, &event);
}

void asked_tree_ready(struct asked_tree *asked, const char *path)
{
	post(asked, ST_EV_READY, path, 0, (struct st_reason){ .type = ST_REASON_NORMAL });
}

void asked_tree_exit(struct asked_tree *asked, const char *path, int status)
{
	post(asked, ST_EV_EXITED, path, status << 8, st_reason_from_exit(status));
}

void asked_tree_kill(struct asked_tree *asked, const char *path, int signo)
{
	post(asked, ST_EV_EXITED, path, signo, st_reason_from_signal(signo));
}

struct st_pending *asked_request(struct st_client *client, enum st_operation op,
				 enum st_request_type type, const char *path, bool is_child)
{
	struct st_pending *pending = st_pending_new(client, op, path, is_child);

	if (!pending)
		abort();
	pending->request.type = type;
	return pending;
}
