// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write a trace as JSON: a row, a summary, its history, and the description from which
 * it can be begun again; see trace.h.
 */
#include <string.h>
#include <time.h>

#include "tracer/trace.h"
#include "tracer/words.h"

json_t *st_trace_describe(const struct st_trace *trace)
{
	struct st_buf kinds = ST_BUF_INIT;
	const char *kinds_text;
	json_t *description;

	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++) {
		if (!(trace->limits.kinds & 1u << kind))
			continue;
		if (kinds.len)
			st_buf_add_char(&kinds, ',');
		st_buf_add_text(&kinds, st_kind_word[kind]);
	}
	if (st_buf_get(&kinds, &kinds_text)) {
		st_buf_done(&kinds);
		return NULL;
	}
	description = json_pack("{s:I, s:s*, s:i, s:s, s:I, s:I, s:I, s:I, s:s*, s:b, s:s}", "id",
				(json_int_t)trace->id, "path", trace->path, "pid", (int)trace->pid,
				"kinds", kinds_text, "payload", (json_int_t)trace->payload, "keep",
				(json_int_t)trace->keep, "count", (json_int_t)trace->limits.count,
				"until_ns", (json_int_t)trace->until_ns, "pattern", trace->pattern,
				"include_system", trace->has_system, "payload_role",
				trace->is_for_operators ? "operator" : "admin");
	st_buf_done(&kinds);
	return description;
}

static bool is_over(const struct st_trace *trace, const struct st_session_counts *counts)
{
	struct timespec now;
	__u64 nr = 0;

	(void)clock_gettime(CLOCK_BOOTTIME, &now); /* a clock that Linux has cannot fail */
	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++)
		nr += counts->kinds[kind].emitted;
	return (trace->limits.count && nr >= trace->limits.count) ||
	       (trace->until_ns &&
		(uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec >= trace->until_ns);
}

static void write_kinds(const struct st_trace *trace, struct st_json *json)
{
	st_json_key(json, "kinds");
	st_json_begin_array(json);
	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++)
		if (trace->limits.kinds & 1u << kind)
			st_json_text(json, st_kind_word[kind]);
	st_json_end_array(json);
}

static uint64_t nr_lost(const struct st_session_counts *counts)
{
	uint64_t nr = counts->missed;

	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++)
		nr += counts->kinds[kind].dropped + counts->kinds[kind].limited;
	return nr;
}

void st_trace_write_members(const struct st_trace *trace, enum st_trace_view view,
			    const struct st_session_counts *counts, struct st_json *json)
{
	st_json_u64_field(json, "id", trace->id);
	if (trace->path)
		st_json_text_field(json, "path", trace->path);
	else
		st_json_i64_field(json, "pid", trace->pid);
	st_json_text_field(json, "state", is_over(trace, counts) ? "over" : "running");
	st_json_bool_field(json, "include_system", trace->has_system);
	if (trace->pattern && view != ST_TRACE_COUNTS)
		st_json_text_field(json, "pattern", trace->pattern);
	st_json_u64_field(json, "records", trace->seq);
	st_json_u64_field(json, "passed_over", trace->nr_passed_over);
	st_json_u64_field(json, "system_left_out", trace->nr_system);
	st_json_u64_field(json, "lost", nr_lost(counts));
}

void st_trace_count(const struct st_trace *trace, struct st_session_counts *ret_counts)
{
	memset(ret_counts, 0, sizeof(*ret_counts));
	(void)!st_session_counts(trace->session, ret_counts); /* then they are 0 */
}

void st_trace_write_row(const struct st_trace *trace, enum st_trace_view view, struct st_json *json)
{
	struct st_session_counts counts;

	st_trace_count(trace, &counts);
	st_json_begin_object(json);
	st_trace_write_members(trace, view, &counts, json);
	write_kinds(trace, json);
	st_json_end_object(json);
}

void st_trace_write_total(const struct st_trace *trace, enum st_trace_view view, int kind,
			  const struct st_session_counts *counts, struct st_json *json)
{
	const struct st_trace_total *total = &trace->totals[kind];

	st_json_text_field(json, "kind", st_kind_word[kind]);
	st_json_u64_field(json, "records", total->nr);
	st_json_u64_field(json, "dropped", counts->kinds[kind].dropped);
	st_json_u64_field(json, "limited", counts->kinds[kind].limited);
	if (view == ST_TRACE_COUNTS)
		return;
	st_json_u64_field(json, "bytes", total->bytes);
	st_json_u64_field(json, "largest", total->largest);
	if (total->nr > 1)
		st_json_u64_field(json, "interval_ns",
				  (total->last_ns - total->first_ns) / (total->nr - 1));
}

