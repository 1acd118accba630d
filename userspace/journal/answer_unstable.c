// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which children were restarted most in a time, and how each ended last; see answer.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "journal/answer.h"
#include "journal/history.h"
#include "journal/history_internal.h"
#include "os/wall.h"
#include "proto/json.h"

#define DEFAULT_LIMIT 20
#define HOUR_US (INT64_C(3600) * 1000000)

struct tally {
	const struct st_past_word *path;
	uint64_t restarts, failures;
	int64_t end; /* id of the newest end; 0: none */
};

static void count(struct tally *tally, const struct st_past_row *row, int64_t id)
{
	if (st_past_row_is_restart(row)) {
		tally->restarts++;
	} else if (!strcmp(row->kind, "exited") || !strcmp(row->kind, "start_failed")) {
		tally->failures += !st_past_reason_is_normal(row->reason);
		if (!tally->end)
			tally->end = id;
	}
}

/* @tallies: by number of a path, minus 1. */
static int count_all(struct st_past_walk *walk, struct tally *tallies, int64_t *from_us)
{
	struct st_past_row row;
	int64_t id;
	int ret;

	while ((ret = st_past_walk_next(walk, &row, &id)) > 0) {
		const struct st_past_word *path = st_past_words_find(&walk->store->paths, row.path);

		tallies[path->number - 1].path = path;
		count(&tallies[path->number - 1], &row, id);
		*from_us = row.wall_us;
	}
	return ret;
}

/* The most restarts first, then the newest end. */
static int compare(const void *a, const void *b)
{
	const struct tally *left = a, *right = b;

	if (left->restarts != right->restarts)
		return left->restarts < right->restarts ? 1 : -1;
	return (left->end < right->end) - (left->end > right->end);
}

static int write_end(const struct st_store *store, sqlite3_stmt *one, int64_t id,
		     struct st_json *json)
{
	struct st_past_row row;
	int ret;

	(void)sqlite3_bind_int64(one, 1, id); /* a number always fits */
	ret = st_database_step(one);
	if (ret <= 0)
		return ret;
	ret = st_past_select_read(store, one, &row);
	if (!ret) {
		st_json_key(json, "end");
		st_past_row_write(&row, json);
	}
	(void)sqlite3_reset(one); /* it has its row */
	return ret;
}

static int write_children(const struct st_store *store, const struct tally *tallies, int64_t nr,
			  struct st_json *json)
{
	sqlite3_stmt *one = NULL;
	int err = st_database_prepare(&store->database, st_past_select_one, &one);

	st_json_key(json, "children");
	st_json_begin_array(json);
	for (int64_t i = 0; !err && i < nr && tallies[i].restarts; i++) {
		if (json->out->len > ST_PAST_ANSWER_ROOM - 8192)
			break;
		st_json_begin_object(json);
		st_json_text_field(json, "path", tallies[i].path->text);
		st_json_u64_field(json, "restarts", tallies[i].restarts);
		st_json_u64_field(json, "failures", tallies[i].failures);
		if (tallies[i].end)
			err = write_end(store, one, tallies[i].end, json);
		st_json_end_object(json);
	}
	st_json_end_array(json);
	(void)sqlite3_finalize(one); /* it repeats an earlier code */
	return err;
}

static void write_wall(const char *key, int64_t wall_us, struct st_json *json)
{
	char text[ST_WALL_SIZE];
	size_t len = st_wall_write_utc((uint64_t)(wall_us > 0 ? wall_us : 0) * 1000, text);

	st_json_key(json, key);
	st_json_text_len(json, text, len);
}

int st_past_answer_unstable(const struct st_store *store, const json_t *params, int64_t now_us,
			    struct st_buf *out)
{
	const struct st_past_query query = {
		.path = "/",
		.since_us = st_past_answer_time(params, "since_ms", now_us, now_us - HOUR_US),
		.until_us = INT64_MAX,
	};
	const json_t *limit = json_object_get(params, "limit");
	int64_t nr = limit ? json_integer_value(limit) : DEFAULT_LIMIT, from_us = query.since_us;
	size_t nr_paths = store->paths.nr;
	struct tally *tallies = st_alloc_array(nr_paths + 1, sizeof(*tallies));
	struct st_past_walk walk;
	struct st_json json;
	int err;

	if (!tallies)
		return -ENOMEM;
	memset(tallies, 0, (nr_paths + 1) * sizeof(*tallies));
	err = st_past_walk_init(&walk, store, &query);
	if (!err)
		err = count_all(&walk, tallies, &from_us);
	if (err == -ENOENT) { /* nothing is stored yet */
		walk.is_over = true;
		err = 0;
	}
	qsort(tallies, nr_paths, sizeof(*tallies), compare);
	st_json_init(&json, out);
	st_json_begin_object(&json);
	write_wall("since", walk.is_over ? query.since_us : from_us, &json);
	st_json_bool_field(&json, "complete", walk.is_over);
	if (!err)
		err = write_children(store, tallies,
				     nr < (int64_t)nr_paths ? nr : (int64_t)nr_paths, &json);
	st_json_end_object(&json);
	st_past_walk_done(&walk);
	st_free(tallies);
	return err ? err : st_buf_error(out);
}
