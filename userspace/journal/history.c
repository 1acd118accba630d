// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the store; see history.h.
 */
#include "journal/history.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "journal/history_internal.h"
#include "journal/schema.h"

#define LOOK_MAX 200000 /* events for one page */

/* ---- what is looked at ---- */

static bool is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	if (!strcmp(top, "/"))
		return true;
	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

/* Which paths are wanted, and how many of them have events. */
static int choose_paths(struct st_past_walk *walk)
{
	const struct st_past_words *paths = &walk->store->paths;
	uint32_t nr = 0;

	walk->is_wanted = st_alloc(paths->nr + 1);
	if (!walk->is_wanted)
		return -ENOMEM;
	memset(walk->is_wanted, 0, paths->nr + 1);
	for (uint32_t i = 0; i < paths->nr; i++) {
		const struct st_past_word *path = paths->by_number[i];

		if (!path || !is_below(path->text, walk->query.path))
			continue;
		walk->is_wanted[i] = true;
		nr += path->last >= walk->first;
	}
	walk->heads = st_alloc_array(nr + 1, sizeof(*walk->heads));
	if (!walk->heads)
		return -ENOMEM;
	return st_past_words_find(paths, walk->query.path) ? 0 : -ENOENT;
}

/* A bound of ids by a time of day: the roll-ups of the root know the ids of each minute. */
static int read_bound(const struct st_store *store, const char *what, int64_t wall_us,
		      int64_t *bound)
{
	struct st_buf sql = ST_BUF_INIT;
	int64_t id = 0;
	int err;

	st_buf_add_text(&sql, what);
	st_buf_add_i64(&sql, wall_us / ST_MINUTE_US);
	err = st_buf_error(&sql);
	if (!err)
		err = st_database_number(&store->database, st_buf_text(&sql), &id);
	st_buf_done(&sql);
	if (!err)
		*bound = id;
	return err;
}

static int choose_ids(struct st_past_walk *walk)
{
	const struct st_past_query *query = &walk->query;
	int err = 0;

	walk->first = 1;
	walk->last = INT64_MAX;
	if (query->since_us != INT64_MIN)
		err = read_bound(walk->store,
				 "SELECT coalesce(min(first), 9223372036854775807) FROM minute"
				 " WHERE path=1 AND minute >= ",
				 query->since_us, &walk->first);
	if (!err && query->until_us != INT64_MAX)
		err = read_bound(walk->store,
				 "SELECT coalesce(max(last), 0) FROM minute"
				 " WHERE path=1 AND minute <= ",
				 query->until_us, &walk->last);
	if (query->after && query->after - 1 < walk->last)
		walk->last = query->after - 1;
	return err;
}

/* ---- chains: a heap of ids, the largest one first ---- */

static void sift_up(int64_t *heads, uint32_t at)
{
	while (at && heads[(at - 1) / 2] < heads[at]) {
		int64_t above = heads[(at - 1) / 2];

		heads[(at - 1) / 2] = heads[at];
		heads[at] = above;
		at = (at - 1) / 2;
	}
}

static void sift_down(int64_t *heads, uint32_t nr, uint32_t at)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		int64_t id;

		if (child >= nr)
			return;
		if (child + 1 < nr && heads[child + 1] > heads[child])
			child++;
		if (heads[at] >= heads[child])
			return;
		id = heads[at];
		heads[at] = heads[child];
		heads[child] = id;
		at = child;
	}
}

static void push(struct st_past_walk *walk, int64_t id)
{
	if (id < walk->first)
		return;
	walk->heads[walk->nr_heads] = id;
	sift_up(walk->heads, walk->nr_heads++);
}

static int64_t pop(struct st_past_walk *walk)
{
	int64_t id = walk->heads[0];

	walk->heads[0] = walk->heads[--walk->nr_heads];
	sift_down(walk->heads, walk->nr_heads, 0);
	return id;
}

/* The next page of a child goes on where the last one ended. Return: 1: it does; 0; -errno. */
static int continue_chain(struct st_past_walk *walk)
{
	const struct st_past_word *path = st_past_words_find(&walk->store->paths, walk->query.path);
	int ret;

	(void)sqlite3_bind_int64(walk->one, 1, walk->query.after); /* a number always fits */
	ret = st_database_step(walk->one);
	if (ret <= 0)
		return ret;
	ret = sqlite3_column_int64(walk->one, ST_PAST_SELECT_PATH) == path->number;
	if (ret)
		push(walk, sqlite3_column_int64(walk->one, ST_PAST_SELECT_PREV));
	(void)sqlite3_reset(walk->one); /* it has its row */
	return ret;
}

