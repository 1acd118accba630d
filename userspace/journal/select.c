// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of the table event, as events again; see history_internal.h.
 */
#include <errno.h>

#include "journal/history_internal.h"
#include "journal/schema.h"

#define COLUMN(member, column, ...) "," column
#define COLUMNS ST_PAST_COLUMNS(COLUMN)
#define SELECT \
	"SELECT id,mono_ns,step_us,path,kind,reason,how,rule,cause_rule,flags,prev,extra" COLUMNS \
	" FROM event "

const char st_past_select_one[] = SELECT "WHERE id=?1";
const char st_past_select_before[] = SELECT "WHERE id<=?1 AND id>=?2 ORDER BY id DESC";

/* A text by its number. Return: false: there is no such text. */
static bool read_text(const struct st_past_words *words, sqlite3_stmt *statement,
		      enum st_past_select at, const char **ret_text)
{
	const struct st_past_word *word;

	*ret_text = NULL;
	if (sqlite3_column_type(statement, (int)at) == SQLITE_NULL)
		return true;
	word = st_past_words_get(words, sqlite3_column_int64(statement, (int)at));
	if (word)
		*ret_text = word->text;
	return word;
}

int st_past_select_read(const struct st_store *store, sqlite3_stmt *statement,
			struct st_past_row *ret_row)
{
	int64_t id = sqlite3_column_int64(statement, ST_PAST_SELECT_ID);
	const struct st_store_boot *boot = st_store_boot_of(store, id);
	struct st_past_row row = {
		.seq = (uint64_t)id & ST_SCHEMA_MAX_SEQ,
		.time_ns = sqlite3_column_int64(statement, ST_PAST_SELECT_MONO),
		.flags = (unsigned int)sqlite3_column_int(statement, ST_PAST_SELECT_FLAGS),
		.extra = (const char *)sqlite3_column_text(statement, ST_PAST_SELECT_EXTRA),
	};

	if (!boot || !read_text(&store->paths, statement, ST_PAST_SELECT_PATH, &row.path) ||
	    !read_text(&store->words, statement, ST_PAST_SELECT_KIND, &row.kind) ||
	    !read_text(&store->reasons, statement, ST_PAST_SELECT_REASON, &row.reason) ||
	    !read_text(&store->reasons, statement, ST_PAST_SELECT_HOW, &row.how) ||
	    !read_text(&store->words, statement, ST_PAST_SELECT_RULE, &row.rule) ||
	    !read_text(&store->words, statement, ST_PAST_SELECT_CAUSE_RULE, &row.cause_rule) ||
	    !row.path || !row.kind)
		return -EUCLEAN;
	row.wall_us = boot->wall_us + (row.time_ns - boot->mono_ns) / 1000 +
		      sqlite3_column_int64(statement, ST_PAST_SELECT_STEP);
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++) {
		int at = ST_PAST_SELECT_NUMBERS + i;

		row.numbers[i] = sqlite3_column_type(statement, at) == SQLITE_NULL ?
					 ST_PAST_NONE :
					 sqlite3_column_int64(statement, at);
	}
	*ret_row = row;
	return 0;
}
