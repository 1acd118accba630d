// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends one request after the other. See script.h.
 */
#include "daemon/requests/script.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/log.h"
#include "daemon/requests/reply.h"
#include "daemon/shell.h"

struct st_script *st_script_new(struct st_client *client, enum st_operation op, const char *about)
{
	struct st_script *script = st_alloc(sizeof(*script));
	size_t size = strlen(about) + 1;

	if (!script)
		return NULL;
	script->client = client;
	script->op = op;
	script->about = st_alloc(size);
	if (!script->about) {
		st_free(script);
		return NULL;
	}
	memcpy(script->about, about, size);
	return script;
}

void st_script_free(struct st_script *script)
{
	if (!script)
		return;
	if (script->hooks)
		script->hooks->free(script);
	for (; script->next < script->nr; script->next++)
		st_pending_free(script->requests[script->next]);
	st_buf_done(&script->result);
	st_free(script->requests);
	st_free(script->is_optional);
	st_free(script->about);
	st_free(script);
}

int st_script_add(struct st_script *script, struct st_pending *pending, bool is_optional)
{
	uint32_t cap = script->cap ? script->cap * 2 : 8;
	struct st_pending **requests;
	bool *optional;

	if (script->nr == script->cap) {
		requests = st_realloc(script->requests, cap * sizeof(*requests));
		if (!requests)
			return -ENOMEM;
		script->requests = requests;
		optional = st_realloc(script->is_optional, cap * sizeof(*optional));
		if (!optional)
			return -ENOMEM;
		script->is_optional = optional;
		script->cap = cap;
	}
	script->requests[script->nr] = pending;
	script->is_optional[script->nr++] = is_optional;
	return 0;
}

/* Everything that was to be done is done, or cannot be. */
static void end(struct st_script *script, int err)
{
	const char *why = err == -EAGAIN ? "the tree changed meanwhile; try again" :
					   "out of memory; what was done so far stays";
	const char *verb = st_operations[script->op].verb;

	if (err && script->client)
		st_client_reply_error(script->client,
				      err == -EAGAIN ? ST_ERROR_CONFLICT : ST_ERROR_NO_MEMORY, NULL,
				      "%s %s: %s", verb, script->about, why);
	else if (err)
		st_log("%s %s: %s", verb, script->about, why);
	else if (script->client)
		st_client_reply_result(script->client, &script->result);
	st_script_free(script);
}

static void send_next(struct st_requests *requests, struct st_script *script)
{
	struct st_pending *pending;
	int err = 0;

	if (script->next == script->nr && script->hooks)
		err = script->hooks->finish(script);
	if (err || script->next == script->nr) {
		end(script, err);
		return;
	}
	pending = script->requests[script->next++];
	script->current = pending;
	pending->client = script->client;
	pending->script = script;
	st_pending_post(requests, pending);
}

void st_script_run(struct st_requests *requests, struct st_script *script)
{
	send_next(requests, script);
}

static bool goes_on(struct st_script *script, const struct st_effect *effect)
{
	if (script->hooks)
		return script->hooks->answered(script, effect);
	return !st_reply_is_error(effect->reply) || script->is_optional[script->next - 1];
}

static void fail(const struct st_requests *requests, const struct st_script *script,
		 const struct st_pending *pending, const struct st_effect *effect)
{
	struct st_buf term = ST_BUF_INIT, text = ST_BUF_INIT;

	st_reply_write_text(requests->shell->tree, effect, &text);
	st_reply_write_term(effect, &term);
	if (script->client)
		st_client_reply_error(script->client, st_reply_error(effect->reply),
				      st_buf_error(&term) ? NULL : st_buf_text(&term),
				      "%s %s: %s %s (step %u of %u): %s",
				      st_operations[script->op].verb, script->about,
				      st_request_text[pending->request.type], pending->path,
				      script->next, script->nr, st_buf_text(&text));
	else
		st_log("%s %s: %s %s: %s", st_operations[script->op].verb, script->about,
		       st_request_text[pending->request.type], pending->path, st_buf_text(&text));
	st_buf_done(&text);
	st_buf_done(&term);
}

void st_script_cancel(struct st_script *script, const char *why)
{
	struct st_client *client = script->current->client;

	script->is_cancelled = true;
	script->current->client = NULL;
	if (!client)
		return;
	st_client_set_data(client, NULL);
	st_client_reply_error(client, ST_ERROR_CONFLICT, NULL, "%s %s: %s",
			      st_operations[script->op].verb, script->about, why);
}

void st_script_answered(struct st_requests *requests, struct st_pending *pending,
			const struct st_effect *effect)
{
	struct st_script *script = pending->script;

	script->client = pending->client;
	if (script->is_cancelled) {
		st_script_free(script);
	} else if (goes_on(script, effect)) {
		send_next(requests, script);
	} else {
		fail(requests, script, pending, effect);
		st_script_free(script);
	}
}
