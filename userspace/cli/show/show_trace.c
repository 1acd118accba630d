// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of the tracer: traces and pairs as tables, messages one a line.
 *
 *	17  11:52:03.123456  bash[4711] -> demo/a  signal SIGTERM
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/table.h"
#include "cli/show/trace_text.h"
#include "cli/show/words.h"
#include "proto/traced.h"

static void add_target(struct st_table *table, const json_t *trace)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, st_words_text(trace, "path"));
	if (!text.len) {
		st_buf_add_text(&text, "pid ");
		st_buf_add_u64(&text, st_words_number(trace, "pid"));
	}
	st_table_add(table, st_buf_text(&text));
	st_buf_done(&text);
}

/* Words with commas between, or the words of rows. */
static void add_kinds(struct st_table *table, const json_t *kinds)
{
	struct st_buf text = ST_BUF_INIT;
	const json_t *kind;
	size_t index;

	json_array_foreach(kinds, index, kind) {
		st_buf_add_text(&text, index ? "," : "");
		st_buf_add_text(&text, json_is_string(kind) ? json_string_value(kind) :
							      st_words_text(kind, "kind"));
	}
	st_table_add(table, st_buf_text(&text));
	st_buf_done(&text);
}

void st_show_traces(const json_t *traces, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "ID",	 "TRACED", "KINDS", "TRACING",
					      "RECORDS", "PASSED", "LOST" };
	struct st_table table;
	const json_t *trace;
	size_t index;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(traces, index, trace) {
		st_table_add_u64(&table, st_words_number(trace, "id"));
		add_target(&table, trace);
		add_kinds(&table, json_object_get(trace, "kinds"));
		st_table_add(&table, st_words_text(trace, "state"));
		st_table_add_u64(&table, st_words_number(trace, "records"));
		st_table_add_u64(&table, st_words_number(trace, "passed_over"));
		st_table_add_u64(&table, st_words_number(trace, "lost"));
	}
	st_table_finish(&table, out);
}

/* A number that some roles do not see. */
static void add_if_seen(struct st_table *table, const json_t *object, const char *key)
{
	if (json_object_get(object, key))
		st_table_add_u64(table, st_words_number(object, key));
	else
		st_table_add(table, "-");
}

static void show_totals(const json_t *kinds, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "KIND",  "RECORDS", "DROPPED", "LIMITED",
					      "BYTES", "LARGEST", "EVERY" };
	struct st_table table;
	const json_t *kind;
	size_t index;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(kinds, index, kind) {
		struct st_buf every = ST_BUF_INIT;

		st_table_add(&table, st_words_text(kind, "kind"));
		st_table_add_u64(&table, st_words_number(kind, "records"));
		st_table_add_u64(&table, st_words_number(kind, "dropped"));
		st_table_add_u64(&table, st_words_number(kind, "limited"));
		add_if_seen(&table, kind, "bytes");
		add_if_seen(&table, kind, "largest");
		if (json_object_get(kind, "interval_ns"))
			st_words_duration(st_words_number(kind, "interval_ns") / 1000000, &every);
		st_table_add(&table, every.len ? st_buf_text(&every) : "-");
		st_buf_done(&every);
	}
	st_table_finish(&table, out);
}

static void show_pairs(const json_t *summary, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "FROM", "TO", "RECORDS", "BYTES" };
	const json_t *pairs = json_object_get(summary, "pairs"), *pair;
	uint64_t nr_left_out = st_words_number(summary, "pairs_left_out");
	struct st_table table;
	size_t index;

	if (!json_array_size(pairs))
		return;
	st_buf_add_char(out, '\n');
	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(pairs, index, pair) {
		st_table_add(&table, st_words_text(pair, "from"));
		st_table_add(&table, st_words_text(pair, "to"));
		st_table_add_u64(&table, st_words_number(pair, "records"));
		st_table_add_u64(&table, st_words_number(pair, "bytes"));
	}
	st_table_finish(&table, out);
	if (!nr_left_out)
		return;
	st_buf_add_text(out, "and ");
	st_buf_add_u64(out, nr_left_out);
	st_buf_add_text(out, nr_left_out == 1 ? " more pair: --top\n" : " more pairs: --top\n");
}

