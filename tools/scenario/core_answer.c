// SPDX-License-Identifier: GPL-2.0-only
/*
 * Effects of core as answers and events of the control protocol.
 */
#include "core/step.h"
#include "core_protocol.h"
#include "die.h"

/* JSON that was written into @text; @text is emptied. */
static json_t *parse(struct st_buf *text)
{
	json_t *json = st_need(json_loads(st_buf_text(text), JSON_DECODE_ANY, NULL));

	st_buf_done(text);
	return json;
}

static json_t *reason_json(const struct st_reason *reason)
{
	struct st_buf text = ST_BUF_INIT;

	st_reason_write(reason, &text);
	return parse(&text);
}

static json_t *path_json(const struct st_child *child)
{
	struct st_buf path = ST_BUF_INIT;
	json_t *json;

	st_child_write_path(child, &path);
	json = st_need(json_string(st_buf_text(&path)));
	st_buf_done(&path);
	return json;
}

/* A virtual process has its generation for a pid. */
static json_t *process_json(const struct st_child *child)
{
	json_t *json = st_need(json_object());

	st_put(json, "generation", json_integer((json_int_t)child->generation));
	if (!child->sup)
		st_put(json, "pid", json_integer((json_int_t)child->generation));
	return json;
}

static json_t *child_json(const struct st_child *child)
{
	bool hides_name = st_child_is_dynamic(child) && child->state == ST_CHILD_RESTARTING;
	json_t *json = process_json(child);

	/* OTP shows no process of it, and so no name [I6] */
	st_put(json, "id", hides_name ? json_null() : json_string(st_child_name(child)));
	st_put(json, "state", json_string(st_child_state_text[child->state]));
	st_put(json, "type", json_string(st_child_type_text[child->spec->def.type]));
	return json;
}

/* Newest first. [C7] */
static json_t *children_json(const struct st_sup *sup)
{
	json_t *json = st_need(json_array());

	for (struct st_list *pos = sup->children.prev; pos != &sup->children; pos = pos->prev)
		st_append(json, child_json(st_child_of(pos)));
	return json;
}

static json_t *counts_json(const struct st_sup *sup)
{
	struct st_counts counts = st_sup_count(sup);

	return json_pack("{s:i, s:i, s:i, s:i}", "specs", (int)counts.specs, "active",
			 (int)counts.active, "supervisors", (int)counts.supervisors, "workers",
			 (int)counts.workers);
}

static json_t *childspec_json(const struct st_effect *effect)
{
	struct st_buf text = ST_BUF_INIT;

	st_child_spec_write(effect->child ? effect->child->spec : effect->sup->spec->children[0],
			    &text);
	return parse(&text);
}

static json_t *result_json(const struct st_effect *effect)
{
	if (effect->reply == ST_REPLY_STARTED)
		return json_pack("{s:o}", "started", process_json(effect->child));
	if (effect->reply == ST_REPLY_IGNORED)
		return json_pack("{s:b}", "ignored", true);
	if (effect->reply == ST_REPLY_CHILDREN)
		return children_json(effect->sup);
	if (effect->reply == ST_REPLY_COUNTS)
		return counts_json(effect->sup);
	if (effect->reply == ST_REPLY_CHILDSPEC)
		return childspec_json(effect);
	return json_pack("{s:b}", "ok", true);
}

static json_t *error_json(const struct st_effect *effect)
{
	const char *word = st_reply_text[effect->reply];

	if (effect->reply == ST_REPLY_INVALID_SPEC)
		return reason_json(&effect->reason);
	if (effect->reply == ST_REPLY_START_ERROR)
		return json_pack("{s:o}", word, reason_json(&effect->reason));
	if (effect->reply == ST_REPLY_ALREADY_STARTED)
		return json_pack("{s:o}", word, process_json(effect->child));
	return json_string(word);
}

json_t *st_core_answer(const struct st_effect *effect)
{
	bool is_error = st_reply_is_error(effect->reply);

	return st_need(json_pack("{s:o}", is_error ? "error" : "result",
				 is_error ? error_json(effect) : result_json(effect)));
}

json_t *st_core_event(const struct st_effect *effect)
{
	json_t *event = st_need(json_object());

	st_put(event, "event", json_string(st_effect_text[effect->type]));
	if (effect->child) {
		st_put(event, "path", path_json(effect->child));
		st_put(event, "generation", json_integer((json_int_t)effect->generation));
		if (!effect->child->sup)
			st_put(event, "pid", json_integer((json_int_t)effect->generation));
	}
	if (effect->type == ST_FX_REPORT) {
		st_put(event, "sup", path_json(effect->sup->self));
		st_put(event, "context", json_string(st_context_text[effect->context]));
		st_put(event, "count", json_integer(effect->count));
	}
	st_put(event, "reason", reason_json(&effect->reason));
	return event;
}
