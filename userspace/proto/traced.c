// SPDX-License-Identifier: GPL-2.0-only
/*
 * Describes traced messages in words; see traced.h.
 */
#include "proto/traced.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/character.h"
#include "core/reason.h"
#include "proto/packet.h"

#define NSEC_PER_SEC INT64_C(1000000000)

/* The word for each type of packet. */
static const char *const packet_word[ST_PACKET__MAX] = {
	[ST_PACKET_HELLO] = "hello",   [ST_PACKET_CALL] = "call", [ST_PACKET_REPLY] = "reply",
	[ST_PACKET_ERROR] = "error",   [ST_PACKET_CAST] = "cast", [ST_PACKET_INFO] = "info",
	[ST_PACKET_SYSTEM] = "system", [ST_PACKET_LINK] = "link", [ST_PACKET_UNLINK] = "unlink",
};

/*
 * Add bytes that other programs chose: each byte that is not printable becomes
 * a dot.
 */
static void add_printable(const char *bytes, size_t len, struct st_buf *out)
{
	for (size_t i = 0; i < len; i++)
		st_buf_add_char(out, bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
}

/* The ids in a path may have letters of all languages. */
static void add_path(const char *path, struct st_buf *out)
{
	size_t len = strlen(path);

	while (len) {
		struct st_character character = st_character_read(path, len);

		if (character.kind == ST_CHARACTER_PLAIN)
			st_buf_add(out, path, character.len);
		else
			st_buf_add_char(out, '.');
		path += character.len;
		len -= character.len;
	}
}

void st_traced_who(const struct st_traced_end *end, struct st_buf *out)
{
	if (*end->path) {
		add_path(end->path, out);
	} else if (!end->pid) {
		st_buf_add_text(out, end->is_kernel ? "kernel" : "unknown");
	} else if (!*end->name || !strcmp(end->name, "?")) {
		/* the process ended before its name could be read */
		st_buf_add_text(out, "pid ");
		st_buf_add_u64(out, end->pid);
	} else {
		add_printable(end->name, strlen(end->name), out);
		st_buf_add_char(out, '[');
		st_buf_add_u64(out, end->pid);
		st_buf_add_char(out, ']');
	}
}

/* Return: the word for the packet in this message; NULL: it is not a packet. */
static const char *word_of(const struct st_traced *traced)
{
	static const uint8_t zero[7];
	struct st_packet_header header;

	if (!traced->is_packet || traced->nr_bytes < sizeof(header))
		return NULL;
	memcpy(&header, traced->bytes, sizeof(header));
	if (header.type >= ST_PACKET__MAX || memcmp(header.zero, zero, sizeof(zero)) != 0)
		return NULL;
	return packet_word[header.type];
}

bool st_traced_is_hello(const struct st_traced *traced)
{
	return word_of(traced) == packet_word[ST_PACKET_HELLO];
}

static void add_signal_name(uint64_t number, struct st_buf *out)
{
	const char *name = number < 65 ? st_signal_name((int)number) : NULL;

	st_buf_add_text(out, name ? "SIG" : "");
	if (name)
		st_buf_add_text(out, name);
	else
		st_buf_add_u64(out, number);
}

static void add_signal(const struct st_traced *traced, struct st_buf *out)
{
	add_signal_name(traced->signal, out);
	if (!strcmp(traced->action, "delivered")) {
		st_buf_add_text(out, " arrived");
	} else if (*traced->result && strcmp(traced->result, "queued") != 0) {
		/* most signals are queued, so that word is left out */
		st_buf_add_char(out, ' ');
		st_buf_add_text(out, traced->result);
	}
}

static void add_end(int status, struct st_buf *out)
{
	if (!WIFSIGNALED(status)) {
		st_buf_add_char(out, ' ');
		st_buf_add_u64(out, (uint64_t)WEXITSTATUS(status));
		return;
	}
	st_buf_add_text(out, st_signal_name(WTERMSIG(status)) ? " by " : " by signal ");
	add_signal_name((uint64_t)WTERMSIG(status), out);
}

static void add_message(const struct st_traced *traced, struct st_buf *out)
{
	const char *word = word_of(traced);

	if (!word && traced->is_reply)
		word = "reply";
	if (!word)
		word = traced->is_call ? "call" : "message";
	st_buf_add_text(out, word);
	if (strcmp(traced->action, "message") != 0) {
		/*
		 * for a joined message this means that the other half was not
		 * seen
		 */
		st_buf_add_text(out, traced->is_joined ? " only " : " ");
		st_buf_add_text(out, traced->action);
	}
}

void st_traced_what(const struct st_traced *traced, struct st_buf *out)
{
	st_buf_add_text(out, traced->kind);
	st_buf_add_char(out, ' ');
	if (traced->signal) {
		add_signal(traced, out);
	} else if (traced->is_message) {
		add_message(traced, out);
	} else {
		st_buf_add_text(out, traced->action);
		if (!strcmp(traced->action, "exit"))
			add_end(traced->status, out);
	}
}

void st_traced_content(const struct st_traced *traced, struct st_buf *out)
{
	size_t first = word_of(traced) ? sizeof(struct st_packet_header) : 0;

	if (traced->nr_bytes <= first)
		return;
	st_buf_add_char(out, '"');
	add_printable(traced->bytes + first, traced->nr_bytes - first, out);
	st_buf_add_char(out, '"');
	st_buf_add_text(out, traced->is_truncated ? "..." : "");
}

void st_traced_duration(uint64_t ns, struct st_buf *out)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	uint64_t divisor = 1;
	size_t unit = 0;

	while (unit + 1 < ST_ARRAY_SIZE(units) && ns / divisor >= 1000) {
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

int64_t st_traced_offset(void)
{
	struct timespec wall, boot;

	(void)clock_gettime(CLOCK_REALTIME, &wall); /* the clocks of Linux cannot fail */
	(void)clock_gettime(CLOCK_BOOTTIME, &boot);
	return ((int64_t)wall.tv_sec - boot.tv_sec) * NSEC_PER_SEC + wall.tv_nsec - boot.tv_nsec;
}

static void add_time(uint64_t time_ns, int64_t offset_ns, struct st_buf *out)
{
	int64_t wall_ns = (int64_t)(time_ns + (uint64_t)offset_ns);
	time_t seconds = (time_t)(wall_ns / NSEC_PER_SEC);
	struct tm here = { 0 };
	char text[32];

	(void)localtime_r(&seconds, &here); /* an invalid time is shown as 0 */
	strftime(text, sizeof(text), "%H:%M:%S", &here);
	st_buf_add_text(out, text);
	snprintf(text, sizeof(text), ".%06u", (unsigned int)((uint64_t)wall_ns / 1000 % 1000000));
	st_buf_add_text(out, text);
}

void st_traced_line(const struct st_traced *traced, int64_t offset_ns, struct st_buf *out)
{
	struct st_buf content = ST_BUF_INIT;

	add_time(traced->time_ns, offset_ns, out);
	st_buf_add_text(out, "  ");
	st_traced_who(&traced->from, out);
	st_buf_add_text(out, " -> ");
	st_traced_who(&traced->to, out);
	st_buf_add_text(out, "  ");
	st_traced_what(traced, out);
	if (traced->is_message) {
		st_buf_add_text(out, "  ");
		st_buf_add_u64(out, traced->size);
		st_buf_add_text(out, traced->size == 1 ? " byte" : " bytes");
	}
	st_traced_content(traced, &content);
	if (content.len) {
		st_buf_add_text(out, "  ");
		st_buf_add_text(out, st_buf_text(&content));
	}
	if (traced->is_reply) {
		st_buf_add_text(out, "  after ");
		st_traced_duration(traced->reply_ns, out);
	}
	out->failed |= content.failed;
	st_buf_done(&content);
}
