/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the table event; only the files that read them use it. See history.h.
 */
#ifndef ST_JOURNAL_HISTORY_INTERNAL_H
#define ST_JOURNAL_HISTORY_INTERNAL_H

#include "journal/store.h"

/* The columns of both statements, in their order. */
enum st_past_select {
	ST_PAST_SELECT_ID,
	ST_PAST_SELECT_MONO,
	ST_PAST_SELECT_STEP,
	ST_PAST_SELECT_PATH,
	ST_PAST_SELECT_KIND,
	ST_PAST_SELECT_REASON,
	ST_PAST_SELECT_HOW,
	ST_PAST_SELECT_RULE,
	ST_PAST_SELECT_CAUSE_RULE,
	ST_PAST_SELECT_FLAGS,
	ST_PAST_SELECT_PREV,
	ST_PAST_SELECT_EXTRA,
	ST_PAST_SELECT_NUMBERS,
};

extern const char st_past_select_one[]; /* ?1: its id */
extern const char st_past_select_before[]; /* ?1: the largest id, ?2: the smallest; backward */

/**
 * st_past_select_read() - make a row of what a statement has
 * @store: the store
 * @statement: one of the two; it has a row
 * @ret_row: its texts are borrowed from the store and the statement
 *
 * Return: 0; -EUCLEAN: it names a text that is not there.
 */
int st_past_select_read(const struct st_store *store, sqlite3_stmt *statement,
			struct st_past_row *ret_row) __must_check;

#endif
