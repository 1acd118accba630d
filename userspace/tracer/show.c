// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record as a line, for people or for programs. See show.h.
 *
 * Everything comes out of the record and the names; nothing is looked up, and nothing
 * that is unknown is made up.
 */
#include "tracer/show.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "proto/json.h"
#include "tracer/words.h"

/* The time of day of a moment on CLOCK_BOOTTIME, as both clocks stand now. */
static void add_time(struct st_buf *out, __u64 time_ns)
{
	struct timespec wall;
	struct timespec boot;
	struct tm local;
	char text[32];

	(void)clock_gettime(CLOCK_REALTIME, &wall); /* clocks that Linux has cannot fail */
	(void)clock_gettime(CLOCK_BOOTTIME, &boot);
	__s64 ago_ns =
		(__s64)(boot.tv_sec * (__s64)ST_NSEC_PER_SEC + boot.tv_nsec) - (__s64)time_ns;
	__s64 then_ns = wall.tv_sec * (__s64)ST_NSEC_PER_SEC + wall.tv_nsec - ago_ns;
	time_t second = then_ns / (__s64)ST_NSEC_PER_SEC;

	if (!localtime_r(&second, &local))
		return;
	(void)snprintf(text, sizeof(text), "%02d:%02d:%02d.%06u", local.tm_hour % 100,
		       local.tm_min % 100, local.tm_sec % 100,
		       (unsigned int)(then_ns % (__s64)ST_NSEC_PER_SEC / 1000) % 1000000);
	st_buf_add_text(out, text);
}

/* Bytes that others chose, such as a name: what is not printable becomes a dot. */
static void add_printable(struct st_buf *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		st_buf_add_char(out, bytes[i] >= ' ' && bytes[i] < 127 ? bytes[i] : '.');
}

static void add_process(struct st_buf *out, struct st_process_names *names, __u32 pid, __u16 flags)
{
	if (!pid) {
		st_buf_add_text(out, flags & ST_FLAG_KERNEL ? "kernel" : "unknown");
		return;
	}
	const char *name = st_process_names_of(names, pid);

	add_printable(out, name, strlen(name));
	st_buf_add_char(out, '[');
	st_buf_add_u64(out, pid);
	st_buf_add_char(out, ']');
}

static void add_signal(struct st_buf *out, __u32 number)
{
	const char *name = sigabbrev_np((int)number);

	st_buf_add_text(out, name ? "SIG" : "signal ");
	if (name)
		st_buf_add_text(out, name);
	else
		st_buf_add_u64(out, number);
}

static void add_end(struct st_buf *out, int status)
{
	if (WIFSIGNALED(status)) {
		st_buf_add_text(out, "killed by ");
		add_signal(out, (__u32)WTERMSIG(status));
	} else {
		st_buf_add_text(out, "status ");
		st_buf_add_i64(out, WEXITSTATUS(status));
	}
}

/* A message on a channel. */
static void add_message(struct st_buf *out, const struct st_record *record)
{
	if (record->kind == ST_RECORD_UNIX) {
		st_buf_add_u64(out, record->source);
		st_buf_add_char(out, '>');
	}
	st_buf_add_u64(out, record->channel);
	if (record->kind == ST_RECORD_EVENTFD || record->kind == ST_RECORD_FUTEX) {
		st_buf_add_text(out, record->kind == ST_RECORD_FUTEX ? " at " : " value ");
		st_buf_add_u64(out, record->offset);
		return;
	}
	if (record->kind == ST_RECORD_MQUEUE || record->kind == ST_RECORD_SYSV) {
		st_buf_add_text(out, record->kind == ST_RECORD_SYSV ? " type " : " priority ");
		st_buf_add_i64(out, record->detail);
	} else {
		st_buf_add_text(out, " @");
		st_buf_add_u64(out, record->offset);
	}
	st_buf_add_char(out, ' ');
	st_buf_add_u64(out, record->size);
	st_buf_add_text(out, record->size == 1 ? " byte" : " bytes");
	if (!record->captured)
		return;
	st_buf_add_text(out, " \"");
	add_printable(out, (const char *)(record + 1), record->captured);
	st_buf_add_char(out, '"');
}

static void add_latency(struct st_buf *out, __u64 latency_ns)
{
	char text[48];

	(void)snprintf(text, sizeof(text), ", %llu.%03u us", latency_ns / 1000,
		       (unsigned int)(latency_ns % 1000));
	st_buf_add_text(out, text);
}

/* What happened, in the words of its kind. */
static void add_what(struct st_buf *out, const struct st_record *record)
{
	if (st_is_message(record)) {
		add_message(out, record);
		return;
	}
	switch (record->action) {
	case ST_ACTION_RECEIVED:
		add_signal(out, record->channel);
		break;
	case ST_ACTION_SENT:
		add_signal(out, record->channel);
		if (record->extra != ST_SIGNAL_DELIVERED && record->extra < ST_SIGNAL__MAX) {
			st_buf_add_text(out, ", ");
			st_buf_add_text(out, st_signal_result_word[record->extra]);
		}
		break;
	case ST_ACTION_DELIVERED:
		add_signal(out, record->channel);
		break;
	case ST_ACTION_EXEC:
		add_printable(out, (const char *)(record + 1), record->captured);
		break;
	case ST_ACTION_EXIT:
		add_end(out, record->detail);
		break;
	default:
		break;
	}
}

