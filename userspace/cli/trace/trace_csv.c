// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace as RFC 4180 has it: a row a message, all texts in quotes. The payload is as in
 * JSON, in hexadecimal; `content` is what people read of it.
 */
#include <string.h>

#include "cli/show/trace_text.h"
#include "cli/show/words.h"
#include "cli/trace/trace_export.h"

static void add_text(const char *text, struct st_buf *out)
{
	st_buf_add_text(out, ",\"");
	for (; *text; text++) {
		if (*text == '"')
			st_buf_add_char(out, '"');
		st_buf_add_char(out, *text);
	}
	st_buf_add_char(out, '"');
}

/* Nothing, where there is none. */
static void add_number(const json_t *record, const char *key, struct st_buf *out)
{
	st_buf_add_char(out, ',');
	if (json_is_integer(json_object_get(record, key)))
		st_buf_add_i64(out, json_integer_value(json_object_get(record, key)));
}

static void add_pid(const json_t *record, enum st_trace_side side, struct st_buf *out)
{
	st_buf_add_char(out, ',');
	if (st_trace_text_pid(record, side))
		st_buf_add_u64(out, st_trace_text_pid(record, side));
}

static void add_words(const json_t *record, void (*words)(const json_t *record, struct st_buf *out),
		      struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	words(record, &text);
	add_text(st_buf_text(&text), out);
	out->failed |= text.failed;
	st_buf_done(&text);
}

static void add_who(const json_t *record, enum st_trace_side side, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_trace_text_who(record, side, &text);
	add_text(st_buf_text(&text), out);
	add_pid(record, side, out);
	out->failed |= text.failed;
	st_buf_done(&text);
}

void st_trace_write_csv(const json_t *records, struct st_buf *out)
{
	const json_t *record;
	size_t index;

	st_buf_add_text(out, "seq,time_ns,kind,action,from,from_pid,to,to_pid,what,size,content,"
			     "payload,latency_ns,reply_to,reply_ns\r\n");
	json_array_foreach(records, index, record) {
		st_buf_add_u64(out, st_words_number(record, "seq"));
		add_number(record, "time_ns", out);
		add_text(st_words_text(record, "kind"), out);
		add_text(st_words_text(record, "action"), out);
		add_who(record, ST_TRACE_FROM, out);
		add_who(record, ST_TRACE_TO, out);
		add_words(record, st_trace_text_what, out);
		add_number(record, "size", out);
		add_words(record, st_trace_text_content, out);
		add_text(st_words_text(record, "payload"), out);
		add_number(record, "latency_ns", out);
		add_number(record, "reply_to", out);
		add_number(record, "reply_ns", out);
		st_buf_add_text(out, "\r\n");
	}
}
