/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the journal, and how a file of an older version becomes one of this.
 *
 *	boot	one incarnation of the daemon, and how its clocks began
 *	path, reason, word	texts, by number (words.h)
 *	event	a row an event. id is boot << 40 | seq: exact, dense, so gaps are visible.
 *		prev is the id of that child's event before: the chain that history follows
 *	gap	numbers that are missing, and why
 *	minute	a row a supervisor and minute: starts, ends, how long starts took (minutes.h)
 *	tree, input	the whole tree at times, and core's events since: for st-replay
 *	meta	"schema": the version
 *
 * There is no index: a child's events are a chain, and times are found by `minute`. An
 * index on the child costs three times the processor time of a whole row.
 *
 * A version is a step in schema.c that only adds; a new file goes through all of them. So
 * a step is never changed once a version with it was released.
 */
#ifndef ST_JOURNAL_SCHEMA_H
#define ST_JOURNAL_SCHEMA_H

#include <stdint.h>

#include "base/compiler.h"
#include "journal/database.h"

#define ST_SCHEMA_SEQ_BITS 40
#define ST_SCHEMA_MAX_SEQ ((UINT64_C(1) << ST_SCHEMA_SEQ_BITS) - 1)

/**
 * st_schema_update() - make the tables, or bring those of an older version up to date
 * @database: open; no transaction is under way
 *
 * Return: 0; -EPROTONOSUPPORT: a newer suptree-journal has written the file; or -errno of
 * database.h. Then the file is as it was.
 */
int st_schema_update(const struct st_database *database) __must_check;

/** st_schema_version() - get the version of a file; 0: it is new. Return: 0 or -errno. */
int st_schema_version(const struct st_database *database, int64_t *ret_version) __must_check;

/** st_schema_newest() - get the version that this program writes. */
int64_t st_schema_newest(void);

#endif
