// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages in words; see trace_text.h.
 *
 *	11:52:03.123456  pid 4711 -> demo/counter_1  unix call  21 bytes  "add 5"
 *	11:52:03.123540  demo/counter_1 -> pid 4711  unix reply  17 bytes  "5"  after 84.1us
 */
#include "cli/trace_text.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "cli/words.h"
#include "core/reason.h"
#include "proto/packet.h"

#define NSEC_PER_SEC INT64_C(1000000000)

static const struct {
	const char *process;
	const char *path;
} sides[] = {
	[ST_TRACE_FROM] = { "from", "from_path" },
	[ST_TRACE_TO] = { "to", "to_path" },
};

/* By the type of a frame. */
static const char *const frame_word[ST_PACKET__MAX] = {
	[ST_PACKET_HELLO] = "hello",   [ST_PACKET_CALL] = "call", [ST_PACKET_REPLY] = "reply",
	[ST_PACKET_ERROR] = "error",   [ST_PACKET_CAST] = "cast", [ST_PACKET_INFO] = "info",
	[ST_PACKET_SYSTEM] = "system", [ST_PACKET_LINK] = "link", [ST_PACKET_UNLINK] = "unlink",
};

uint64_t st_trace_text_pid(const json_t *record, enum st_trace_side side)
{
	return st_words_number(json_object_get(record, sides[side].process), "pid");
}

bool st_trace_text_is_child(const json_t *record, enum st_trace_side side)
{
	return *st_words_text(record, sides[side].path);
}

