// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing to the store; see store.h.
 */
#include "journal/store.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "journal/schema.h"
#include "journal/store_internal.h"

/* ---- open and close ---- */

int st_store_open(struct st_store *store, const char *path, bool is_synced)
{
	int err;

	*store = (struct st_store){ .boot = NULL };
	err = st_database_open(&store->database, path, is_synced);
	if (!err)
		err = st_schema_update(&store->database);
	if (!err)
		err = st_store_load(store);
	return err;
}

void st_store_close(struct st_store *store)
{
	st_store_unload(store);
	st_database_close(&store->database); /* rolls back */
	*store = (struct st_store){ .boot = NULL };
}

const char *st_store_error(const struct st_store *store)
{
	return st_database_error(&store->database);
}

/* ---- numbers ---- */

int64_t st_store_id(const struct st_store *store, uint64_t seq)
{
	return store->boot->boot << ST_SCHEMA_SEQ_BITS | (int64_t)seq;
}

const struct st_store_boot *st_store_boot_of(const struct st_store *store, int64_t id)
{
	int64_t boot = id >> ST_SCHEMA_SEQ_BITS;
	uint32_t low = 0, high = store->nr_boots;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (store->boots[middle].boot < boot)
			low = middle + 1;
		else
			high = middle;
	}
	return low < store->nr_boots && store->boots[low].boot == boot ? &store->boots[low] : NULL;
}

/* ---- transactions ---- */

int st_store_transact(struct st_store *store)
{
	int err = store->is_open ? 0 : st_database_run(&store->database, "BEGIN IMMEDIATE");

	if (!err)
		store->is_open = true;
	return err;
}

/* Which event is the newest one of each child that has a new one. */
static int save_last(struct st_store *store)
{
	while (store->paths.dirty) {
		struct st_past_word *word = store->paths.dirty;
		int err;

		(void)sqlite3_bind_int64(store->statements.last, 1, word->last); /* they fit */
		(void)sqlite3_bind_int64(store->statements.last, 2, word->number);
		err = st_database_do(store->statements.last);
		if (err)
			return err;
		word->is_dirty = false;
		store->paths.dirty = word->next_dirty;
	}
	return 0;
}

int st_store_commit(struct st_store *store)
{
	int err;

	if (!store->is_open)
		return 0;
	err = save_last(store);
	if (!err)
		err = st_minutes_save(&store->minutes);
	if (!err)
		err = st_database_run(&store->database, "COMMIT");
	if (!err) {
		store->is_open = false;
		store->nr_added = 0;
	}
	return err;
}

/* Continue with what the file has of an incarnation. */
static int go_on(struct st_store *store, struct st_store_boot *boot)
{
	struct st_buf sql = ST_BUF_INIT;
	int64_t max = 0, limit = (boot->boot + 1) << ST_SCHEMA_SEQ_BITS;
	int err;

	st_buf_add_text(&sql, "SELECT max((SELECT coalesce(max(id), 0) FROM event WHERE id < ");
	st_buf_add_i64(&sql, limit);
	st_buf_add_text(&sql, "), (SELECT coalesce(max(last), 0) FROM gap WHERE last < ");
	st_buf_add_i64(&sql, limit);
	st_buf_add_text(&sql, "))");
	err = st_buf_error(&sql);
	if (!err)
		err = st_database_number(&store->database, st_buf_text(&sql), &max);
	st_buf_done(&sql);
	if (err)
		return err;
	store->boot = boot;
	store->last_seq =
		max >> ST_SCHEMA_SEQ_BITS == boot->boot ? (uint64_t)max & ST_SCHEMA_MAX_SEQ : 0;
	return 0;
}

int st_store_reload(struct st_store *store)
{
	int64_t boot = store->boot ? store->boot->boot : 0;
	int err;

	if (store->is_open)
		(void)!st_database_run(&store->database, "ROLLBACK"); /* SQLite may have done it */
	store->is_open = false;
	store->nr_added = 0;
	st_store_unload(store);
	err = st_store_load(store);
	for (uint32_t i = 0; !err && boot && i < store->nr_boots; i++)
		if (store->boots[i].boot == boot)
			err = go_on(store, &store->boots[i]);
	return err;
}

static struct st_store_boot *find_boot(const struct st_store *store, int64_t incarnation)
{
	for (uint32_t i = store->nr_boots; i > 0; i--)
		if (store->boots[i - 1].incarnation == incarnation)
			return &store->boots[i - 1];
	return NULL;
}

