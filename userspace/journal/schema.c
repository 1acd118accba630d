// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables; see schema.h.
 */
#include "journal/schema.h"

#include <errno.h>

#include "base/buf.h"
#include "journal/row.h"

#define COLUMN(member, column, ...) "," column " INTEGER"
#define COLUMNS ST_PAST_COLUMNS(COLUMN)

/* Events and their texts. */
static const char step_1[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"CREATE TABLE boot(boot INTEGER PRIMARY KEY, incarnation INTEGER NOT NULL,"
	" boot_id TEXT, version TEXT, wall_us INTEGER NOT NULL, mono_ns INTEGER NOT NULL);"
	"CREATE TABLE path(path INTEGER PRIMARY KEY, parent INTEGER NOT NULL,"
	" name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);"
	"CREATE TABLE reason(reason INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);"
	"CREATE TABLE word(word INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
	"CREATE TABLE event(id INTEGER PRIMARY KEY, mono_ns INTEGER NOT NULL,"
	" step_us INTEGER NOT NULL, path INTEGER NOT NULL, kind INTEGER NOT NULL, reason INTEGER,"
	" how INTEGER, rule INTEGER, cause_rule INTEGER, flags INTEGER, prev INTEGER NOT NULL,"
	" extra TEXT" COLUMNS ");"
	"CREATE TABLE gap(first INTEGER PRIMARY KEY, last INTEGER NOT NULL,"
	" why TEXT NOT NULL);";

/* Roll-ups. */
static const char step_2[] =
	"CREATE TABLE minute(path INTEGER, minute INTEGER, first INTEGER, last INTEGER,"
	" starts INTEGER, restarts INTEGER, ends INTEGER, crashes INTEGER, ran_ns INTEGER,"
	" took BLOB, PRIMARY KEY(path, minute)) WITHOUT ROWID;";

/* The tree at any moment. */
static const char step_3[] =
	"CREATE TABLE tree(nr INTEGER PRIMARY KEY, id INTEGER NOT NULL, text TEXT NOT NULL);"
	"CREATE TABLE input(nr INTEGER PRIMARY KEY, id INTEGER NOT NULL, line TEXT NOT NULL);";

/* Step i makes version i + 1 out of version i. */
static const char *const steps[] = { step_1, step_2, step_3 };

int64_t st_schema_newest(void)
{
	return (int64_t)ST_ARRAY_SIZE(steps);
}

int st_schema_version(const struct st_database *database, int64_t *ret_version)
{
	int64_t nr = 0;
	int err = st_database_number(database,
				     "SELECT count(*) FROM sqlite_schema WHERE name='meta'", &nr);

	if (err)
		return err;
	if (nr)
		return st_database_number(database, "SELECT value FROM meta WHERE key='schema'",
					  ret_version);
	*ret_version = 0;
	return 0;
}

static int set_version(const struct st_database *database, int64_t version)
{
	struct st_buf sql = ST_BUF_INIT;
	int err;

	st_buf_add_text(&sql, "INSERT OR REPLACE INTO meta(key, value) VALUES('schema', ");
	st_buf_add_i64(&sql, version);
	st_buf_add_char(&sql, ')');
	err = st_buf_error(&sql);
	if (!err)
		err = st_database_run(database, st_buf_text(&sql));
	st_buf_done(&sql);
	return err;
}

int st_schema_update(const struct st_database *database)
{
	int64_t version = 0, newest = st_schema_newest();
	int err = st_schema_version(database, &version);

	if (err || version == newest)
		return err;
	if (version > newest || version < 0)
		return -EPROTONOSUPPORT;
	err = st_database_run(database, "BEGIN IMMEDIATE");
	for (; !err && version < newest; version++)
		err = st_database_run(database, steps[version]);
	if (!err)
		err = set_version(database, newest);
	if (!err)
		err = st_database_run(database, "COMMIT");
	if (err)
		(void)!st_database_run(database, "ROLLBACK"); /* it may not have begun */
	return err;
}
