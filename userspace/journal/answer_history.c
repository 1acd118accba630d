// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of history; see answer.h.
 *
 * Numbers that are missing are rows among the others, unless the question has a filter.
 */
#include <errno.h>

#include "journal/answer.h"
#include "journal/history.h"
#include "journal/schema.h"
#include "proto/json.h"

#define DEFAULT_LIMIT 100

struct page {
	const struct st_store *store;
	struct st_past_walk walk;
	struct st_json json;
	struct st_buf *out;
	sqlite3_stmt *gaps; /* NULL: they are not shown */
	bool has_gap; /* ->gaps has a row that is not written yet */
	int64_t nr_left;
	int64_t next; /* id of the last row */
	bool is_full;
};

int64_t st_past_answer_time(const json_t *params, const char *name, int64_t now_us,
			    int64_t otherwise)
{
	const json_t *age = json_object_get(params, name);

	return json_is_integer(age) ? now_us - json_integer_value(age) * 1000 : otherwise;
}

/* Write a row, or take it back and end the page. Return: whether it is in the page. */
static bool end_row(struct page *page, size_t before, int64_t id)
{
	st_json_end_object(&page->json);
	if (page->out->len > ST_PAST_ANSWER_ROOM && page->next) {
		page->out->len = before;
		page->out->data[before] = '\0';
		page->is_full = true;
		return false;
	}
	page->next = id;
	page->nr_left--;
	return true;
}

static void begin_row(struct page *page, int64_t id)
{
	st_json_begin_object(&page->json);
	st_json_i64_field(&page->json, "id", id);
}

static int step_gap(struct page *page)
{
	int ret = st_database_step(page->gaps);

	page->has_gap = ret > 0;
	return ret < 0 ? ret : 0;
}

static uint64_t seq_of(int64_t id)
{
	return (uint64_t)id & ST_SCHEMA_MAX_SEQ;
}

/* Gaps that are newer than an event. */
static int write_gaps(struct page *page, int64_t until)
{
	while (page->has_gap && page->nr_left > 0 && !page->is_full) {
		int64_t first = sqlite3_column_int64(page->gaps, 0);
		size_t before = page->out->len;
		int err;

		if (first <= until || first < page->walk.first)
			return 0;
		begin_row(page, first);
		st_json_key(&page->json, "gap");
		st_json_begin_object(&page->json);
		st_json_u64_field(&page->json, "first", seq_of(first));
		st_json_u64_field(&page->json, "last", seq_of(sqlite3_column_int64(page->gaps, 1)));
		st_json_text_field(&page->json, "why",
				   (const char *)sqlite3_column_text(page->gaps, 2));
		st_json_end_object(&page->json);
		if (!end_row(page, before, first))
			return 0;
		err = step_gap(page);
		if (err)
			return err;
	}
	return 0;
}

static int write_events(struct page *page)
{
	while (page->nr_left > 0 && !page->is_full) {
		struct st_past_row row;
		size_t before;
		int64_t id;
		int ret = st_past_walk_next(&page->walk, &row, &id);

		if (ret <= 0)
			return ret;
		ret = write_gaps(page, id);
		if (ret)
			return ret;
		if (page->nr_left <= 0 || page->is_full)
			return 0;
		before = page->out->len;
		begin_row(page, id);
		st_json_key(&page->json, "event");
		st_past_row_write(&row, &page->json);
		if (!end_row(page, before, id))
			return 0;
	}
	return 0;
}

static int open_gaps(struct page *page, const struct st_past_query *query)
{
	int err;

	if (query->kind || query->reason || query->rule)
		return 0;
	err = st_database_prepare(&page->store->database,
				  "SELECT first,last,why FROM gap WHERE first<=?1"
				  " ORDER BY first DESC",
				  &page->gaps);
	if (err)
		return err;
	(void)sqlite3_bind_int64(page->gaps, 1, page->walk.last); /* a number always fits */
	return step_gap(page);
}

static const char *text_of(const json_t *params, const char *name, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(params, name));

	return text ? text : otherwise;
}

/* Where the next page begins; null: this is the last one. */
static void write_next(struct page *page)
{
	bool is_last = page->walk.is_over && page->nr_left > 0 && !page->is_full;

	st_json_key(&page->json, "next");
	if (is_last)
		st_json_null(&page->json);
	else
		st_json_i64(&page->json,
			    page->nr_left > 0 && !page->is_full ? page->walk.at : page->next);
}

static int write_page(struct page *page, const struct st_past_query *query)
{
	int err = st_past_walk_init(&page->walk, page->store, query);

	if (err == -ENOENT) {
		page->walk.is_over = true;
		err = 0;
	} else if (!err) {
		err = open_gaps(page, query);
	}
	st_json_begin_object(&page->json);
	st_json_key(&page->json, "rows");
	st_json_begin_array(&page->json);
	if (!err && !page->walk.is_over)
		err = write_events(page);
	if (!err && page->walk.is_over)
		err = write_gaps(page, 0);
	st_json_end_array(&page->json);
	write_next(page);
	st_json_end_object(&page->json);
	return err ? err : st_buf_error(page->out);
}

int st_past_answer_history(const struct st_store *store, const json_t *params, int64_t now_us,
			   struct st_buf *out)
{
	const json_t *limit = json_object_get(params, "limit");
	const struct st_past_query query = {
		.path = text_of(params, "path", "/"),
		.since_us = st_past_answer_time(params, "since_ms", now_us, INT64_MIN),
		.until_us = st_past_answer_time(params, "until_ms", now_us, INT64_MAX),
		.kind = text_of(params, "kind", NULL),
		.reason = text_of(params, "reason", NULL),
		.rule = text_of(params, "rule", NULL),
		.after = json_integer_value(json_object_get(params, "after")),
	};
	struct page page = {
		.store = store,
		.out = out,
		.nr_left = limit ? json_integer_value(limit) : DEFAULT_LIMIT,
	};
	int err;

	st_json_init(&page.json, out);
	err = write_page(&page, &query);
	(void)sqlite3_finalize(page.gaps); /* it repeats an earlier code */
	st_past_walk_done(&page.walk);
	return err;
}