static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	int code = text ? sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) :
			  sqlite3_bind_null(statement, at);

	return code == SQLITE_OK ? 0 : -ENOMEM;
}

static int write_boot(struct st_store *store, const struct st_store_boot *boot,
		      const struct st_store_begin *begin)
{
	sqlite3_stmt *statement = store->statements.boot;
	int err = st_store_transact(store);

	(void)sqlite3_bind_int64(statement, 1, boot->boot); /* numbers always fit */
	(void)sqlite3_bind_int64(statement, 2, boot->incarnation);
	(void)sqlite3_bind_int64(statement, 5, boot->wall_us);
	(void)sqlite3_bind_int64(statement, 6, boot->mono_ns);
	if (!err)
		err = bind_text(statement, 3, begin->boot_id);
	if (!err)
		err = bind_text(statement, 4, begin->version);
	if (!err)
		err = st_database_do(statement);
	(void)sqlite3_clear_bindings(statement); /* always succeeds */
	return err ? err : st_store_commit(store);
}

int st_store_begin(struct st_store *store, const struct st_store_begin *begin)
{
	struct st_store_boot *boot = find_boot(store, begin->incarnation), *boots;
	uint32_t nr = store->nr_boots;
	int err;

	if (boot)
		return go_on(store, boot);
	boots = st_realloc(store->boots, (nr + 1) * sizeof(*boots));
	if (!boots)
		return -ENOMEM;
	store->boots = boots;
	boots[nr] = (struct st_store_boot){
		.boot = nr ? boots[nr - 1].boot + 1 : 1,
		.incarnation = begin->incarnation,
		.wall_us = begin->wall_us,
		.mono_ns = begin->mono_ns,
	};
	err = write_boot(store, &boots[nr], begin);
	if (err)
		return err;
	store->nr_boots++;
	store->boot = &boots[nr];
	store->last_seq = 0;
	return 0;
}

/* ---- texts ---- */

/* The number of a text, which is written if it is new: parameters 1 and 2 of the statement. */
static int number_of(struct st_past_words *words, sqlite3_stmt *insert, const char *text,
		     struct st_past_word **ret_word)
{
	struct st_past_word *word = st_past_words_find(words, text);
	int err = 0;

	if (!word) {
		err = st_past_words_add(words, text, 0, &word);
		if (err)
			return err == -EINVAL ? -EIO : err;
		(void)sqlite3_bind_int64(insert, 1, word->number); /* a number always fits */
		err = bind_text(insert, 2, text);
		if (!err)
			err = st_database_do(insert);
	}
	if (!err)
		*ret_word = word;
	return err;
}

/* The path of these bytes, which is written if it is new. */
static int part_of(struct st_store *store, const char *text, int64_t parent,
		   struct st_past_word **ret_word)
{
	sqlite3_stmt *insert = store->statements.path;
	struct st_past_word *word = st_past_words_find(&store->paths, text);
	int err = 0;

	if (!word) {
		(void)sqlite3_bind_int64(insert, 3, parent); /* a number always fits */
		err = number_of(&store->paths, insert, text, &word);
		if (!err)
			word->parent = parent;
	}
	if (!err)
		*ret_word = word;
	return err;
}

/* A path, and all above it first: so the number above is the smaller one. */
static int path_of(struct st_store *store, const char *path, struct st_past_word **ret_word)
{
	struct st_past_word *word = st_past_words_find(&store->paths, path);
	struct st_buf part = ST_BUF_INIT;
	size_t len = 0;
	int err = 0;

	if (word) {
		*ret_word = word;
		return 0;
	}
	err = part_of(store, "/", 0, &word);
	while (!err && path[len] && strcmp(path, "/") != 0) {
		size_t begin = len + (path[len] == '/');
		size_t next = begin + strcspn(path + begin, "/");

		st_buf_add(&part, path + len, next - len);
		len = next;
		err = st_buf_error(&part);
		if (!err)
			err = part_of(store, st_buf_text(&part), word->number, &word);
	}
	st_buf_done(&part);
	if (!err)
		*ret_word = word;
	return err;
}

/* ---- rows ---- */

enum parameter {
	ID = 1,
	MONO,
	STEP,
	PATH,
	KIND,
	REASON,
	HOW,
	RULE,
	CAUSE_RULE,
	FLAGS,
	PREV,
	EXTRA,
	NUMBERS,
};