static bool is_alone(const struct st_past_walk *walk)
{
	const struct st_past_words *paths = &walk->store->paths;
	uint32_t nr = 0;

	for (uint32_t i = 0; i < paths->nr; i++)
		nr += walk->is_wanted[i];
	return nr == 1;
}

/* Chains are of use if few of all events are wanted, and the newest ones. */
static int choose_way(struct st_past_walk *walk)
{
	const struct st_past_words *paths = &walk->store->paths;
	int ret = 0;

	if (walk->query.after && is_alone(walk))
		ret = continue_chain(walk);
	if (ret) {
		walk->is_chain = ret > 0;
		return ret < 0 ? ret : 0;
	}
	if (!strcmp(walk->query.path, "/") || walk->last != INT64_MAX)
		return 0;
	walk->is_chain = true;
	for (uint32_t i = 0; i < paths->nr; i++)
		if (walk->is_wanted[i])
			push(walk, paths->by_number[i]->last);
	return 0;
}

int st_past_walk_init(struct st_past_walk *walk, const struct st_store *store,
		      const struct st_past_query *query)
{
	int err;

	*walk = (struct st_past_walk){ .store = store, .query = *query };
	err = st_database_prepare(&store->database, st_past_select_one, &walk->one);
	if (!err)
		err = st_database_prepare(&store->database, st_past_select_before, &walk->next);
	if (!err)
		err = choose_ids(walk);
	if (!err)
		err = choose_paths(walk);
	return err ? err : choose_way(walk);
}

void st_past_walk_done(struct st_past_walk *walk)
{
	(void)sqlite3_finalize(walk->one); /* both repeat earlier codes */
	(void)sqlite3_finalize(walk->next);
	st_free(walk->is_wanted);
	st_free(walk->heads);
	*walk = (struct st_past_walk){ .store = NULL };
}

/* ---- the walk ---- */

/* Look at the next event of the chains. Return: 1; 0: they end here; -errno. */
static int look_chain(struct st_past_walk *walk)
{
	while (walk->nr_heads) {
		int64_t id = pop(walk);
		int ret;

		(void)sqlite3_reset(walk->one); /* it may have its row still */
		(void)sqlite3_bind_int64(walk->one, 1, id); /* a number always fits */
		ret = st_database_step(walk->one);
		if (ret < 0)
			return ret;
		if (!ret)
			continue; /* it was removed, as all before it */
		walk->at = id;
		push(walk, sqlite3_column_int64(walk->one, ST_PAST_SELECT_PREV));
		return 1;
	}
	return 0;
}

/* Look at the event before the last one. */
static int look_before(struct st_past_walk *walk)
{
	int64_t last = walk->at ? walk->at - 1 : walk->last;
	int ret;

	if (!walk->nr_looked) {
		(void)sqlite3_bind_int64(walk->next, 1, last); /* numbers always fit */
		(void)sqlite3_bind_int64(walk->next, 2, walk->first);
	}
	ret = st_database_step(walk->next);
	if (ret > 0)
		walk->at = sqlite3_column_int64(walk->next, ST_PAST_SELECT_ID);
	return ret;
}

static bool fits(const struct st_past_walk *walk, const struct st_past_row *row)
{
	const struct st_past_query *query = &walk->query;

	if (row->wall_us < query->since_us || row->wall_us > query->until_us)
		return false;
	if (query->kind && strcmp(query->kind, row->kind) != 0)
		return false;
	if (query->reason && (!row->reason || !strstr(row->reason, query->reason)))
		return false;
	if (query->rule && (!row->rule || strcmp(query->rule, row->rule) != 0) &&
	    (!row->cause_rule || strcmp(query->rule, row->cause_rule) != 0))
		return false;
	return true;
}

static bool is_wanted(const struct st_past_walk *walk, sqlite3_stmt *row)
{
	int64_t path = sqlite3_column_int64(row, ST_PAST_SELECT_PATH);

	return path > 0 && path <= (int64_t)walk->store->paths.nr && walk->is_wanted[path - 1];
}

int st_past_walk_next(struct st_past_walk *walk, struct st_past_row *ret_row, int64_t *ret_id)
{
	while (walk->nr_looked < LOOK_MAX) {
		sqlite3_stmt *statement = walk->is_chain ? walk->one : walk->next;
		int ret = walk->is_chain ? look_chain(walk) : look_before(walk);

		if (ret <= 0) {
			walk->is_over = true;
			return ret;
		}
		walk->nr_looked++;
		if (!is_wanted(walk, statement))
			continue;
		ret = st_past_select_read(walk->store, statement, ret_row);
		if (ret)
			return ret;
		if (fits(walk, ret_row)) {
			*ret_id = walk->at;
			return 1;
		}
	}
	return 0;
}
