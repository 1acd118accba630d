// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record as a line, for people or for programs. See show.h.
 *
 * Everything comes out of the record and the names; nothing is looked up, and nothing
 * that is unknown is made up. The line for people is that of the CLI
 * (proto/traced.h), followed by details of the kernel.
 */
#include "tracer/show.h"

#include <stdio.h>

#include "proto/json.h"
#include "proto/traced.h"
#include "tracer/words.h"

/* What processes are called: copies, for a look-up may take the place of another. */
struct ends {
	char from[ST_NAME_SIZE];
	char to[ST_NAME_SIZE];
};

static struct st_traced_end end_of(struct st_process_names *names, __u32 pid,
				   char name[ST_NAME_SIZE])
{
	snprintf(name, ST_NAME_SIZE, "%s", pid ? st_process_names_of(names, pid) : "");
	return (struct st_traced_end){ .path = "", .name = name, .pid = pid };
}

static const char *result_of(const struct st_record *record)
{
	if (record->action != ST_ACTION_SENT || record->extra >= ST_SIGNAL__MAX)
		return "";
	return st_signal_result_word[record->extra];
}

static struct st_traced read_record(struct st_process_names *names, const struct st_record *record,
				    struct ends *ends)
{
	bool is_signal = record->kind == ST_RECORD_SIGNAL || record->kind == ST_RECORD_SIGWAIT;
	bool has_bytes = st_is_message(record) || record->action == ST_ACTION_EXEC;

	return (struct st_traced){
		.time_ns = record->time_ns,
		.kind = st_kind_word[record->kind],
		.action = st_action_word[record->action],
		.from = end_of(names, record->from, ends->from),
		.to = end_of(names, record->to, ends->to),
		.signal = is_signal ? record->channel : 0,
		.result = is_signal ? result_of(record) : "",
		.status = record->detail,
		.is_message = st_is_message(record),
		.is_packet = record->flags & ST_FLAG_SEQPACKET,
		.size = record->size,
		.bytes = (const char *)(record + 1),
		.nr_bytes = has_bytes ? record->captured : 0,
		.is_truncated = record->flags & ST_FLAG_TRUNCATED,
	};
}

/* Where on which channel: "88121>88122 @0". */
static void add_channel(struct st_buf *out, const struct st_record *record)
{
	if (record->kind == ST_RECORD_UNIX) {
		st_buf_add_u64(out, record->source);
		st_buf_add_char(out, '>');
	}
	st_buf_add_u64(out, record->channel);
	switch (record->kind) {
	case ST_RECORD_MQUEUE:
	case ST_RECORD_SYSV:
		st_buf_add_text(out, record->kind == ST_RECORD_SYSV ? " type " : " priority ");
		st_buf_add_i64(out, record->detail);
		break;
	case ST_RECORD_EVENTFD:
		st_buf_add_text(out, " value ");
		st_buf_add_u64(out, record->offset);
		break;
	case ST_RECORD_FUTEX:
		st_buf_add_text(out, " at ");
		st_buf_add_u64(out, record->offset);
		break;
	default:
		st_buf_add_text(out, " @");
		st_buf_add_u64(out, record->offset);
		break;
	}
}

/* The flags that the line does not say in its own words. */
static void add_flag_words(struct st_buf *out, const struct st_record *record)
{
	__u16 said = ST_FLAG_IGNORED | ST_FLAG_KERNEL;

	if (st_is_message(record))
		said |= ST_FLAG_TRUNCATED;
	for (unsigned int i = 0; i < st_nr_flag_words; i++) {
		if (!(record->flags & st_flag_words[i].flag & ~said))
			continue;
		st_buf_add_text(out, ", ");
		st_buf_add_text(out, st_flag_words[i].word);
	}
}

/* After what everybody shows: what only somebody who looks at the kernel wants. */
static void add_details(struct st_buf *out, const struct st_record *record, __u64 latency_ns)
{
	if (st_is_message(record)) {
		st_buf_add_text(out, "  on ");
		add_channel(out, record);
	}
	if (record->action == ST_ACTION_MESSAGE) {
		st_buf_add_text(out, ", read after ");
		st_traced_duration(latency_ns, out);
	}
	add_flag_words(out, record);
}

void st_record_show_line(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, bool is_joined, __u64 latency_ns)
{
	struct ends ends;
	struct st_traced traced = read_record(names, record, &ends);

	traced.is_joined = is_joined;
	traced.from.is_kernel = record->flags & ST_FLAG_KERNEL;
	st_traced_line(&traced, st_traced_offset(), out);
	add_details(out, record, latency_ns);
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

static void add_kind_fields(struct st_json *json, const struct st_record *record)
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
	add_kind_fields(&json, record);
	if (record->action == ST_ACTION_MESSAGE)
		st_json_u64_field(&json, "latency_ns", latency_ns);
	add_flags(&json, record->flags);
	st_json_end_object(&json);
	st_buf_add_char(out, '\n');
}
