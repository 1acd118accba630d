// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the journal answers: history as lines or as CSV, and unstable children.
 *
 *	2026-11-30T18:23:05.123456+01:00  demo/counter_1  exited  SIGKILL, pid 4711
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/table.h"
#include "cli/show/words.h"

static void show_gap(const json_t *gap, const struct st_style *style, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, "-- ");
	st_buf_add_u64(&text, st_words_number(gap, "last") - st_words_number(gap, "first") + 1);
	st_buf_add_text(&text, " events are missing here (");
	st_buf_add_u64(&text, st_words_number(gap, "first"));
	st_buf_add_text(&text, " to ");
	st_buf_add_u64(&text, st_words_number(gap, "last"));
	st_buf_add_text(&text, "): ");
	st_buf_add_text(&text, st_words_text(gap, "why"));
	st_buf_add_text(&text, " --");
	st_style_add(style, ST_COLOR_RED, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

void st_show_past(const json_t *rows, const struct st_style *style, struct st_buf *out)
{
	const json_t *row, *gap;
	size_t index;

	json_array_foreach(rows, index, row) {
		gap = json_object_get(row, "gap");
		if (gap)
			show_gap(gap, style, out);
		else
			st_show_event(json_object_get(row, "event"), true, style, out);
	}
}

void st_show_unstable(const json_t *unstable, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "PATH", "RESTARTS", "FAILURES", "LAST END",
					      "BECAUSE" };
	const json_t *children = json_object_get(unstable, "children"), *child;
	struct st_buf text = ST_BUF_INIT;
	struct st_table table;
	size_t index;

	if (!json_array_size(children)) {
		st_buf_add_text(&text, "no child was restarted since ");
		st_words_timestamp(st_words_text(unstable, "since"), &text);
		st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
		st_buf_add_char(out, '\n');
		st_buf_done(&text);
		return;
	}
	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(children, index, child) {
		const json_t *end = json_object_get(child, "end");
		const json_t *reason = json_object_get(end, "reason");

		st_table_add(&table, st_words_text(child, "path"));
		st_table_add_u64(&table, st_words_number(child, "restarts"));
		st_table_add_u64(&table, st_words_number(child, "failures"));
		st_buf_reset(&text);
		if (end)
			st_words_clock(st_words_text(end, "wall"), &text);
		st_table_add(&table, end ? st_buf_text(&text) : "-");
		st_buf_reset(&text);
		if (reason)
			st_words_reason(reason, &text);
		st_table_add(&table, reason ? st_buf_text(&text) : "-");
	}
	st_table_finish(&table, out);
	st_buf_done(&text);
}

/* ---- RFC 4180: a row an event, all texts in quotes ---- */

static void add_quoted(const char *text, struct st_buf *out)
{
	st_buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			st_buf_add_char(out, '"');
		st_buf_add_char(out, *text);
	}
	st_buf_add_char(out, '"');
}

static void add_text(const json_t *object, const char *key, struct st_buf *out)
{
	st_buf_add_char(out, ',');
	add_quoted(st_words_text(object, key), out);
}

/* Nothing, where there is none. */
static void add_number(const json_t *object, const char *key, struct st_buf *out)
{
	st_buf_add_char(out, ',');
	if (json_is_integer(json_object_get(object, key)))
		st_buf_add_i64(out, json_integer_value(json_object_get(object, key)));
}

static void add_reason(const json_t *event, struct st_buf *out)
{
	const json_t *reason = json_object_get(event, "reason");
	struct st_buf text = ST_BUF_INIT;

	if (reason)
		st_words_reason(reason, &text);
	st_buf_add_char(out, ',');
	add_quoted(st_buf_text(&text), out);
	out->failed |= text.failed;
	st_buf_done(&text);
}

void st_show_past_csv_head(struct st_buf *out)
{
	st_buf_add_text(out, "id,seq,wall,event,path,generation,pid,reason,rule,cause_rule,"
			     "cause_generation,ran_ns,took_ns,restarts,missing,why\r\n");
}

static void add_row(const json_t *row, struct st_buf *out)
{
	const json_t *event = json_object_get(row, "event"), *gap = json_object_get(row, "gap");
	const json_t *cause = json_object_get(event, "cause");
	const char *path = *st_words_text(event, "path") ? "path" : "sup";

	st_buf_add_u64(out, st_words_number(row, "id"));
	add_number(gap ? gap : event, gap ? "first" : "seq", out);
	add_text(event, "wall", out);
	st_buf_add_char(out, ',');
	add_quoted(gap ? "gap" : st_words_text(event, "event"), out);
	add_text(event, path, out);
	add_number(event, "generation", out);
	add_number(event, "pid", out);
	add_reason(event, out);
	add_text(event, "rule", out);
	add_text(cause, "rule", out);
	add_number(cause, "generation", out);
	add_number(event, "ran_ns", out);
	add_number(event, "took_ns", out);
	add_number(event, "restarts", out);
	st_buf_add_char(out, ',');
	if (gap)
		st_buf_add_u64(out,
			       st_words_number(gap, "last") - st_words_number(gap, "first") + 1);
	add_text(gap, "why", out);
	st_buf_add_text(out, "\r\n");
}

void st_show_past_csv(const json_t *rows, struct st_buf *out)
{
	const json_t *row;
	size_t index;

	json_array_foreach(rows, index, row)
		add_row(row, out);
}