void st_trace_text_who(const json_t *record, enum st_trace_side side, struct st_buf *out)
{
	const char *name = st_words_text(json_object_get(record, sides[side].process), "name");
	const char *path = st_words_text(record, sides[side].path);
	uint64_t pid = st_trace_text_pid(record, side);

	if (*path || !pid) {
		st_buf_add_text(out, *path ? path : "unknown");
		return;
	}
	/* it was gone before its name could be read */
	if (!*name || !strcmp(name, "?")) {
		st_buf_add_text(out, "pid ");
		st_buf_add_u64(out, pid);
		return;
	}
	st_buf_add_text(out, name);
	st_buf_add_char(out, '[');
	st_buf_add_u64(out, pid);
	st_buf_add_char(out, ']');
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

static bool has_flag(const json_t *record, const char *wanted)
{
	const json_t *flag;
	size_t index;

	json_array_foreach(json_object_get(record, "flags"), index, flag)
		if (json_is_string(flag) && !strcmp(json_string_value(flag), wanted))
			return true;
	return false;
}

/* Return: how the frame that this is is called; NULL: it is none. */
static const char *read_frame(const json_t *record, const struct st_buf *payload)
{
	static const uint8_t zero[7];
	struct st_packet_header header;

	if (!has_flag(record, "seqpacket") || payload->len < sizeof(header))
		return NULL;
	memcpy(&header, payload->data, sizeof(header));
	if (header.type >= ST_PACKET__MAX || memcmp(header.zero, zero, sizeof(zero)) != 0)
		return NULL;
	return frame_word[header.type];
}

static void add_signal(const json_t *record, struct st_buf *out)
{
	uint64_t number = st_words_number(record, "signal");
	const char *name = number < 65 ? st_signal_name((int)number) : NULL;
	const char *result = st_words_text(record, "result");

	st_buf_add_text(out, name ? "signal SIG" : "signal ");
	if (name)
		st_buf_add_text(out, name);
	else
		st_buf_add_u64(out, number);
	if (!strcmp(st_words_text(record, "action"), "delivered"))
		st_buf_add_text(out, " arrived");
	else if (*result && strcmp(result, "delivered") != 0) {
		st_buf_add_char(out, ' ');
		st_buf_add_text(out, result);
	}
}

static void add_end(const json_t *record, struct st_buf *out)
{
	int status = (int)st_words_number(record, "status");

	st_buf_add_char(out, ' ');
	if (WIFSIGNALED(status)) {
		const char *name = st_signal_name(WTERMSIG(status));

		st_buf_add_text(out, name ? "by SIG" : "by signal ");
		st_buf_add_text(out, name ? name : "");
		if (!name)
			st_buf_add_u64(out, (uint64_t)WTERMSIG(status));
		return;
	}
	st_buf_add_u64(out, (uint64_t)WEXITSTATUS(status));
}

/* Return: static; NULL: it is no frame. */
static const char *word_of(const json_t *record)
{
	struct st_buf payload = ST_BUF_INIT;
	const char *word;

	read_payload(record, &payload);
	word = read_frame(record, &payload);
	st_buf_done(&payload);
	return word;
}

bool st_trace_text_is_hello(const json_t *record)
{
	return word_of(record) == frame_word[ST_PACKET_HELLO];
}

static void add_message(const json_t *record, struct st_buf *out)
{
	const char *word = word_of(record);

	if (!word && json_object_get(record, "reply_ns"))
		word = "reply";
	if (!word)
		word = json_is_true(json_object_get(record, "call")) ? "call" : "message";
	st_buf_add_text(out, word);
	/* the other half was not seen */
	if (strcmp(st_words_text(record, "action"), "message") != 0) {
		st_buf_add_text(out, " only ");
		st_buf_add_text(out, st_words_text(record, "action"));
	}
}

void st_trace_text_what(const json_t *record, struct st_buf *out)
{
	const char *kind = st_words_text(record, "kind");

	if (!strcmp(kind, "signal")) {
		add_signal(record, out);
		return;
	}
	st_buf_add_text(out, kind);
	st_buf_add_char(out, ' ');
	if (json_object_get(record, "channel")) {
		add_message(record, out);
		return;
	}
	st_buf_add_text(out, st_words_text(record, "action"));
	if (!strcmp(st_words_text(record, "action"), "exit"))
		add_end(record, out);
}

void st_trace_text_content(const json_t *record, struct st_buf *out)
{
	struct st_buf payload = ST_BUF_INIT;
	size_t first = 0;

	read_payload(record, &payload);
	if (read_frame(record, &payload))
		first = sizeof(struct st_packet_header);
	if (payload.len > first) {
		st_buf_add_char(out, '"');
		for (size_t i = first; i < payload.len; i++) {
			char c = payload.data[i];

			st_buf_add_char(out, c >= ' ' && c <= '~' ? c : '.');
		}
		st_buf_add_char(out, '"');
		st_buf_add_text(out, has_flag(record, "truncated") ? "..." : "");
	}
	out->failed |= payload.failed;
	st_buf_done(&payload);
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

void st_trace_text_duration(uint64_t ns, struct st_buf *out)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	uint64_t divisor = 1;
	size_t unit = 0;

	while (unit + 1 < sizeof(units) / sizeof(*units) && ns / divisor >= 1000) {
		divisor *= 1000;
		unit++;
	}
	st_buf_add_u64(out, ns / divisor);
	if (unit) {
		st_buf_add_char(out, '.');
		st_buf_add_u64(out, ns % divisor * 10 / divisor);
	}
	st_buf_add_text(out, units[unit]);
}

int64_t st_trace_text_offset(void)
{
	struct timespec wall, boot;

	(void)clock_gettime(CLOCK_REALTIME, &wall); /* clocks that Linux has cannot fail */
	(void)clock_gettime(CLOCK_BOOTTIME, &boot);
	return ((int64_t)wall.tv_sec - boot.tv_sec) * NSEC_PER_SEC + wall.tv_nsec - boot.tv_nsec;
}

static void add_time(const json_t *record, int64_t offset_ns, struct st_buf *out)
{
	int64_t wall_ns = (int64_t)(st_words_number(record, "time_ns") + (uint64_t)offset_ns);
	time_t seconds = (time_t)(wall_ns / NSEC_PER_SEC);
	struct tm here = { 0 };
	char text[32];

	(void)localtime_r(&seconds, &here); /* a time that is none is shown as 0 */
	strftime(text, sizeof(text), "%H:%M:%S", &here);
	st_buf_add_text(out, text);
	snprintf(text, sizeof(text), ".%06u", (unsigned int)((uint64_t)wall_ns / 1000 % 1000000));
	st_buf_add_text(out, text);
}

void st_trace_text_line(const json_t *record, int64_t offset_ns, struct st_buf *out)
{
	struct st_buf content = ST_BUF_INIT;

	add_time(record, offset_ns, out);
	st_buf_add_text(out, "  ");
	st_trace_text_who(record, ST_TRACE_FROM, out);
	st_buf_add_text(out, " -> ");
	st_trace_text_who(record, ST_TRACE_TO, out);
	st_buf_add_text(out, "  ");
	st_trace_text_what(record, out);
	if (json_object_get(record, "channel")) {
		st_buf_add_text(out, "  ");
		st_buf_add_u64(out, st_words_number(record, "size"));
		st_buf_add_text(out, st_words_number(record, "size") == 1 ? " byte" : " bytes");
	}
	st_trace_text_content(record, &content);
	if (content.len) {
		st_buf_add_text(out, "  ");
		st_buf_add_text(out, st_buf_text(&content));
	}
	if (json_object_get(record, "reply_ns")) {
		st_buf_add_text(out, "  after ");
		st_trace_text_duration(st_words_number(record, "reply_ns"), out);
	}
	out->failed |= content.failed;
	st_buf_done(&content);
}