static int bind_word(struct st_store *store, enum parameter at, const char *text)
{
	bool is_json = at == REASON || at == HOW;
	struct st_past_word *word;
	int err;

	if (!text)
		return 0; /* unbound parameters are NULL */
	err = number_of(is_json ? &store->reasons : &store->words,
			is_json ? store->statements.reason : store->statements.word, text, &word);
	if (!err)
		(void)sqlite3_bind_int64(store->statements.event, (int)at, word->number);
	return err;
}

static int bind_texts(struct st_store *store, const struct st_past_row *row)
{
	const struct {
		enum parameter at;
		const char *text;
	} all[] = {
		{ KIND, row->kind }, { REASON, row->reason },	      { HOW, row->how },
		{ RULE, row->rule }, { CAUSE_RULE, row->cause_rule },
	};
	int err = 0;

	for (size_t i = 0; !err && i < ST_ARRAY_SIZE(all); i++)
		err = bind_word(store, all[i].at, all[i].text);
	return err ? err : bind_text(store->statements.event, EXTRA, row->extra);
}

static void bind_numbers(struct st_store *store, const struct st_past_row *row,
			 const struct st_past_word *path)
{
	const struct st_store_boot *boot = store->boot;
	sqlite3_stmt *statement = store->statements.event;
	int64_t expected_us = boot->wall_us + (row->time_ns - boot->mono_ns) / 1000;

	(void)sqlite3_bind_int64(statement, ID, st_store_id(store, row->seq)); /* they fit */
	(void)sqlite3_bind_int64(statement, MONO, row->time_ns);
	(void)sqlite3_bind_int64(statement, STEP, row->wall_us - expected_us);
	(void)sqlite3_bind_int64(statement, PATH, path->number);
	(void)sqlite3_bind_int64(statement, PREV, path->last);
	if (row->flags)
		(void)sqlite3_bind_int64(statement, FLAGS, row->flags);
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		if (row->numbers[i] != ST_PAST_NONE)
			(void)sqlite3_bind_int64(statement, NUMBERS + i, row->numbers[i]);
}

int st_store_add(struct st_store *store, const struct st_past_row *row)
{
	sqlite3_stmt *statement = store->statements.event;
	struct st_past_word *path = NULL;
	int err;

	if (row->seq > ST_SCHEMA_MAX_SEQ)
		return -ERANGE;
	if (row->seq <= store->last_seq)
		return 0;
	err = st_store_transact(store);
	if (!err)
		err = path_of(store, row->path, &path);
	(void)sqlite3_clear_bindings(statement); /* always succeeds */
	if (!err)
		err = bind_texts(store, row);
	if (err)
		return err;
	bind_numbers(store, row, path);
	err = st_database_do(statement);
	if (!err)
		err = st_minutes_add(&store->minutes, row, path, st_store_id(store, row->seq));
	if (err)
		return err;
	st_past_words_touch(&store->paths, path, st_store_id(store, row->seq));
	store->last_seq = row->seq;
	store->nr_added++;
	return 0;
}

static int add_text(struct st_store *store, sqlite3_stmt *statement, uint64_t seq, const char *text)
{
	int err = st_store_transact(store);

	(void)sqlite3_bind_int64(statement, 1, st_store_id(store, seq)); /* a number always fits */
	if (!err)
		err = bind_text(statement, 2, text);
	if (!err)
		err = st_database_do(statement);
	(void)sqlite3_clear_bindings(statement); /* always succeeds */
	store->nr_added++;
	return err;
}

int st_store_add_input(struct st_store *store, uint64_t seq, const char *line)
{
	return add_text(store, store->statements.input, seq, line);
}

int st_store_add_tree(struct st_store *store, uint64_t seq, const char *text)
{
	return add_text(store, store->statements.tree, seq, text);
}

int st_store_add_gap(struct st_store *store, uint64_t first, uint64_t last, const char *why)
{
	sqlite3_stmt *statement = store->statements.gap;
	int err = st_store_transact(store);

	(void)sqlite3_bind_int64(statement, 1, st_store_id(store, first)); /* numbers fit */
	(void)sqlite3_bind_int64(statement, 2, st_store_id(store, last));
	if (!err)
		err = bind_text(statement, 3, why);
	if (!err)
		err = st_database_do(statement);
	(void)sqlite3_clear_bindings(statement); /* always succeeds */
	if (!err && last > store->last_seq)
		store->last_seq = last;
	store->nr_added++;
	return err;
}
