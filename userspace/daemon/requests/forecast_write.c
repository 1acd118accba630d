// SPDX-License-Identifier: GPL-2.0-only
/*
 * A forecast as JSON; see forecast_write.h. The words are those of events and of the rules.
 */
#include "daemon/requests/forecast_write.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/alloc.h"

static const char *const assumptions[] = {
	"a process that is asked to end ends by the signal of its stop, in time",
	"a process that gets the signal does not handle it",
	"a process that is started becomes ready",
	"all of this takes no time, so restarts count in the same second",
	"what was under way goes on, and nothing else happens meanwhile",
};

int st_forecast_view_init(struct st_forecast_view *view, const struct st_predict *predict)
{
	view->predict = predict;
	view->nr_marks = predict->tree->nr_block;
	view->marks = st_alloc_array(view->nr_marks, sizeof(*view->marks));
	return view->marks ? 0 : -ENOMEM;
}

void st_forecast_view_done(struct st_forecast_view *view)
{
	st_free(view->marks);
	st_buf_done(&view->gave_up);
	st_buf_done(&view->budgets);
	st_buf_done(&view->down);
	st_buf_done(&view->removed);
	st_buf_done(&view->refused);
	st_buf_done(&view->answer);
}

/* NULL: the child was added by a trial. */
static struct st_forecast_mark *mark_of(const struct st_forecast_view *view,
					const struct st_child *child)
{
	const struct st_child *block = view->predict->tree->block;
	uintptr_t from = (uintptr_t)block, at = (uintptr_t)child;

	if (at < from || at >= from + view->nr_marks * sizeof(*block))
		return NULL;
	return &view->marks[(at - from) / sizeof(*block)];
}

static void write_path(struct st_json *json, const char *key, const struct st_child *child)
{
	struct st_buf path = ST_BUF_INIT;

	st_child_write_path(child, &path);
	st_json_buf_field(json, key, &path);
	st_buf_done(&path);
}

/* Begin an element of an array that is put together apart. */
static void begin_element(struct st_json *json, struct st_buf *list)
{
	if (list->len)
		st_buf_add_char(list, ',');
	st_json_init(json, list);
}

static void write_list(struct st_json *json, const char *key, const struct st_buf *list)
{
	struct st_buf *out;

	st_json_key(json, key);
	out = st_json_place(json);
	st_buf_add_char(out, '[');
	st_buf_add_buf(out, list);
	st_buf_add_char(out, ']');
}

void st_forecast_view_head(struct st_forecast_view *view, bool was_at_rest, bool is_list)
{
	struct st_json *json = &view->json;

	st_json_begin_object(json);
	st_json_key(json, "assumptions");
	st_json_begin_array(json);
	for (size_t i = 0; i < ST_ARRAY_SIZE(assumptions); i++)
		st_json_text(json, assumptions[i]);
	st_json_end_array(json);
	st_json_bool_field(json, "at_rest", was_at_rest);
	if (!is_list)
		return;
	st_json_key(json, "forecasts");
	st_json_begin_array(json);
}

void st_forecast_view_begin(struct st_forecast_view *view, const struct st_trial *trial,
			    bool is_list)
{
	struct st_json *json = &view->json;

	view->nr_steps = 0;
	view->nr_down = 0;
	view->nr_ends = 0;
	view->nr_starts = 0;
	st_buf_reset(&view->gave_up);
	st_buf_reset(&view->budgets);
	st_buf_reset(&view->down);
	st_buf_reset(&view->removed);
	st_buf_reset(&view->refused);
	st_buf_reset(&view->answer);
	if (is_list)
		st_json_begin_object(json);
	st_json_text_field(json, "action", trial->text);
	st_json_key(json, "steps");
	st_json_begin_array(json);
}

void st_forecast_view_mark(struct st_forecast_view *view, const struct st_child *child)
{
	struct st_forecast_mark *mark = mark_of(view, child);

	if (!mark)
		return;
	mark->ran = child->alive && !child->ended;
	mark->used = child->sup ?
			     (uint32_t)st_window_count(&child->sup->window, view->predict->now_ns,
						       child->sup->spec->flags.period_s) :
			     0;
}

void st_forecast_view_refuse(struct st_forecast_view *view, const char *why)
{
	st_buf_reset(&view->refused);
	st_buf_add_text(&view->refused, why);
}

