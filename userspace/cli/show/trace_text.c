// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages in words; see trace_text.h. A record is read here, proto/traced.c
 * has the words.
 */
#include "cli/show/trace_text.h"

#include <string.h>

#include "cli/show/words.h"
#include "proto/traced.h"

static const struct {
	const char *process;
	const char *path;
} sides[] = {
	[ST_TRACE_FROM] = { "from", "from_path" },
	[ST_TRACE_TO] = { "to", "to_path" },
};

uint64_t st_trace_text_pid(const json_t *record, enum st_trace_side side)
{
	return st_words_number(json_object_get(record, sides[side].process), "pid");
}

bool st_trace_text_is_child(const json_t *record, enum st_trace_side side)
{
	return *st_words_text(record, sides[side].path);
}

static bool has_flag(const json_t *record, const char *wanted)
{
	const json_t *flag;
	size_t index;

	json_array_foreach(json_object_get(record, "flags"), index, flag)
		if (json_is_string(flag) && !strcmp(json_string_value(flag), wanted))
			return true;
	return false;
}

static struct st_traced_end end_of(const json_t *record, enum st_trace_side side)
{
	return (struct st_traced_end){
		.path = st_words_text(record, sides[side].path),
		.name = st_words_text(json_object_get(record, sides[side].process), "name"),
		.pid = st_trace_text_pid(record, side),
		.is_kernel = side == ST_TRACE_FROM && has_flag(record, "kernel"),
	};
}

static unsigned int digit_of(char c)
{
	return c >= 'a' ? (unsigned int)(c - 'a' + 10) & 15 : (unsigned int)(c - '0') & 15;
}

static void read_payload(const json_t *record, struct st_buf *out)
{
	const char *text = st_words_text(record, "payload");

	for (; text[0] && text[1]; text += 2)
		st_buf_add_char(out, (char)(digit_of(text[0]) << 4 | digit_of(text[1])));
}

/* @payload gets the bytes, and is freed by the caller after the result was used. */
static struct st_traced read_record(const json_t *record, struct st_buf *payload)
{
	read_payload(record, payload);
	return (struct st_traced){
		.time_ns = st_words_number(record, "time_ns"),
		.kind = st_words_text(record, "kind"),
		.action = st_words_text(record, "action"),
		.from = end_of(record, ST_TRACE_FROM),
		.to = end_of(record, ST_TRACE_TO),
		.signal = st_words_number(record, "signal"),
		.result = st_words_text(record, "result"),
		.status = (int)st_words_number(record, "status"),
		.is_message = json_object_get(record, "channel"),
		.is_joined = true,
		.is_packet = has_flag(record, "seqpacket"),
		.is_call = json_is_true(json_object_get(record, "call")),
		.is_reply = json_object_get(record, "reply_ns"),
		.reply_ns = st_words_number(record, "reply_ns"),
		.size = st_words_number(record, "size"),
		.bytes = st_buf_text(payload),
		.nr_bytes = st_buf_error(payload) ? 0 : payload->len,
		.is_truncated = has_flag(record, "truncated"),
	};
}

void st_trace_text_who(const json_t *record, enum st_trace_side side, struct st_buf *out)
{
	struct st_traced_end end = end_of(record, side);

	st_traced_who(&end, out);
}

bool st_trace_text_is_hello(const json_t *record)
{
	struct st_buf payload = ST_BUF_INIT;
	struct st_traced traced = read_record(record, &payload);
	bool is_hello = st_traced_is_hello(&traced);

	st_buf_done(&payload);
	return is_hello;
}

/* The payload lives as long as the call: what is written is a copy. */
static void write_record(const json_t *record, struct st_buf *out,
			 void (*write)(const struct st_traced *traced, struct st_buf *out))
{
	struct st_buf payload = ST_BUF_INIT;
	struct st_traced traced = read_record(record, &payload);

	write(&traced, out);
	out->failed |= payload.failed;
	st_buf_done(&payload);
}

void st_trace_text_what(const json_t *record, struct st_buf *out)
{
	write_record(record, out, st_traced_what);
}

void st_trace_text_content(const json_t *record, struct st_buf *out)
{
	write_record(record, out, st_traced_content);
}

void st_trace_text_label(const json_t *record, struct st_buf *out)
{
	struct st_buf content = ST_BUF_INIT;

	st_trace_text_what(record, out);
	st_trace_text_content(record, &content);
	st_buf_add_text(out, content.len ? " " : "");
	st_buf_add_text(out, st_buf_text(&content));
	out->failed |= content.failed;
	st_buf_done(&content);
}

void st_trace_text_line(const json_t *record, int64_t offset_ns, struct st_buf *out)
{
	struct st_buf payload = ST_BUF_INIT;
	struct st_traced traced = read_record(record, &payload);

	st_traced_line(&traced, offset_ns, out);
	out->failed |= payload.failed;
	st_buf_done(&payload);
}
