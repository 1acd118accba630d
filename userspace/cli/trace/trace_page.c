// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a trace; see trace_page.h.
 */
#include "cli/trace/trace_page.h"

#include <inttypes.h>
#include <string.h>

#include "cli/call.h"
#include "cli/show/words.h"

#define PAGE 1000 /* messages */

static void heed_row(struct st_trace_reader *reader, const json_t *row)
{
	uint64_t lost = st_words_number(row, "lost");

	reader->newest = st_words_number(row, "records");
	reader->is_over = !strcmp(st_words_text(row, "state"), "over");
	if (reader->newest < reader->seq) {
		st_say_wrong("%s %" PRIu64
			     ": the tracer has begun this trace again; some messages were lost",
			     reader->verb, reader->id);
		reader->seq = 0;
		reader->lost = 0;
	}
	/* after the end all further messages are lost: do not report that */
	if (lost > reader->lost && !reader->is_over)
		st_say_wrong("%s %" PRIu64 ": %" PRIu64 " more messages were lost in the kernel",
			     reader->verb, reader->id, lost - reader->lost);
	reader->lost = lost;
}

enum st_exit_code st_trace_look(struct st_trace_reader *reader)
{
	json_t *params = json_object(), *rows = NULL;
	enum st_exit_code code =
		st_call(reader->cli, reader->conn, ST_OPERATION_TRACE_LIST, params, &rows);
	const json_t *row;
	size_t index;

	reader->is_gone = true;
	json_array_foreach(rows, index, row) {
		if (st_words_number(row, "id") != reader->id)
			continue;
		heed_row(reader, row);
		reader->is_gone = false;
	}
	json_decref(params);
	json_decref(rows);
	return code;
}

/* Numbers that are missing belong to messages that were not kept. */
static void heed_numbers(struct st_trace_reader *reader, const json_t *records)
{
	const json_t *record;
	uint64_t missing = 0;
	size_t index;

	json_array_foreach(records, index, record) {
		uint64_t seq = st_words_number(record, "seq");

		if (seq <= reader->seq)
			continue;
		missing += seq - reader->seq - 1;
		reader->seq = seq;
	}
	if (missing)
		st_say_wrong("%s %" PRIu64 ": %" PRIu64
			     " messages are no longer kept (trace-start --keep)",
			     reader->verb, reader->id, missing);
}

enum st_exit_code st_trace_next(struct st_trace_reader *reader, json_t **ret_records)
{
	json_t *params = json_pack("{s:I, s:I, s:i}", "id", (json_int_t)reader->id, "since",
				   (json_int_t)reader->seq, "limit", PAGE);
	json_t *records = NULL;
	enum st_exit_code code =
		st_call(reader->cli, reader->conn, ST_OPERATION_TRACE_HISTORY, params, &records);

	json_decref(params);
	if (code != ST_EXIT_OK)
		return code;
	heed_numbers(reader, records);
	*ret_records = records;
	return ST_EXIT_OK;
}

enum st_exit_code st_trace_all(struct st_trace_reader *reader, uint64_t limit, json_t **ret_records)
{
	enum st_exit_code code = st_trace_look(reader);
	json_t *all = json_array();
	bool is_more = true;

	if (code == ST_EXIT_OK && reader->is_gone) {
		st_say_wrong("%s %" PRIu64 ": there is no trace with this number", reader->verb,
			     reader->id);
		code = ST_EXIT_NOT_FOUND;
	}
	if (reader->newest > limit)
		reader->seq = reader->newest - limit;
	while (code == ST_EXIT_OK && is_more && reader->seq < reader->newest) {
		json_t *page = NULL;

		code = st_trace_next(reader, &page);
		is_more = json_array_size(page);
		if (page && json_array_extend(all, page))
			code = ST_EXIT_FAILED;
		json_decref(page);
	}
	if (code != ST_EXIT_OK) {
		json_decref(all);
		return code;
	}
	*ret_records = all;
	return ST_EXIT_OK;
}