void st_forecast_view_reply(struct st_forecast_view *view, const struct st_effect *effect)
{
	static const char *const words[ST_REPLY__MAX] = {
		[ST_REPLY_NOT_FOUND] = "no such child",
		[ST_REPLY_RUNNING] = "it runs",
		[ST_REPLY_RESTARTING] = "it waits for its restart",
		[ST_REPLY_NOPROC] = "its supervisor does not run, or there is none",
		[ST_REPLY_SIMPLE_ONE_FOR_ONE] = "this cannot be done to a child of a pool",
		[ST_REPLY_START_ERROR] = "it cannot be started",
		[ST_REPLY_REFUSED] = "a pool cannot become another supervisor, and none a pool",
	};
	const char *word = st_reply_text[effect->reply];

	st_buf_reset(&view->answer);
	st_buf_add_text(&view->answer, word);
	if (st_reply_is_error(effect->reply))
		st_forecast_view_refuse(view, words[effect->reply] ? words[effect->reply] : word);
}

/* A child that ran is forgotten, with all below it. */
static void note_removed(struct st_forecast_view *view, const struct st_child *top)
{
	struct st_child *first = (struct st_child *)(uintptr_t)top;

	for (struct st_child *child = first; child; child = st_child_next(child, first)) {
		const struct st_forecast_mark *mark = mark_of(view, child);

		if (!mark || !mark->ran)
			continue;
		st_child_write_path(child, &view->removed);
		st_buf_add_char(&view->removed, '\0');
	}
}

/* The word of an effect that is shown as a step, or NULL. */
static const char *step_word(const struct st_effect *effect)
{
	switch (effect->type) {
	case ST_FX_STARTED:
	case ST_FX_IGNORED:
	case ST_FX_DONE:
	case ST_FX_START_FAILED:
	case ST_FX_START_ABORTED:
	case ST_FX_EXITED:
	case ST_FX_ADDED:
	case ST_FX_REMOVED:
	case ST_FX_DELAYED:
	case ST_FX_CHANGED:
	case ST_FX_HALTED:
		return st_effect_text[effect->type];
	case ST_FX_REPORT:
		return effect->context == ST_CONTEXT_SHUTDOWN ? "gave_up" : NULL;
	case ST_FX_SPAWN:
	case ST_FX_SIGNAL:
	case ST_FX_STARTING:
	case ST_FX_REPLY:
	case ST_FX__MAX:
		break;
	}
	return NULL;
}

static bool is_end(const struct st_effect *effect)
{
	return effect->type == ST_FX_EXITED || effect->type == ST_FX_START_FAILED ||
	       effect->type == ST_FX_START_ABORTED;
}

static void count(struct st_forecast_view *view, const struct st_effect *effect)
{
	bool is_process = effect->child && !effect->child->sup;
	struct st_json json;

	if (effect->type == ST_FX_REMOVED)
		note_removed(view, effect->child);
	if (is_process && (is_end(effect) || effect->type == ST_FX_DONE))
		view->nr_ends++;
	if (is_process && (effect->type == ST_FX_STARTED || effect->type == ST_FX_DONE))
		view->nr_starts++;
	if (effect->type == ST_FX_REPORT) {
		struct st_buf path = ST_BUF_INIT;

		begin_element(&json, &view->gave_up);
		st_child_write_path(effect->sup->self, &path);
		st_json_text(&json, st_buf_text(&path));
		view->has_failed |= path.failed;
		st_buf_done(&path);
	}
}

static void write_rule(struct st_json *json, const char *key, const char *text_key,
		       enum st_rule rule)
{
	if (!rule)
		return;
	st_json_text_field(json, key, st_rules[rule].id);
	st_json_text_field(json, text_key, st_rules[rule].text);
}

static void write_end(struct st_json *json, const struct st_effect *effect)
{
	const char *name = WIFSIGNALED(effect->status) ? st_signal_name(WTERMSIG(effect->status)) :
							 NULL;

	st_json_key(json, "reason");
	st_reason_write(&effect->reason, st_json_place(json));
	if (name && !effect->child->sup)
		st_json_text_field(json, "signal", name);
	st_json_bool_field(json, "asked",
			   effect->cause.rule != ST_RULE_NONE && effect->applied == ST_RULE_NONE);
	write_rule(json, "rule", "rule_text", effect->applied);
}

static void write_cause(struct st_json *json, const struct st_cause *cause)
{
	write_rule(json, "because", "because_text", cause->rule);
	if (!cause->nr_restarts)
		return;
	st_json_u64_field(json, "restarts", cause->nr_restarts);
	st_json_u64_field(json, "intensity", cause->intensity);
	st_json_u64_field(json, "period", cause->period_s);
}

