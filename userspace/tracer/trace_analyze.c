// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of a trace: whether and how soon calls were answered, the sizes and the
 * intervals of messages; see trace.h. Percentiles cover the newest numbers (sample.h),
 * everything else covers all messages.
 */
#include "tracer/trace.h"

static void write_sample(const char *key, const struct st_sample *sample, struct st_json *json)
{
	st_json_key(json, key);
	st_sample_write(sample, json);
}

static void write_calls(const struct st_trace *trace, struct st_json *json)
{
	struct st_calls_totals totals;

	st_calls_count(trace->calls, &totals);
	st_json_key(json, "calls");
	st_json_begin_object(json);
	st_json_u64_field(json, "answered", totals.answered);
	st_json_u64_field(json, "unanswered", totals.unanswered);
	write_sample("latency_ns", totals.latency_ns, json);
	st_json_end_object(json);
}

static void write_kind(const struct st_trace *trace, int kind,
		       const struct st_session_counts *counts, struct st_json *json)
{
	const struct st_trace_total *total = &trace->totals[kind];

	st_json_begin_object(json);
	st_trace_write_total(trace, ST_TRACE_WHO, kind, counts, json);
	write_sample("sizes", &total->sizes, json);
	write_sample("intervals_ns", &total->intervals_ns, json);
	st_json_end_object(json);
}

void st_trace_write_analysis(const struct st_trace *trace, uint32_t top, struct st_json *json)
{
	struct st_session_counts counts;

	st_trace_count(trace, &counts);
	st_json_begin_object(json);
	st_trace_write_members(trace, ST_TRACE_WHO, &counts, json);
	write_calls(trace, json);
	st_json_key(json, "kinds");
	st_json_begin_array(json);
	for (int kind = 0; kind < ST_RECORD_KIND__MAX; kind++)
		if (trace->limits.kinds & 1u << kind)
			write_kind(trace, kind, &counts, json);
	st_json_end_array(json);
	st_trace_write_pairs(trace, top, json);
	st_json_end_object(json);
}
