// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transcript: one line for each event, one indented line for each effect.
 *
 * The daemon's transcript, the tests' expectations and the input of tools/replay are
 * this one format (RULES.md, "Transcript"). A time is written in seconds with
 * nine digits, a generation as #number, a reason as JSON.
 */
#include <string.h>

#include "core/internal.h"

static void add_word(struct st_buf *out, const char *word)
{
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, word);
}

static void add_number(struct st_buf *out, const char *before, uint64_t number)
{
	st_buf_add_text(out, before);
	st_buf_add_u64(out, number);
}

static void add_json(struct st_buf *out, const char *text)
{
	st_buf_add_char(out, ' ');
	st_buf_add_json_string(out, text ? text : "", text ? strlen(text) : 0);
}

static void add_reason(struct st_buf *out, const struct st_reason *reason)
{
	st_buf_add_char(out, ' ');
	st_reason_write(reason, out);
}

static void add_time(struct st_buf *out, uint64_t now_ns)
{
	uint64_t rest = now_ns % ST_NSEC_PER_SEC;

	st_buf_add_u64(out, now_ns / ST_NSEC_PER_SEC);
	st_buf_add_char(out, '.');
	for (uint64_t unit = ST_NSEC_PER_SEC / 10; unit; unit /= 10)
		st_buf_add_char(out, (char)('0' + rest / unit % 10));
}

/* What the binder found: the error by its unique name, and its term. */
static void write_invalid(const struct st_request *request, struct st_buf *out)
{
#define ST_ENUM_NAME(name, text) [name] = #name,
	static const char *const names[] = { ST_SPEC_ERROR_LIST(ST_ENUM_NAME) };
#undef ST_ENUM_NAME

	add_word(out, "invalid=");
	st_buf_add_text(out, names[request->error] + strlen("ST_SPEC_"));
	add_word(out, request->error_json ? request->error_json : "null");
}

static void write_start_child(const struct st_request *request, struct st_buf *out)
{
	if (request->start.significant)
		add_word(out, "significant");
	if (request->error) {
		write_invalid(request, out);
		return;
	}
	if (request->start.spec) {
		st_buf_add_char(out, ' ');
		st_child_spec_write(request->start.spec, out);
		return;
	}
	st_buf_add_text(out, " [");
	for (uint32_t i = 0; i < request->start.nr_args; i++) {
		if (i)
			st_buf_add_char(out, ',');
		st_buf_add_json_string(out, request->start.args[i], strlen(request->start.args[i]));
	}
	st_buf_add_char(out, ']');
}

static void write_terminate(const struct st_request *request, struct st_buf *out)
{
	if (request->terminate.generation)
		add_number(out, " #", request->terminate.generation);
	if (request->terminate.foreign)
		add_word(out, "foreign");
}

static void write_change(const struct st_request *request, struct st_buf *out)
{
	if (request->error) {
		write_invalid(request, out);
	} else if (request->change.to && request->change.flags_only) {
		add_word(out, "flags_only ");
		st_sup_flags_write(&request->change.to->flags, out);
	} else if (request->change.to) {
		add_word(out, request->change.whole ? "whole " : "");
		st_sup_spec_write(request->change.to, out);
	} else {
		add_word(out, "null");
	}
}

static void write_request(const struct st_request *request, struct st_buf *out)
{
	add_word(out, st_request_text[request->type]);
	add_number(out, " ", request->token);
	add_json(out, request->sup ? request->sup : "/");
	add_json(out, request->id);
	if (request->type == ST_REQUEST_TERMINATE_CHILD)
		write_terminate(request, out);
	if (request->type == ST_REQUEST_START_CHILD)
		write_start_child(request, out);
	if (request->type == ST_REQUEST_STOP)
		add_reason(out, &request->stop.reason);
	if (request->type == ST_REQUEST_CHANGE)
		write_change(request, out);
}

void st_transcript_header_write(const struct st_sup_spec *spec, uint64_t seed, uint32_t max_fds,
				struct st_buf *out)
{
	add_number(out, "suptree-log 1 seed=", seed);
	if (max_fds)
		add_number(out, " max_fds=", max_fds);
	st_buf_add_char(out, ' ');
	st_sup_spec_write(spec, out);
	st_buf_add_char(out, '\n');
}

