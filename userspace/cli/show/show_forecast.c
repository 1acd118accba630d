// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a change would do: each step, with the rule before the first step that it explains.
 *
 *	kill site/web would do this:
 *	   1  site/web  ends: SIGKILL, pid 4711
 *	            [B1] a permanent child is restarted after every end
 *	            [D2] one_for_all: ... (restart 1 within 5s, 3 allowed)
 *	   2  site/db  stopped: SIGTERM, pid 4712
 *	   3  site/db  started
 *	2 processes end, 2 are started
 *	site: 1 of 3 restarts within 5s would be used, 2 left (now 3)
 *	afterwards everything runs that runs now
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define INDENT "        "
#define NUMBER_WIDTH 4

static bool is_event(const json_t *step, const char *event)
{
	return !strcmp(st_words_text(step, "event"), event);
}

static const char *verb_of(const json_t *step)
{
	static const struct {
		const char *event, *verb;
	} verbs[] = {
		{ "started", "started" },
		{ "ignored", "does not want to run" },
		{ "done", "does its work" },
		{ "start_failed", "cannot be started" },
		{ "start_aborted", "killed before it is ready" },
		{ "added", "added" },
		{ "removed", "forgotten" },
		{ "delayed", "waits before its restart" },
		{ "changed", "gets another specification" },
		{ "gave_up", "gives up" },
		{ "halted", "everything has ended" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(verbs); i++)
		if (is_event(step, verbs[i].event))
			return verbs[i].verb;
	return json_is_true(json_object_get(step, "asked")) ? "stopped" : "ends";
}

static enum st_color color_of(const json_t *step)
{
	if (is_event(step, "started") || is_event(step, "done"))
		return ST_COLOR_GREEN;
	if (json_is_true(json_object_get(step, "asked")))
		return ST_COLOR_YELLOW;
	return is_event(step, "added") || is_event(step, "changed") ? ST_COLOR_NONE : ST_COLOR_RED;
}

static void begin_part(struct st_buf *text)
{
	st_buf_add_text(text, text->len ? ", " : ": ");
}

static void add_number(const json_t *step, const char *key, const char *before, const char *after,
		       struct st_buf *text)
{
	if (!st_words_number(step, key))
		return;
	begin_part(text);
	st_buf_add_text(text, before);
	st_buf_add_u64(text, st_words_number(step, key));
	st_buf_add_text(text, after);
}

static void add_details(const json_t *step, struct st_buf *text)
{
	const char *signal = st_words_text(step, "signal");
	const json_t *reason = json_object_get(step, "reason");

	if (*signal) {
		begin_part(text);
		st_buf_add_text(text, "SIG");
		st_buf_add_text(text, signal);
	} else if (reason) {
		begin_part(text);
		st_words_reason(reason, text);
	}
	add_number(step, "pid", "pid ", "", text);
	add_number(step, "delay_ms", "", " ms", text);
	add_number(step, "after_ms", "", " ms later", text);
}

static void show_rule(const char *rule, const char *meaning, const json_t *step,
		      const struct st_style *style, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_char(&text, '[');
	st_buf_add_text(&text, rule);
	st_buf_add_char(&text, ']');
	st_buf_add_text(out, INDENT);
	st_style_add(style, ST_COLOR_CYAN, st_buf_text(&text), out);
	st_buf_reset(&text);
	st_buf_add_char(&text, ' ');
	st_buf_add_text(&text, meaning);
	if (step && st_words_number(step, "restarts")) {
		st_buf_add_text(&text, " (restart ");
		st_buf_add_u64(&text, st_words_number(step, "restarts"));
		st_buf_add_text(&text, " within ");
		st_buf_add_u64(&text, st_words_number(step, "period"));
		st_buf_add_text(&text, "s, ");
		st_buf_add_u64(&text, st_words_number(step, "intensity"));
		st_buf_add_text(&text, " allowed)");
	}
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

/* The rule that makes a step happen, unless the step before has shown it. */
static void show_cause(const json_t *step, const json_t *before, const struct st_style *style,
		       struct st_buf *out)
{
	const char *rule = st_words_text(step, "because");
	const char *meaning = st_words_text(step, "because_text");

	if (!*rule || (!strcmp(meaning, st_words_text(before, "because_text")) &&
		       st_words_number(step, "restarts") == st_words_number(before, "restarts")))
		return;
	show_rule(rule, meaning, step, style, out);
}

static void show_step(size_t number, const json_t *step, const struct st_style *style,
		      struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_u64(&text, number);
	for (size_t len = text.len; len < NUMBER_WIDTH; len++)
		st_buf_add_char(out, ' ');
	st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
	st_buf_add_text(out, "  ");
	st_style_add(style, ST_COLOR_BOLD, st_words_text(step, "path"), out);
	st_buf_add_text(out, "  ");
	st_style_add(style, color_of(step), verb_of(step), out);
	st_buf_reset(&text);
	add_details(step, &text);
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	if (*st_words_text(step, "rule"))
		show_rule(st_words_text(step, "rule"), st_words_text(step, "rule_text"), NULL,
			  style, out);
	st_buf_done(&text);
}

static void show_steps(const json_t *forecast, const struct st_style *style, struct st_buf *out)
{
	const json_t *steps = json_object_get(forecast, "steps"), *step, *before = NULL;
	size_t index;

	json_array_foreach(steps, index, step) {
		show_cause(step, before, style, out);
		show_step(index + 1, step, style, out);
		before = step;
	}
	if (!st_words_number(forecast, "left_out"))
		return;
	st_buf_add_text(out, INDENT "and ");
	st_buf_add_u64(out, st_words_number(forecast, "left_out"));
	st_buf_add_text(out, " more steps: --limit\n");
}

static void add_many(uint64_t nr, const char *one, const char *many, struct st_buf *out)
{
	st_buf_add_u64(out, nr);
	st_buf_add_text(out, nr == 1 ? one : many);
}

static void show_budgets(const json_t *forecast, const struct st_style *style, struct st_buf *out)
{
	const json_t *budgets = json_object_get(forecast, "budgets"), *budget;
	size_t index;

	json_array_foreach(budgets, index, budget) {
		st_style_add(style, ST_COLOR_BOLD, st_words_text(budget, "path"), out);
		st_buf_add_text(out, ": ");
		add_many(st_words_number(budget, "left_after"), " restart", " restarts", out);
		st_buf_add_text(out, " left of ");
		st_buf_add_u64(out, st_words_number(budget, "intensity"));
		st_buf_add_text(out, " within ");
		st_buf_add_u64(out, st_words_number(budget, "period"));
		st_buf_add_text(out, "s; now ");
		st_buf_add_u64(out, st_words_number(budget, "left_before"));
		st_buf_add_char(out, '\n');
	}
}

static void show_down(const json_t *forecast, const struct st_style *style, struct st_buf *out)
{
	const json_t *down = json_object_get(forecast, "down"), *child;
	uint64_t nr = st_words_number(forecast, "nr_down");
	size_t index;

	if (!nr) {
		st_buf_add_text(out, "afterwards everything runs that runs now\n");
		return;
	}
	add_many(nr, " child does", " children do", out);
	st_buf_add_text(out, " not run afterwards:");
	json_array_foreach(down, index, child) {
		st_buf_add_text(out, index ? ", " : " ");
		st_style_add(style, ST_COLOR_BOLD, st_words_text(child, "path"), out);
		if (!strcmp(st_words_text(child, "state"), "removed"))
			st_buf_add_text(out, " (removed)");
	}
	if (nr > json_array_size(down))
		st_buf_add_text(out, ", ...");
	st_buf_add_char(out, '\n');
}

static void show_sum(const json_t *forecast, const struct st_style *style, struct st_buf *out)
{
	const json_t *gave_up = json_object_get(forecast, "gave_up"), *path;
	size_t index;

	add_many(st_words_number(forecast, "ends"), " process ends, ", " processes end, ", out);
	add_many(st_words_number(forecast, "starts"), " is started\n", " are started\n", out);
	show_budgets(forecast, style, out);
	json_array_foreach(gave_up, index, path) {
		st_style_add(style, ST_COLOR_RED, json_string_value(path), out);
		st_buf_add_text(out, " gives up: it has no restart left\n");
	}
	show_down(forecast, style, out);
	if (json_is_false(json_object_get(forecast, "survives")))
		st_style_add(style, ST_COLOR_RED, "The root ends, and the daemon with it.\n", out);
	if (json_is_false(json_object_get(forecast, "complete")))
		st_buf_add_text(out, "More would follow: something is tried again and again.\n");
}

static void show_forecast(const json_t *forecast, const struct st_style *style, struct st_buf *out)
{
	const char *refused = st_words_text(forecast, "refused");

	st_style_add(style, ST_COLOR_BOLD, st_words_text(forecast, "action"), out);
	if (*refused) {
		st_buf_add_text(out, " could not be done: ");
		st_style_add(style, ST_COLOR_RED, refused, out);
		st_buf_add_char(out, '\n');
		if (!json_array_size(json_object_get(forecast, "steps")))
			return;
	} else {
		st_buf_add_text(out, " would do this:\n");
	}
	show_steps(forecast, style, out);
	show_sum(forecast, style, out);
}

static void show_assumptions(const json_t *result, const struct st_style *style, struct st_buf *out)
{
	const json_t *assumptions = json_object_get(result, "assumptions"), *assumption;
	size_t index;

	if (json_is_false(json_object_get(result, "at_rest")))
		st_buf_add_text(out, "Other work is under way, and is a part of this.\n");
	json_array_foreach(assumptions, index, assumption) {
		st_style_add(style, ST_COLOR_DIM, index ? "         " : "Assumed: ", out);
		st_style_add(style, ST_COLOR_DIM, json_string_value(assumption), out);
		st_buf_add_char(out, '\n');
	}
}

void st_show_blast(const json_t *blast, const struct st_style *style, struct st_buf *out)
{
	show_forecast(blast, style, out);
	st_buf_add_char(out, '\n');
	show_assumptions(blast, style, out);
}

void st_show_whatif(const json_t *whatif, const struct st_style *style, struct st_buf *out)
{
	const json_t *forecasts = json_object_get(whatif, "forecasts"), *forecast;
	uint64_t left = st_words_number(whatif, "not_tried");
	size_t index;

	json_array_foreach(forecasts, index, forecast) {
		st_buf_add_u64(out, index + 1);
		st_buf_add_text(out, ". ");
		show_forecast(forecast, style, out);
		st_buf_add_char(out, '\n');
	}
	if (left) {
		add_many(left, " more step was not tried\n\n", " more steps were not tried\n\n",
			 out);
	}
	show_assumptions(whatif, style, out);
}
