// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace as the JSON of Chrome's trace events, which ui.perfetto.dev opens: a track for
 * each process, a slice where a message is sent and where it arrives, an arrow (flow)
 * from one to the other, and a span from a call to its reply. Times are microseconds.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/show/words.h"
#include "cli/trace/trace_export.h"
#include "cli/trace/trace_people.h"
#include "proto/json.h"

#define SLICE_NS 1000 /* a point in time has to be seen */

struct writer {
	struct st_json json;
	struct st_trace_people people;
};

/* Who is not known, and others, share process 0. */
static void begin_event(struct writer *writer, const char *phase, const char *name, uint64_t pid,
			uint64_t time_ns)
{
	char time[32];
	int len = snprintf(time, sizeof(time), "%" PRIu64 ".%03u", time_ns / 1000,
			   (unsigned int)(time_ns % 1000));

	st_json_begin_object(&writer->json);
	st_json_text_field(&writer->json, "ph", phase);
	st_json_text_field(&writer->json, "name", name);
	st_json_u64_field(&writer->json, "pid", pid);
	st_json_u64_field(&writer->json, "tid", pid);
	st_json_key(&writer->json, "ts");
	st_json_raw(&writer->json, time, (size_t)len);
}

static void write_name(struct writer *writer, uint64_t pid, const char *name)
{
	begin_event(writer, "M", "process_name", pid, 0);
	st_json_key(&writer->json, "args");
	st_json_begin_object(&writer->json);
	st_json_text_field(&writer->json, "name", name);
	st_json_end_object(&writer->json);
	st_json_end_object(&writer->json);
}

static void write_slice(struct writer *writer, const json_t *record, const char *name, uint64_t pid,
			uint64_t time_ns)
{
	begin_event(writer, "X", name, pid, time_ns);
	st_json_text_field(&writer->json, "cat", st_words_text(record, "kind"));
	st_json_key(&writer->json, "dur");
	st_json_u64(&writer->json, SLICE_NS / 1000);
	st_json_key(&writer->json, "args");
	st_json_begin_object(&writer->json);
	st_json_u64_field(&writer->json, "seq", st_words_number(record, "seq"));
	st_json_u64_field(&writer->json, "size", st_words_number(record, "size"));
	st_json_end_object(&writer->json);
	st_json_end_object(&writer->json);
}

/* One end of an arrow (s, f) or of a span (b, e): they belong together by their id. */
static void write_end(struct writer *writer, const char *phase, const char *name, uint64_t pid,
		      uint64_t time_ns, uint64_t id)
{
	bool is_span = *phase == 'b' || *phase == 'e';

	begin_event(writer, phase, name, pid, time_ns);
	st_json_text_field(&writer->json, "cat", is_span ? "call" : "message");
	st_json_u64_field(&writer->json, "id", id);
	if (*phase == 'f')
		st_json_text_field(&writer->json, "bp", "e");
	st_json_end_object(&writer->json);
}

/* From the call's sending to the reply's arrival, on the caller's track. */
static void write_span(struct writer *writer, const json_t *reply, const char *name,
		       uint64_t end_ns)
{
	uint64_t caller = st_trace_text_pid(reply, ST_TRACE_TO);
	/* its own if its call was not kept: no reply is the call of another */
	uint64_t id =
		st_words_number(reply, json_object_get(reply, "reply_to") ? "reply_to" : "seq");
	uint64_t took_ns = st_words_number(reply, "reply_ns");

	write_end(writer, "b", name, caller, end_ns > took_ns ? end_ns - took_ns : 0, id);
	write_end(writer, "e", name, caller, end_ns, id);
}

static void write_record(struct writer *writer, const json_t *record)
{
	uint64_t from = st_trace_text_pid(record, ST_TRACE_FROM);
	uint64_t to = st_trace_text_pid(record, ST_TRACE_TO);
	uint64_t sent_ns = st_words_number(record, "time_ns");
	uint64_t arrived_ns = sent_ns + st_words_number(record, "latency_ns");
	uint64_t id = st_words_number(record, "seq");
	struct st_buf name = ST_BUF_INIT;

	st_trace_text_label(record, &name);
	write_slice(writer, record, st_buf_text(&name), from, sent_ns);
	if (from != to) {
		write_slice(writer, record, st_buf_text(&name), to, arrived_ns);
		write_end(writer, "s", st_buf_text(&name), from, sent_ns, id);
		write_end(writer, "f", st_buf_text(&name), to, arrived_ns, id);
	}
	if (json_object_get(record, "reply_ns"))
		write_span(writer, record, st_buf_text(&name), arrived_ns);
	writer->json.out->failed |= name.failed;
	st_buf_done(&name);
}

void st_trace_write_perfetto(const json_t *records, struct st_buf *out)
{
	struct writer writer;
	const json_t *record;
	size_t index;

	if (st_trace_people_find(&writer.people, records))
		out->failed = true;
	st_json_init(&writer.json, out);
	st_json_begin_object(&writer.json);
	st_json_text_field(&writer.json, "displayTimeUnit", "ns");
	st_json_key(&writer.json, "traceEvents");
	st_json_begin_array(&writer.json);
	for (uint32_t i = 0; i < writer.people.nr; i++)
		write_name(&writer, writer.people.who[i].pid,
			   st_buf_text(&writer.people.who[i].name));
	json_array_foreach(records, index, record)
		write_record(&writer, record);
	st_json_end_array(&writer.json);
	st_json_end_object(&writer.json);
	st_buf_add_char(out, '\n');
	st_trace_people_done(&writer.people);
}