void st_record_show_line(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, __u64 latency_ns)
{
	bool alone = record->action == ST_ACTION_EXEC || record->action == ST_ACTION_DELIVERED;

	add_time(out, record->time_ns);
	st_buf_add_text(out, "  ");
	st_buf_add_text(out, st_kind_word[record->kind]);
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, st_action_word[record->action]);
	st_buf_add_text(out, "  ");
	if (!alone || (record->from && record->from != record->to)) {
		add_process(out, names, record->from, record->flags);
		st_buf_add_text(out, " -> ");
	}
	add_process(out, names, record->to, 0);
	if (record->action != ST_ACTION_FORK)
		st_buf_add_text(out, "  ");
	add_what(out, record);
	if (record->action == ST_ACTION_MESSAGE)
		add_latency(out, latency_ns);
	for (unsigned int i = 0; i < st_nr_flag_words; i++) {
		if (record->flags & st_flag_words[i].flag & ~ST_FLAG_IGNORED & ~ST_FLAG_KERNEL) {
			st_buf_add_text(out, ", ");
			st_buf_add_text(out, st_flag_words[i].word);
		}
	}
	st_buf_add_char(out, '\n');
}

static void add_process_fields(struct st_json *json, struct st_process_names *names,
			       const char *key, __u32 pid)
{
	st_json_key(json, key);
	if (!pid) {
		st_json_null(json);
		return;
	}
	st_json_begin_object(json);
	st_json_u64_field(json, "pid", pid);
	st_json_text_field(json, "name", st_process_names_of(names, pid));
	st_json_end_object(json);
}

static void add_flags(struct st_json *json, __u16 flags)
{
	st_json_key(json, "flags");
	st_json_begin_array(json);
	for (unsigned int i = 0; i < st_nr_flag_words; i++) {
		if (flags & st_flag_words[i].flag)
			st_json_text(json, st_flag_words[i].word);
	}
	st_json_end_array(json);
}

static void add_payload(struct st_json *json, const struct st_record *record)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = (const unsigned char *)(record + 1);

	st_json_u64_field(json, "size", record->size);
	st_json_key(json, "payload");
	struct st_buf *out = st_json_place(json);

	st_buf_add_char(out, '"');
	for (unsigned int i = 0; i < record->captured; i++) {
		st_buf_add_char(out, digits[bytes[i] >> 4]);
		st_buf_add_char(out, digits[bytes[i] & 15]);
	}
	st_buf_add_char(out, '"');
}

/* The JSON keys of offset and detail, by kind; NULL: it has none. */
static const struct {
	const char *offset;
	const char *detail;
} place_keys[ST_RECORD_KIND__MAX] = {
	[ST_RECORD_UNIX] = { "offset", "left" }, [ST_RECORD_PIPE] = { "offset", "left" },
	[ST_RECORD_EVENTFD] = { "value", NULL }, [ST_RECORD_MQUEUE] = { NULL, "priority" },
	[ST_RECORD_SYSV] = { NULL, "type" },	 [ST_RECORD_FUTEX] = { "address", "woken" },
};

static void add_place(struct st_json *json, const struct st_record *record)
{
	st_json_u64_field(json, "source", record->source);
	st_json_u64_field(json, "channel", record->channel);
	st_json_u64_field(json, "serial", record->extra);
	if (place_keys[record->kind].offset)
		st_json_u64_field(json, place_keys[record->kind].offset, record->offset);
	bool is_left = record->kind == ST_RECORD_UNIX || record->kind == ST_RECORD_PIPE;

	if (place_keys[record->kind].detail && (!is_left || record->action == ST_ACTION_RECEIVED))
		st_json_i64_field(json, place_keys[record->kind].detail, record->detail);
	add_payload(json, record);
}

static void add_details(struct st_json *json, const struct st_record *record)
{
	if (st_is_message(record)) {
		add_place(json, record);
	} else if (record->kind == ST_RECORD_SIGNAL || record->kind == ST_RECORD_SIGWAIT) {
		st_json_u64_field(json, "signal", record->channel);
		st_json_i64_field(json, "code", record->detail);
		if (record->action == ST_ACTION_SENT && record->from)
			st_json_u64_field(json, "uid", record->source);
		if (record->action == ST_ACTION_SENT && record->extra < ST_SIGNAL__MAX)
			st_json_text_field(json, "result", st_signal_result_word[record->extra]);
	} else if (record->action == ST_ACTION_EXIT) {
		st_json_i64_field(json, "status", record->detail);
	} else if (record->action == ST_ACTION_EXEC) {
		add_payload(json, record);
	}
}

void st_record_show_json(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, __u64 latency_ns)
{
	struct st_json json;

	st_json_init(&json, out);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "time_ns", record->time_ns);
	st_json_u64_field(&json, "cpu", record->cpu);
	st_json_u64_field(&json, "sequence", record->sequence);
	st_json_text_field(&json, "kind", st_kind_word[record->kind]);
	st_json_text_field(&json, "action", st_action_word[record->action]);
	add_process_fields(&json, names, "from", record->from);
	add_process_fields(&json, names, "to", record->to);
	add_details(&json, record);
	if (record->action == ST_ACTION_MESSAGE)
		st_json_u64_field(&json, "latency_ns", latency_ns);
	add_flags(&json, record->flags);
	st_json_end_object(&json);
	st_buf_add_char(out, '\n');
}
