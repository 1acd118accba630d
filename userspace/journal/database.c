// SPDX-License-Identifier: GPL-2.0-only
/*
 * SQLite; see database.h.
 */
#include "journal/database.h"

#include <errno.h>
#include <string.h>

#define CACHE "PRAGMA cache_size=-8192;" /* KiB */
#define WAL_PAGES "PRAGMA wal_autocheckpoint=4000;"
#define WAL_LIMIT "PRAGMA journal_size_limit=67108864;"
#define BUSY_MS 2000 /* of somebody who looks at the file with other tools */

static int error_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return -EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	default:
		return -EIO;
	}
}

int st_database_run(const struct st_database *database, const char *sql)
{
	return error_of(sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

int st_database_open(struct st_database *database, const char *path, bool is_synced)
{
	int err = error_of(sqlite3_open_v2(path, &database->handle,
					   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
						   SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
					   NULL));

	if (!database->handle)
		return -ENOMEM;
	if (!err)
		err = error_of(sqlite3_busy_timeout(database->handle, BUSY_MS));
	if (!err) /* a file that cannot be written is opened for reading: do not take that */
		err = sqlite3_db_readonly(database->handle, "main") ? -EROFS : 0;
	if (!err)
		err = st_database_run(database,
				      "PRAGMA journal_mode=WAL;" CACHE WAL_PAGES WAL_LIMIT
				      "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=0;"
				      "PRAGMA trusted_schema=OFF;PRAGMA cell_size_check=ON;");
	if (!err)
		err = st_database_run(database, is_synced ? "PRAGMA synchronous=FULL" :
							    "PRAGMA synchronous=NORMAL");
	return err;
}

void st_database_close(struct st_database *database)
{
	(void)sqlite3_close_v2(database->handle); /* NULL is allowed, statements are finalized */
	database->handle = NULL;
}

int st_database_prepare(const struct st_database *database, const char *sql,
			sqlite3_stmt **ret_statement)
{
	return error_of(sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
					   ret_statement, NULL));
}

int st_database_step(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		return 1;
	(void)sqlite3_reset(statement); /* it repeats the code */
	return error_of(code);
}

int st_database_do(sqlite3_stmt *statement)
{
	int ret = st_database_step(statement);

	return ret < 0 ? ret : 0;
}

int st_database_number(const struct st_database *database, const char *sql, int64_t *ret_number)
{
	sqlite3_stmt *statement = NULL;
	int err = st_database_prepare(database, sql, &statement);
	int ret = err ? err : st_database_step(statement);

	if (ret >= 0)
		*ret_number = ret ? sqlite3_column_int64(statement, 0) : 0;
	(void)sqlite3_finalize(statement); /* it repeats the code */
	return ret < 0 ? ret : 0;
}

const char *st_database_error(const struct st_database *database)
{
	return database->handle ? sqlite3_errmsg(database->handle) : "it is not open";
}

int st_database_examine(const char *path, struct st_buf *ret_why)
{
	struct st_database database = { .handle = NULL };
	sqlite3_stmt *statement = NULL;
	int err = error_of(sqlite3_open_v2(path, &database.handle,
					   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL));

	if (!err)
		err = error_of(sqlite3_busy_timeout(database.handle, BUSY_MS));
	if (!err)
		err = st_database_prepare(&database, "PRAGMA quick_check(1)", &statement);
	if (!err) {
		int ret = st_database_step(statement);
		const char *text = ret > 0 ? (const char *)sqlite3_column_text(statement, 0) : NULL;

		if (ret < 0)
			err = ret;
		else if (!text || strcmp(text, "ok") != 0)
			err = -EUCLEAN;
		if (ret > 0 && err)
			st_buf_add_text(ret_why, text ? text : "it cannot be checked");
	}
	if (err && !ret_why->len)
		st_buf_add_text(ret_why, st_database_error(&database));
	(void)sqlite3_finalize(statement); /* it repeats the code */
	st_database_close(&database);
	return err;
}