void st_event_write(const struct st_event *event, uint64_t now_ns, struct st_buf *out)
{
	add_time(out, now_ns);
	add_word(out, st_event_text[event->type]);
	switch (event->type) {
	case ST_EV_SPAWNED:
		add_number(out, " #", event->generation);
		add_number(out, " pid=", (uint64_t)event->pid);
		break;
	case ST_EV_READY:
	case ST_EV_IGNORE:
	case ST_EV_UNHEALTHY:
		add_number(out, " #", event->generation);
		break;
	case ST_EV_ERROR:
	case ST_EV_SPAWN_FAILED:
		add_number(out, " #", event->generation);
		add_json(out, event->text);
		break;
	case ST_EV_EXITED:
		add_number(out, " #", event->generation);
		add_reason(out, &event->reason);
		break;
	case ST_EV_REQUEST:
		write_request(event->request, out);
		break;
	case ST_EV_BOOT:
	case ST_EV_STOP:
	case ST_EV_KILL:
	case ST_EV_TICK:
	case ST_EV__MAX:
		break;
	}
}

void st_input_write(const struct st_event *event, uint64_t now_ns, struct st_buf *out)
{
	st_event_write(event, now_ns, out);
	if (event->type == ST_EV_EXITED && event->status >= 0)
		add_number(out, " status=", (uint64_t)event->status);
}

static void add_child(struct st_buf *out, const struct st_effect *effect)
{
	struct st_buf path = ST_BUF_INIT;

	st_child_write_path(effect->child, &path);
	add_json(out, st_buf_text(&path));
	if (st_buf_error(&path))
		out->failed = true;
	st_buf_done(&path);
	if (effect->generation)
		add_number(out, " #", effect->generation);
}

static void write_children(const struct st_sup *sup, struct st_buf *out)
{
	for (struct st_list *pos = sup->children.prev; pos != &sup->children; pos = pos->prev) {
		const struct st_child *child = st_child_of(pos);

		add_json(out, st_child_name(child));
		st_buf_add_char(out, '=');
		st_buf_add_text(out, st_child_state_text[child->state]);
		if (child->state == ST_CHILD_RUNNING)
			add_number(out, "#", child->generation);
	}
}

static void write_reply(const struct st_effect *effect, struct st_buf *out)
{
	struct st_counts counts;

	add_number(out, " ", effect->token);
	add_word(out, st_reply_text[effect->reply]);
	if (effect->reply == ST_REPLY_CHILDREN)
		write_children(effect->sup, out);
	if (effect->reply == ST_REPLY_COUNTS) {
		counts = st_sup_count(effect->sup);
		add_number(out, " specs=", counts.specs);
		add_number(out, " active=", counts.active);
		add_number(out, " supervisors=", counts.supervisors);
		add_number(out, " workers=", counts.workers);
	}
	if (effect->reply == ST_REPLY_START_ERROR || effect->reply == ST_REPLY_INVALID_SPEC)
		add_reason(out, &effect->reason);
	if (effect->child)
		add_child(out, effect);
	if (effect->reply == ST_REPLY_CHILDSPEC) {
		st_buf_add_char(out, ' ');
		st_child_spec_write(
			effect->child ? effect->child->spec : effect->sup->spec->children[0], out);
	}
}

void st_effect_write(const struct st_effect *effect, struct st_buf *out)
{
	st_buf_add_text(out, st_effect_text[effect->type]);
	if (effect->type == ST_FX_REPLY) {
		write_reply(effect, out);
		return;
	}
	if (effect->type == ST_FX_REPORT) {
		add_word(out, st_context_text[effect->context]);
		if (!effect->child) {
			struct st_effect of_sup = { .child = effect->sup->self };

			add_child(out, &of_sup);
			add_number(out, " count=", effect->count);
		}
	}
	if (effect->child)
		add_child(out, effect);
	if (effect->type == ST_FX_SIGNAL)
		add_word(out, st_signal_name(effect->value));
	if (effect->type == ST_FX_DELAYED)
		add_number(out, " ms=", (uint64_t)effect->value);
	if (effect->type == ST_FX_START_FAILED || effect->type == ST_FX_EXITED ||
	    effect->type == ST_FX_REPORT || effect->type == ST_FX_HALTED)
		add_reason(out, &effect->reason);
}
