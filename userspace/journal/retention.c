// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long rows are kept: the oldest go first, in slices; see st_store_prune().
 *
 * Events are a range of ids, so removing the oldest needs no search. Roll-ups, gaps,
 * inputs and paths go with the last event that they belong to. The file does not become
 * smaller: its free pages are used again.
 */
#include <errno.h>

#include "base/buf.h"
#include "journal/schema.h"
#include "journal/store_internal.h"

#define SLICE 10000 /* events, and inputs */
#define MAX_PATHS 1000 /* that are forgotten in a slice */
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

/* Bytes of pages that are in use. */
static int read_size(const struct st_store *store, int64_t *ret_bytes)
{
	int64_t pages = 0, free_pages = 0, size = 0;
	int err = st_database_number(&store->database, "PRAGMA page_count", &pages);

	if (!err)
		err = st_database_number(&store->database, "PRAGMA freelist_count", &free_pages);
	if (!err)
		err = st_database_number(&store->database, "PRAGMA page_size", &size);
	if (!err)
		*ret_bytes = (pages - free_pages) * size;
	return err;
}

/* The last id whose minute is over since before @min_us, by the root's roll-ups; 0: none. */
static int find_old(const struct st_store *store, int64_t min_us, int64_t *ret_id)
{
	struct st_buf sql = ST_BUF_INIT;
	int err;

	st_buf_add_text(&sql, "SELECT max(last) FROM minute WHERE path=1 AND minute < ");
	st_buf_add_i64(&sql, min_us / ST_MINUTE_US);
	err = st_buf_error(&sql);
	if (!err)
		err = st_database_number(&store->database, st_buf_text(&sql), ret_id);
	st_buf_done(&sql);
	return err;
}

static int run_with(const struct st_store *store, const char *before, int64_t id, const char *after)
{
	struct st_buf sql = ST_BUF_INIT;
	int err;

	st_buf_add_text(&sql, before);
	st_buf_add_i64(&sql, id);
	st_buf_add_text(&sql, after);
	err = st_buf_error(&sql);
	if (!err)
		err = st_database_run(&store->database, st_buf_text(&sql));
	st_buf_done(&sql);
	return err;
}

static bool is_above_another(const struct st_store *store, const struct st_past_word *path)
{
	for (uint32_t i = 0; i < store->paths.nr; i++)
		if (store->paths.by_number[i] && store->paths.by_number[i]->parent == path->number)
			return true;
	return false;
}

/* Children that no event is about any more: a tree may have new names for ever. */
static int forget_paths(struct st_store *store, int64_t oldest)
{
	uint32_t nr_left = MAX_PATHS;
	int err = 0;

	for (uint32_t i = store->paths.nr; !err && nr_left && i > 1; i--) {
		struct st_past_word *path = store->paths.by_number[i - 1];

		if (!path || path->last >= oldest || is_above_another(store, path))
			continue;
		err = run_with(store, "DELETE FROM path WHERE path=", path->number, "");
		if (!err)
			err = run_with(store, "DELETE FROM minute WHERE path=", path->number, "");
		if (!err)
			st_past_words_remove(&store->paths, path);
		nr_left--;
	}
	return err;
}

/* What belongs to events that are gone. */
static int remove_rest(struct st_store *store, int64_t oldest)
{
	int err = run_with(store, "DELETE FROM gap WHERE last < ", oldest, "");

	if (!err)
		err = run_with(store,
			       "DELETE FROM minute WHERE path IN (SELECT DISTINCT parent FROM path)"
			       " AND minute < (SELECT min(minute) FROM minute WHERE path=1"
			       " AND last >= ",
			       oldest, ")");
	if (!err) /* the newest tree before the oldest event stays, and the inputs after it */
		err = run_with(store,
			       "DELETE FROM tree WHERE nr < (SELECT max(nr) FROM tree WHERE id <= ",
			       oldest, ")");
	if (!err)
		err = st_database_run(
			&store->database,
			"DELETE FROM input WHERE nr IN (SELECT nr FROM (SELECT nr, id FROM input"
			" ORDER BY nr LIMIT 50000) WHERE id < (SELECT min(id) FROM tree))");
	if (!err)
		err = forget_paths(store, oldest);
	return err;
}

/* Remove events until @last, a slice of them. */
static int remove_slice(struct st_store *store, int64_t last, bool *ret_has_more)
{
	int64_t oldest = 0;
	int err = st_store_transact(store);

	if (!err)
		err = run_with(
			store, "DELETE FROM event WHERE id <= min(", last,
			", (SELECT max(id) FROM (SELECT id FROM event ORDER BY id LIMIT " TEXT(
				SLICE) ")))");
	if (!err)
		err = st_database_number(&store->database, "SELECT min(id) FROM event", &oldest);
	if (!err && oldest)
		err = remove_rest(store, oldest);
	if (!err)
		err = st_store_commit(store);
	if (!err)
		*ret_has_more = oldest && oldest <= last;
	return err;
}

int st_store_prune(struct st_store *store, const struct st_store_limits *limits, int64_t now_us,
		   bool *ret_has_more)
{
	int64_t bytes = 0, old = 0, oldest = 0;
	int err = st_store_commit(store);

	*ret_has_more = false;
	if (!err)
		err = read_size(store, &bytes);
	if (!err)
		err = find_old(store, now_us - limits->max_age_us, &old);
	if (!err)
		err = st_database_number(&store->database, "SELECT min(id) FROM event", &oldest);
	if (err || !oldest)
		return err;
	if (oldest <= old)
		return remove_slice(store, old, ret_has_more);
	if (bytes <= limits->max_bytes)
		return 0;
	err = remove_slice(store, INT64_MAX, ret_has_more);
	if (!err)
		err = read_size(store, &bytes);
	*ret_has_more = !err && bytes > limits->max_bytes;
	return err;
}
