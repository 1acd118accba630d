// SPDX-License-Identifier: GPL-2.0-only
/*
 * The messages of streams, one a line:
 *
 *	18:23:05.123  demo/counter_1  exited  SIGKILL, pid 4711
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

static const struct {
	const char *event;
	enum st_color color;
} colors[] = {
	{ "started", ST_COLOR_GREEN },	      { "exited", ST_COLOR_YELLOW },
	{ "done", ST_COLOR_GREEN },	      { "report", ST_COLOR_RED },
	{ "start_failed", ST_COLOR_RED },     { "halted", ST_COLOR_RED },
	{ "start_aborted", ST_COLOR_YELLOW },
};

static enum st_color color_of(const char *event)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(colors); i++)
		if (!strcmp(colors[i].event, event))
			return colors[i].color;
	return ST_COLOR_NONE;
}

static void add_part(struct st_buf *details, const char *label, const char *text)
{
	if (details->len)
		st_buf_add_text(details, ", ");
	st_buf_add_text(details, label);
	st_buf_add_text(details, text);
}

static void add_number(struct st_buf *details, const char *label, const json_t *object,
		       const char *key)
{
	if (!json_is_integer(json_object_get(object, key)))
		return;
	add_part(details, label, "");
	st_buf_add_u64(details, st_words_number(object, key));
}

static void add_details(const json_t *params, struct st_buf *details)
{
	const json_t *reason = json_object_get(params, "reason");

	if (*st_words_text(params, "context"))
		add_part(details, "", st_words_text(params, "context"));
	if (reason) {
		add_part(details, "", "");
		st_words_reason(reason, details);
	}
	add_number(details, "pid ", params, "pid");
	add_number(details, "times ", params, "count");
	add_number(details, "ms ", params, "delay_ms");
}

static void show_event(const json_t *params, const struct st_style *style, struct st_buf *out)
{
	const char *event = st_words_text(params, "event");
	const char *path = st_words_text(params, "path");
	struct st_buf text = ST_BUF_INIT;

	st_words_clock(st_words_text(params, "wall"), &text);
	st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
	st_buf_add_text(out, "  ");
	st_style_add(style, ST_COLOR_BOLD, *path ? path : st_words_text(params, "sup"), out);
	st_buf_add_text(out, "  ");
	st_style_add(style, color_of(event), event, out);
	st_buf_reset(&text);
	add_details(params, &text);
	if (text.len)
		st_buf_add_text(out, "  ");
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

void st_show_output(const json_t *line, const struct st_cli *cli, struct st_buf *out)
{
	const struct st_style *style = &cli->style;
	const char *stream = st_words_text(line, "stream");
	bool is_error = !strcmp(stream, "stderr");
	struct st_buf prefix = ST_BUF_INIT;

	if (cli->has_timestamps) {
		st_words_timestamp(st_words_text(line, "wall"), &prefix);
		st_buf_add_char(&prefix, ' ');
		st_buf_add_text(&prefix, stream);
		st_buf_add_char(&prefix, ':');
		st_style_add(style, ST_COLOR_DIM, st_buf_text(&prefix), out);
		st_buf_add_char(out, ' ');
		st_buf_done(&prefix);
	}
	st_style_add_bytes(style, is_error ? ST_COLOR_YELLOW : ST_COLOR_NONE,
			   st_words_text(line, "text"),
			   json_string_length(json_object_get(line, "text")), out);
	st_buf_add_char(out, '\n');
}

static void show_resync(const json_t *params, const struct st_style *style, struct st_buf *out)
{
	uint64_t nr_dropped = st_words_number(params, "dropped");
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, "-- ");
	if (nr_dropped) {
		st_buf_add_u64(&text, nr_dropped);
		st_buf_add_text(&text, " lost here: this client was too slow --");
	} else {
		st_buf_add_text(&text,
				"another daemon runs here now: it counts its events anew --");
	}
	st_style_add(style, ST_COLOR_RED, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_input(const json_t *params, const struct st_style *style, struct st_buf *out)
{
	const char *line = st_words_text(params, "line");

	st_style_add_foreign(style, line, strlen(line), out);
	st_buf_add_char(out, '\n');
}

static void show_events(const json_t *params, const struct st_style *style, struct st_buf *out)
{
	const json_t *event;
	size_t i;

	json_array_foreach(params, i, event) {
		if (json_object_get(event, "line"))
			show_input(event, style, out);
		else
			show_event(event, style, out);
	}
}

void st_show_notification(json_t *notification, const struct st_cli *cli, struct st_buf *out)
{
	const char *method = st_words_text(notification, "method");
	json_t *params = json_object_get(notification, "params");

	if (cli->format != ST_FORMAT_TEXT) {
		st_words_json(notification, out);
		st_buf_add_char(out, '\n');
	} else if (!strcmp(method, "event")) {
		show_event(params, &cli->style, out);
	} else if (!strcmp(method, "input")) {
		show_input(params, &cli->style, out);
	} else if (!strcmp(method, "events")) {
		show_events(params, &cli->style, out);
	} else if (!strcmp(method, "output")) {
		st_show_output(params, cli, out);
	} else if (!strcmp(method, "resync")) {
		show_resync(params, &cli->style, out);
	}
}