void st_forecast_view_effect(struct st_forecast_view *view, const struct st_effect *effect,
			     uint64_t after_ns)
{
	const struct st_child *child = effect->child;
	const char *word = step_word(effect);
	struct st_json *json = &view->json;

	if (!word)
		return;
	count(view, effect);
	if (view->nr_steps++ >= view->limit)
		return;
	st_json_begin_object(json);
	st_json_text_field(json, "event", word);
	write_path(json, "path", effect->type == ST_FX_REPORT ? effect->sup->self : child);
	if (effect->type == ST_FX_REPORT && child)
		write_path(json, "child", child);
	else if (child)
		st_json_text_field(json, "type", child->sup ? "supervisor" : "worker");
	if (effect->pid > 0)
		st_json_i64_field(json, "pid", effect->pid);
	if (is_end(effect))
		write_end(json, effect);
	if (effect->type == ST_FX_DELAYED)
		st_json_u64_field(json, "delay_ms", (uint64_t)effect->value);
	write_cause(json, &effect->cause);
	if (after_ns)
		st_json_u64_field(json, "after_ms", after_ns / ST_NSEC_PER_MSEC);
	st_json_end_object(json);
}

static void write_down(struct st_forecast_view *view, const char *path, const char *state)
{
	struct st_json json;

	if (view->nr_down++ >= view->limit)
		return;
	begin_element(&json, &view->down);
	st_json_begin_object(&json);
	st_json_text_field(&json, "path", path);
	st_json_text_field(&json, "state", state);
	st_json_end_object(&json);
}

static void write_budget(struct st_forecast_view *view, const struct st_child *child,
			 uint32_t before)
{
	const struct st_sup_flags *flags = &child->sup->spec->flags;
	uint64_t after =
		st_window_count(&child->sup->window, view->predict->now_ns, flags->period_s);
	struct st_json json;

	if (after == before)
		return;
	begin_element(&json, &view->budgets);
	st_json_begin_object(&json);
	write_path(&json, "path", child);
	st_json_u64_field(&json, "intensity", flags->intensity);
	st_json_u64_field(&json, "period", flags->period_s);
	st_json_u64_field(&json, "used_before", before);
	st_json_u64_field(&json, "used_after", after);
	st_json_u64_field(&json, "left_before",
			  before < flags->intensity ? flags->intensity - before : 0);
	st_json_u64_field(&json, "left_after",
			  after < flags->intensity ? flags->intensity - after : 0);
	st_json_end_object(&json);
}

void st_forecast_view_after(struct st_forecast_view *view, struct st_child *child)
{
	const struct st_forecast_mark *mark = mark_of(view, child);
	struct st_buf path = ST_BUF_INIT;

	if (mark && mark->ran && (!child->alive || child->ended)) {
		st_child_write_path(child, &path);
		write_down(view, st_buf_text(&path), st_child_state_text[child->state]);
		view->has_failed |= path.failed;
		st_buf_done(&path);
	}
	if (child->sup)
		write_budget(view, child, mark ? mark->used : 0);
}

/* Children that were removed and are not there again. */
static void write_removed(struct st_forecast_view *view)
{
	const char *at = view->removed.data;
	const char *end = at + view->removed.len;

	for (; at && at < end; at += strlen(at) + 1)
		if (!st_tree_find(view->predict->tree, at))
			write_down(view, at, "removed");
}

void st_forecast_view_end(struct st_forecast_view *view, bool is_list)
{
	struct st_json *json = &view->json;
	uint64_t shown = view->nr_steps < view->limit ? view->nr_steps : view->limit;

	write_removed(view);
	st_json_end_array(json);
	st_json_u64_field(json, "left_out", view->nr_steps - shown);
	if (view->answer.len)
		st_json_buf_field(json, "answer", &view->answer);
	if (view->refused.len)
		st_json_buf_field(json, "refused", &view->refused);
	st_json_u64_field(json, "ends", view->nr_ends);
	st_json_u64_field(json, "starts", view->nr_starts);
	write_list(json, "budgets", &view->budgets);
	write_list(json, "gave_up", &view->gave_up);
	write_list(json, "down", &view->down);
	st_json_u64_field(json, "nr_down", view->nr_down);
	st_json_bool_field(json, "survives", !view->predict->tree->halted);
	st_json_bool_field(json, "complete", !view->predict->is_cut);
	view->has_failed |= view->gave_up.failed || view->budgets.failed || view->down.failed ||
			    view->removed.failed;
	if (is_list)
		st_json_end_object(json);
}

void st_forecast_view_tail(struct st_forecast_view *view, unsigned int done, unsigned int nr,
			   bool is_list)
{
	struct st_json *json = &view->json;

	if (is_list) {
		st_json_end_array(json);
		st_json_u64_field(json, "not_tried", nr - done);
		st_json_bool_field(json, "survives", !view->predict->tree->halted);
	}
	st_json_end_object(json);
}
