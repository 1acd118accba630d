// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns core's answer into the answer of the protocol, as JSON. See reply.h.
 */
#include "daemon/requests/reply.h"

#include <string.h>

#include "core/limits.h"
#include "core/step.h"
#include "daemon/history/history.h"
#include "daemon/requests/script.h"
#include "daemon/requests/view.h"
#include "daemon/shell.h"

static const struct {
	enum st_error error;
	const char *text;
} errors[ST_REPLY__MAX] = {
	[ST_REPLY_ALREADY_PRESENT] = { ST_ERROR_ALREADY_PRESENT,
				       "a child with this id exists and does not run" },
	[ST_REPLY_ALREADY_STARTED] = { ST_ERROR_ALREADY_STARTED, "a child with this id runs" },
	[ST_REPLY_NOT_FOUND] = { ST_ERROR_NOT_FOUND, "no such child" },
	[ST_REPLY_RUNNING] = { ST_ERROR_RUNNING, "the child runs" },
	[ST_REPLY_RESTARTING] = { ST_ERROR_RESTARTING, "the child is about to be started again" },
	[ST_REPLY_SIMPLE_ONE_FOR_ONE] = { ST_ERROR_SIMPLE_ONE_FOR_ONE,
					  "children of a dynamic supervisor have no id" },
	[ST_REPLY_NOPROC] = { ST_ERROR_NOPROC, "no such supervisor runs" },
	[ST_REPLY_START_ERROR] = { ST_ERROR_START_ERROR, "it could not be started" },
	[ST_REPLY_INVALID_SPEC] = { ST_ERROR_INVALID_SPEC, "the specification is not valid" },
	[ST_REPLY_MAX_CHILDREN] = { ST_ERROR_MAX_CHILDREN,
				    "the supervisor has all the children it may have" },
	[ST_REPLY_REFUSED] = { ST_ERROR_CONFLICT,
			       "a supervisor cannot become dynamic, or stop being dynamic" },
	[ST_REPLY_LIMIT] = { ST_ERROR_LIMIT, "a limit is reached" },
	[ST_REPLY_NO_MEMORY] = { ST_ERROR_NO_MEMORY, "out of memory" },
};

enum st_error st_reply_error(enum st_reply reply)
{
	return errors[reply].error;
}

void st_reply_write_term(const struct st_effect *effect, struct st_buf *out)
{
	const char *word = st_reply_text[effect->reply];
	struct st_json json;

	st_json_init(&json, out);
	if (effect->reply == ST_REPLY_INVALID_SPEC) {
		st_reason_write(&effect->reason, out);
	} else if (effect->reply == ST_REPLY_START_ERROR ||
		   effect->reply == ST_REPLY_ALREADY_STARTED) {
		st_json_begin_object(&json);
		st_json_key(&json, word);
		if (effect->reply == ST_REPLY_START_ERROR)
			st_reason_write(&effect->reason, st_json_place(&json));
		else
			st_view_process(effect->child, &json);
		st_json_end_object(&json);
	} else {
		st_json_text(&json, word);
	}
}

static void write_counts(const struct st_sup *sup, struct st_json *json)
{
	struct st_counts counts = st_sup_count(sup);

	st_json_begin_object(json);
	st_json_u64_field(json, "specs", counts.specs);
	st_json_u64_field(json, "active", counts.active);
	st_json_u64_field(json, "supervisors", counts.supervisors);
	st_json_u64_field(json, "workers", counts.workers);
	st_json_end_object(json);
}