/* The number of messages that the trace did not keep, and why. */
static void show_passed_over(const json_t *summary, const struct st_style *style,
			     struct st_buf *out)
{
	uint64_t nr = st_words_number(summary, "passed_over");
	uint64_t nr_system = st_words_number(summary, "system_left_out");

	if (nr || nr_system)
		st_buf_add_char(out, '\n');
	if (nr) {
		st_buf_add_u64(out, nr);
		st_buf_add_text(out, " left out: they do not match the pattern \"");
		st_style_add(style, ST_COLOR_NONE, st_words_text(summary, "pattern"), out);
		st_buf_add_text(out, "\"\n");
	}
	if (nr_system) {
		st_buf_add_u64(out, nr_system);
		st_buf_add_text(out, " left out: messages with the daemon or the tracer "
				     "(trace-start --include-system)\n");
	}
}

void st_show_summary(const json_t *summary, const struct st_style *style, struct st_buf *out)
{
	show_totals(json_object_get(summary, "kinds"), style, out);
	show_pairs(summary, style, out);
	show_passed_over(summary, style, out);
}

static void add_amount(struct st_table *table, const json_t *sample, const char *key, bool is_time)
{
	struct st_buf text = ST_BUF_INIT;

	if (is_time)
		st_traced_duration(st_words_number(sample, key), &text);
	else
		st_buf_add_u64(&text, st_words_number(sample, key));
	st_table_add(table, st_buf_text(&text));
	st_buf_done(&text);
}

/* A row of percentiles, if there is anything to take them of. */
static void add_sample(struct st_table *table, const char *kind, const char *what,
		       const json_t *sample, bool is_time)
{
	static const char *const keys[] = { "p50", "p90", "p99", "largest" };
	struct st_buf name = ST_BUF_INIT;

	if (!json_is_object(sample))
		return;
	st_buf_add_text(&name, kind);
	st_buf_add_text(&name, what);
	st_table_add(table, st_buf_text(&name));
	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++)
		add_amount(table, sample, keys[i], is_time);
	st_buf_done(&name);
}

void st_show_analysis(const json_t *analysis, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "WHAT", "P50", "P90", "P99", "LARGEST" };
	const json_t *calls = json_object_get(analysis, "calls"), *kind;
	struct st_table table;
	size_t index;

	st_buf_add_u64(out, st_words_number(calls, "answered"));
	st_buf_add_text(out, " calls answered, ");
	st_buf_add_u64(out, st_words_number(calls, "unanswered"));
	st_buf_add_text(out, " not\n\n");
	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	add_sample(&table, "reply", " latency", json_object_get(calls, "latency_ns"), true);
	json_array_foreach(json_object_get(analysis, "kinds"), index, kind) {
		const char *word = st_words_text(kind, "kind");

		add_sample(&table, word, " size", json_object_get(kind, "sizes"), false);
		add_sample(&table, word, " interval", json_object_get(kind, "intervals_ns"), true);
	}
	st_table_finish(&table, out);
	st_buf_add_char(out, '\n');
	show_totals(json_object_get(analysis, "kinds"), style, out);
	show_pairs(analysis, style, out);
	show_passed_over(analysis, style, out);
}

void st_show_history(const json_t *records, const struct st_style *style, struct st_buf *out)
{
	int64_t offset_ns = st_traced_offset();
	struct st_buf text = ST_BUF_INIT;
	const json_t *record;
	size_t index;

	json_array_foreach(records, index, record) {
		st_buf_reset(&text);
		st_buf_add_u64(&text, st_words_number(record, "seq"));
		st_buf_add_text(&text, "  ");
		st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
		st_buf_reset(&text);
		st_trace_text_line(record, offset_ns, &text);
		st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
		st_buf_add_char(out, '\n');
	}
	out->failed |= text.failed;
	st_buf_done(&text);
}
