/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the store: the newest events of a child, of all below a supervisor, or of
 * everything, that fit a filter.
 *
 *	one child	its chain of events, from `prev` to `prev`
 *	a supervisor	the chains of all below it, the newest event of all first
 *	everything, or the next page of a supervisor	by id, backward
 *
 * An answer is one message, so it is a page: `next` is where the page after it begins. A
 * page ends early if very many events had to be looked at, so no question delays what is
 * written. The rows of the transaction that is under way are read, too.
 */
#ifndef ST_JOURNAL_HISTORY_H
#define ST_JOURNAL_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "journal/store.h"

struct st_past_query {
	const char *path; /* this child and those below it; "/": all */
	int64_t since_us; /* events from this time of day on; INT64_MIN: all */
	int64_t until_us; /* and until this one; INT64_MAX: all */
	const char *kind; /* NULL: all; the same of the others */
	const char *reason; /* a part of it */
	const char *rule; /* that acted on the end, or caused the event */
	int64_t after; /* only events before this id: the next page; 0: the newest ones */
};

struct st_past_walk {
	const struct st_store *store;
	struct st_past_query query;
	int64_t kind, first, last; /* numbers of the words; ids between which to look */
	uint8_t *is_wanted; /* by number of a path, minus 1; owned */
	int64_t *heads; /* ids at which the chains are, a heap; owned */
	uint32_t nr_heads;
	sqlite3_stmt *one, *next; /* an event by its id; the event before an id */
	int64_t at; /* id of the event that was looked at last; 0: none yet */
	int64_t prev; /* of it */
	uint32_t nr_looked;
	bool is_chain; /* heads are followed; otherwise ids */
	bool is_over; /* there is no further event */
};

/**
 * st_past_walk_init() - begin to read
 * @walk: the walk; free it with st_past_walk_done(), also after an error
 * @store: open; nothing may be written until the walk is done
 * @query: borrowed
 *
 * Return: 0; -ENOENT: no event is about that path; or -errno of database.h.
 */
int st_past_walk_init(struct st_past_walk *walk, const struct st_store *store,
		      const struct st_past_query *query) __must_check;
void st_past_walk_done(struct st_past_walk *walk);

/**
 * st_past_walk_next() - get the next event, a newer one first
 * @walk: the walk
 * @ret_row: texts are borrowed until the next call
 * @ret_id: of the event
 *
 * Return: 1; 0: there is none, or enough were looked at (is_over tells); or -errno.
 */
int st_past_walk_next(struct st_past_walk *walk, struct st_past_row *ret_row,
		      int64_t *ret_id) __must_check;

#endif