static void write_result(struct st_requests *requests, const struct st_pending *pending,
			 const struct st_effect *effect, struct st_json *json)
{
	if (effect->reply == ST_REPLY_CHILDREN) {
		st_view_children(effect->sup, json);
		return;
	}
	if (effect->reply == ST_REPLY_COUNTS) {
		write_counts(effect->sup, json);
		return;
	}
	if (effect->reply == ST_REPLY_CHILDSPEC) {
		st_view_spec(effect->child ? effect->child->spec : effect->sup->spec->children[0],
			     st_client_peer(pending->client)->role == ST_ROLE_ADMIN, json);
		return;
	}
	st_json_begin_object(json);
	if (effect->reply == ST_REPLY_STARTED) {
		st_json_key(json, "started");
		st_view_process(effect->child, json);
	} else if (effect->reply == ST_REPLY_IGNORED) {
		st_json_bool_field(json, "ignored", true);
	} else if (effect->reply == ST_REPLY_DONE || effect->reply == ST_REPLY_ADDED) {
		st_json_bool_field(json, st_reply_text[effect->reply], true);
	} else if (pending->op == ST_OPERATION_STRATEGY) {
		st_view_flags(&effect->sup->spec->flags, json);
	} else {
		st_json_bool_field(json, "ok", true);
		st_json_u64_field(json, "seq", st_events_seq(requests->history->events));
	}
	st_json_end_object(json);
}

/* Say what is behind a word of core, if core has said more. */
static void write_detail(const struct st_tree *tree, const struct st_effect *effect,
			 struct st_buf *out)
{
	if (effect->reply == ST_REPLY_START_ERROR || effect->reply == ST_REPLY_INVALID_SPEC)
		st_reason_write(&effect->reason, out);
	if (effect->reply != ST_REPLY_LIMIT || !tree->max_fds)
		return;
	st_buf_add_text(out, "the children need ");
	st_buf_add_u64(out, tree->nr_fds);
	st_buf_add_text(out, " of the ");
	st_buf_add_u64(out, tree->max_fds);
	st_buf_add_text(out, " descriptors for them (ulimit -n), and there are ");
	st_buf_add_u64(out, tree->nr_nodes - 1);
	st_buf_add_text(out, " of ");
	st_buf_add_u64(out, ST_MAX_NODES);
	st_buf_add_text(out, " children");
}

void st_reply_write_text(const struct st_tree *tree, const struct st_effect *effect,
			 struct st_buf *out)
{
	struct st_buf detail = ST_BUF_INIT;

	st_buf_add_text(out, errors[effect->reply].text);
	write_detail(tree, effect, &detail);
	if (detail.len)
		st_buf_add_text(out, ": ");
	st_buf_add_buf(out, &detail);
	st_buf_done(&detail);
}

static void answer(struct st_requests *requests, struct st_pending *pending,
		   const struct st_effect *effect)
{
	struct st_buf term = ST_BUF_INIT, text = ST_BUF_INIT;
	struct st_json json;

	if (st_reply_is_error(effect->reply)) {
		st_reply_write_term(effect, &term);
		st_reply_write_text(requests->shell->tree, effect, &text);
		st_client_reply_error(pending->client, st_reply_error(effect->reply),
				      st_buf_error(&term) ? NULL : st_buf_text(&term), "%s %s: %s",
				      st_operations[pending->op].verb, pending->path,
				      st_buf_text(&text));
	} else {
		st_json_init(&json, &text);
		write_result(requests, pending, effect, &json);
		st_client_reply_result(pending->client, &text);
	}
	st_buf_done(&term);
	st_buf_done(&text);
}

void st_reply(struct st_requests *requests, const struct st_effect *effect)
{
	struct st_pending *pending = st_pending_take(requests, effect->token);

	if (!pending)
		return;
	if (pending->script)
		st_script_answered(requests, pending, effect);
	else if (pending->client)
		answer(requests, pending, effect);
	st_pending_free(pending);
}

void st_reply_no_memory(struct st_requests *requests, struct st_pending *pending)
{
	const struct st_effect effect = { .type = ST_FX_REPLY, .reply = ST_REPLY_NO_MEMORY };

	if (pending->script)
		st_script_answered(requests, pending, &effect);
	else if (pending->client)
		answer(requests, pending, &effect);
	st_pending_free(pending);
}