/* The busiest first; pairs that were written are marked. */
void st_trace_write_pairs(const struct st_trace *trace, uint32_t top, struct st_json *json)
{
	uint32_t nr_told = top < trace->nr_pairs ? top : trace->nr_pairs;
	bool is_told[ST_TRACE_PAIRS] = { false };

	st_json_key(json, "pairs");
	st_json_begin_array(json);
	for (uint32_t nr = 0; nr < nr_told; nr++) {
		const struct st_trace_pair *pair;
		uint32_t best = 0;

		for (uint32_t i = 0; i < trace->nr_pairs; i++)
			if (!is_told[i] &&
			    (is_told[best] || trace->pairs[i].nr > trace->pairs[best].nr))
				best = i;
		is_told[best] = true;
		pair = &trace->pairs[best];
		st_json_begin_object(json);
		st_json_text_field(json, "from", pair->from);
		st_json_text_field(json, "to", pair->to);
		st_json_u64_field(json, "records", pair->nr);
		st_json_u64_field(json, "bytes", pair->bytes);
		st_json_end_object(json);
	}
	st_json_end_array(json);
	st_json_u64_field(json, "pairs_left_out", trace->nr_pairs - nr_told);
}

void st_trace_write_summary(const struct st_trace *trace, enum st_trace_view view, uint32_t top,
			    struct st_json *json)
{
	struct st_session_counts counts;

	st_trace_count(trace, &counts);
	st_json_begin_object(json);
	st_trace_write_members(trace, view, &counts, json);
	st_json_key(json, "kinds");
	st_json_begin_array(json);
	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++)
		if (trace->limits.kinds & 1u << kind) {
			st_json_begin_object(json);
			st_trace_write_total(trace, view, kind, &counts, json);
			st_json_end_object(json);
		}
	st_json_end_array(json);
	if (view != ST_TRACE_COUNTS) {
		st_trace_write_pairs(trace, top, json);
		st_json_u64_field(json, "records_of_other_pairs", trace->nr_other);
	}
	st_json_end_object(json);
}

/*
 * Write a record; its text is this program's own JSON, in which the key cannot be part of
 * a text: quotes in a text are escaped.
 */
static void write_record(const char *text, bool has_payload, struct st_json *json)
{
	static const char key[] = "\"payload\":\"";
	const char *payload = has_payload ? NULL : strstr(text, key);
	struct st_buf *out = st_json_place(json);

	if (payload) {
		payload += sizeof(key) - 1;
		st_buf_add(out, text, (size_t)(payload - text));
		text = payload + strcspn(payload, "\"");
	}
	st_buf_add_text(out, text);
}

void st_trace_write_history(const struct st_trace *trace, enum st_trace_view view, int64_t since,
			    uint64_t limit, size_t room, struct st_json *json)
{
	uint64_t oldest = trace->seq > trace->keep ? trace->seq - trace->keep + 1 : 1;
	uint64_t first = trace->seq > limit ? trace->seq - limit + 1 : 1;
	bool has_payload = view == ST_TRACE_ALL || trace->is_for_operators;
	size_t used = 0;

	if (since >= 0)
		first = (uint64_t)since + 1;
	if (first < oldest)
		first = oldest;
	/* the last ones are wanted: leave out older ones until they fit */
	for (uint64_t seq = trace->seq; since < 0 && seq >= first; seq--) {
		const char *text = trace->kept[(seq - 1) % trace->keep];

		used += text ? strlen(text) + 1 : 0;
		if (used > room)
			first = seq + 1;
	}
	used = 0;
	st_json_begin_array(json);
	for (uint64_t seq = first; seq <= trace->seq && seq - first < limit; seq++) {
		const char *text = trace->kept[(seq - 1) % trace->keep];

		used += text ? strlen(text) + 1 : 0;
		if (used > room)
			break;
		if (text)
			write_record(text, has_payload, json);
	}
	st_json_end_array(json);
}
