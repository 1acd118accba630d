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

static void send_next(struct st_requests *requests, struct st_script *script)
{
	struct st_pending *pending;

	if (script->next == script->nr) {
		if (script->client)
			st_client_reply_result(script->client, &script->result);
		st_script_free(script);
		return;
	}
	pending = script->requests[script->next++];
	pending->client = script->client;
	pending->script = script;
	st_pending_post(requests, pending);
}

void st_script_run(struct st_requests *requests, struct st_script *script)
{
	send_next(requests, script);
}

void st_script_answered(struct st_requests *requests, struct st_pending *pending,
			const struct st_effect *effect)
{
	struct st_script *script = pending->script;
	struct st_buf term = ST_BUF_INIT;

	script->client = pending->client;
	if (!st_reply_is_error(effect->reply) || script->is_optional[script->next - 1]) {
		send_next(requests, script);
		return;
	}
	st_reply_write_term(effect, &term);
	if (script->client)
		st_client_reply_error(script->client, st_reply_error(effect->reply),
				      st_buf_error(&term) ? NULL : st_buf_text(&term),
				      "%s %s: %s of %s, request %u of %u: %s",
				      st_operations[script->op].verb, script->about,
				      st_request_text[pending->request.type], pending->path,
				      script->next, script->nr, st_buf_text(&term));
	else
		st_log("%s %s: %s of %s: %s", st_operations[script->op].verb, script->about,
		       st_request_text[pending->request.type], pending->path, st_buf_text(&term));
	st_buf_done(&term);
	st_script_free(script);
}
