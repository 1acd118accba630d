/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SQLite, as the journal uses it: errors as -errno, statements that are prepared once.
 *
 * An error is one of three: the file is damaged (-EUCLEAN), there is no room or no right
 * (-ENOSPC, -EROFS, -EIO: try again later), or memory is short (-ENOMEM). Nothing else
 * in this folder knows the codes of SQLite. It decides nothing about an error.
 */
#ifndef ST_JOURNAL_DATABASE_H
#define ST_JOURNAL_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"

struct st_database {
	sqlite3 *handle; /* NULL: closed */
};

/**
 * st_database_open() - open a file, and make it if it is missing
 * @database: the database
 * @path: of the file
 * @is_synced: each commit waits for the disk
 *
 * Return: 0 or -errno, as above; close it after an error, too.
 */
int st_database_open(struct st_database *database, const char *path, bool is_synced) __must_check;
void st_database_close(struct st_database *database);

/** st_database_run() - run statements without results. Return: 0 or -errno, as above. */
int st_database_run(const struct st_database *database, const char *sql) __must_check;

/**
 * st_database_prepare() - prepare a statement
 * @database: the database
 * @sql: one statement
 * @ret_statement: the caller frees it with sqlite3_finalize()
 *
 * Return: 0 or -errno, as above.
 */
int st_database_prepare(const struct st_database *database, const char *sql,
			sqlite3_stmt **ret_statement) __must_check;

/**
 * st_database_step() - run a statement, or get its next row
 * @statement: the statement; after the last row it is reset
 *
 * Return: 1: there is a row; 0: there is none; or -errno, as above, and it is reset.
 */
int st_database_step(sqlite3_stmt *statement) __must_check;

/** st_database_do() - run a statement that has no rows. Return: 0 or -errno, as above. */
int st_database_do(sqlite3_stmt *statement) __must_check;

/**
 * st_database_number() - get the one number that a statement selects
 * @database: the database
 * @sql: the statement
 * @ret_number: the number; 0: NULL, or there is no row
 *
 * Return: 0 or -errno, as above.
 */
int st_database_number(const struct st_database *database, const char *sql,
		       int64_t *ret_number) __must_check;

/* Return: what the last error was, in words; borrowed. */
const char *st_database_error(const struct st_database *database);

/**
 * st_database_examine() - look whether a file is whole
 * @path: of the file
 * @ret_why: what is wrong is appended
 *
 * It takes a second for ten million rows, so a process of its own does it.
 *
 * Return: 0; -EUCLEAN: it is damaged; or another -errno: it cannot be read.
 */
int st_database_examine(const char *path, struct st_buf *ret_why) __must_check;

#endif
