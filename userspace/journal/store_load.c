// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading the store: statements, dictionaries, boots; see store.h.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "journal/schema.h"
#include "journal/store_internal.h"

#define COLUMN(member, column, ...) "," column
#define COLUMNS ST_PAST_COLUMNS(COLUMN)
#define PARAMETER(...) ",?"
#define PARAMETERS ST_PAST_COLUMNS(PARAMETER)

static int prepare(struct st_store *store)
{
	struct st_store_statements *to = &store->statements;
	const struct {
		sqlite3_stmt **statement;
		const char *sql;
	} all[] = {
		{ &to->event,
		  "INSERT INTO event(id,mono_ns,step_us,path,kind,reason,how,rule,cause_rule,flags,"
		  "prev,extra" COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?" PARAMETERS ")" },
		{ &to->last, "UPDATE path SET last=?1 WHERE path=?2" },
		{ &to->path, "INSERT INTO path(path,name,parent,last) VALUES(?1,?2,?3,0)" },
		{ &to->reason, "INSERT INTO reason(reason,json) VALUES(?1,?2)" },
		{ &to->word, "INSERT INTO word(word,text) VALUES(?1,?2)" },
		{ &to->gap, "INSERT OR REPLACE INTO gap(first,last,why) VALUES(?1,?2,?3)" },
		{ &to->tree, "INSERT INTO tree(id,text) VALUES(?1,?2)" },
		{ &to->input, "INSERT INTO input(id,line) VALUES(?1,?2)" },
		{ &to->boot, "INSERT INTO boot(boot,incarnation,boot_id,version,wall_us,mono_ns)"
			     " VALUES(?1,?2,?3,?4,?5,?6)" },
	};
	int err = 0;

	for (size_t i = 0; !err && i < ST_ARRAY_SIZE(all); i++)
		err = st_database_prepare(&store->database, all[i].sql, all[i].statement);
	return err;
}

static void finalize(struct st_store_statements *statements)
{
	sqlite3_stmt *const all[] = { statements->event,  statements->last,  statements->path,
				      statements->reason, statements->word,  statements->gap,
				      statements->tree,	  statements->input, statements->boot };

	for (size_t i = 0; i < ST_ARRAY_SIZE(all); i++)
		(void)sqlite3_finalize(all[i]); /* it repeats an earlier code */
	*statements = (struct st_store_statements){ .event = NULL };
}

/* A number, a text, and of paths the number above and the newest event. */
static int load_word(struct st_past_words *words, sqlite3_stmt *statement)
{
	const char *text = (const char *)sqlite3_column_text(statement, 1);
	struct st_past_word *word;
	int err = text ? st_past_words_add(words, text, sqlite3_column_int64(statement, 0), &word) :
			 -EUCLEAN;

	if (err == -EINVAL)
		err = -EUCLEAN;
	if (err || sqlite3_column_count(statement) < 4)
		return err;
	word->parent = sqlite3_column_int64(statement, 2);
	word->last = sqlite3_column_int64(statement, 3);
	/* above and not below: whoever goes up gets to the end */
	return word->parent < word->number ? 0 : -EUCLEAN;
}

static int load_words(const struct st_store *store, const char *sql, struct st_past_words *words)
{
	sqlite3_stmt *statement = NULL;
	int ret = st_database_prepare(&store->database, sql, &statement);

	if (!ret)
		ret = st_database_step(statement);
	while (ret > 0) {
		ret = load_word(words, statement);
		if (!ret)
			ret = st_database_step(statement);
	}
	(void)sqlite3_finalize(statement); /* it repeats an earlier code */
	return ret;
}

static int add_boot(struct st_store *store, sqlite3_stmt *statement)
{
	struct st_store_boot *boots =
		st_realloc(store->boots, (store->nr_boots + 1) * sizeof(*boots));

	if (!boots)
		return -ENOMEM;
	store->boots = boots;
	boots[store->nr_boots++] = (struct st_store_boot){
		.boot = sqlite3_column_int64(statement, 0),
		.incarnation = sqlite3_column_int64(statement, 1),
		.wall_us = sqlite3_column_int64(statement, 2),
		.mono_ns = sqlite3_column_int64(statement, 3),
	};
	return 0;
}

static int load_boots(struct st_store *store)
{
	sqlite3_stmt *statement = NULL;
	int ret = st_database_prepare(
		&store->database, "SELECT boot,incarnation,wall_us,mono_ns FROM boot ORDER BY boot",
		&statement);

	if (!ret)
		ret = st_database_step(statement);
	while (ret > 0) {
		ret = add_boot(store, statement);
		if (!ret)
			ret = st_database_step(statement);
	}
	(void)sqlite3_finalize(statement); /* it repeats an earlier code */
	return ret;
}

int st_store_load(struct st_store *store)
{
	int err = prepare(store);

	if (!err)
		err = load_words(store, "SELECT path,name,parent,last FROM path ORDER BY path",
				 &store->paths);
	if (!err)
		err = load_words(store, "SELECT reason,json FROM reason ORDER BY reason",
				 &store->reasons);
	if (!err)
		err = load_words(store, "SELECT word,text FROM word ORDER BY word", &store->words);
	if (!err)
		err = load_boots(store);
	if (!err)
		err = st_minutes_open(&store->minutes, &store->database, &store->paths);
	return err;
}

void st_store_unload(struct st_store *store)
{
	finalize(&store->statements);
	st_minutes_close(&store->minutes);
	st_past_words_done(&store->paths);
	st_past_words_done(&store->reasons);
	st_past_words_done(&store->words);
	st_free(store->boots);
	store->boots = NULL;
	store->nr_boots = 0;
	store->boot = NULL;
}
