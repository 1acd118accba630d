/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store: the file of the journal, and all that is written to it.
 *
 *	follow.c --events, inputs, gaps--> store --transactions--> journal.db
 *	                                     words, minutes, schema, retention
 *
 * Rows are added to a transaction, which the caller commits. If anything fails, the
 * transaction is rolled back and the store is loaded again: it is then as it was at the
 * last commit, and the caller has to add the rows since then once more. Rows are found by
 * their number, so what was stored already is passed over.
 *
 * It never waits for anything but the disk, and it decides nothing about errors.
 */
#ifndef ST_JOURNAL_STORE_H
#define ST_JOURNAL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "journal/database.h"
#include "journal/minutes.h"
#include "journal/row.h"
#include "journal/words.h"

struct st_store_statements {
	sqlite3_stmt *event, *last, *path, *reason, *word, *gap, *tree, *input, *boot;
};

/* How the clocks of an incarnation began: wall = wall_us + (mono - mono_ns) + step. */
struct st_store_boot {
	int64_t boot; /* from 1 */
	int64_t incarnation;
	int64_t wall_us;
	int64_t mono_ns;
};

struct st_store {
	struct st_database database;
	struct st_past_words paths, reasons, words;
	struct st_minutes minutes;
	struct st_store_statements statements;
	struct st_store_boot *boots; /* all of the file, in their order */
	uint32_t nr_boots;
	struct st_store_boot *boot; /* the one that is written; NULL: none yet */
	uint64_t last_seq; /* of its newest row */
	uint32_t nr_added; /* rows since the last commit */
	bool is_open; /* a transaction is under way */
};

/**
 * st_store_open() - open the file and load what is kept in memory
 * @store: the store; all zero, or closed
 * @path: of the file
 * @is_synced: each commit waits for the disk
 *
 * Return: 0; -EPROTONOSUPPORT: a newer program has written it; or -errno of database.h.
 * After an error st_store_error() has the words; then close it.
 */
int st_store_open(struct st_store *store, const char *path, bool is_synced) __must_check;
void st_store_close(struct st_store *store);

/* Return: what the last error of the file was, in words; borrowed. */
const char *st_store_error(const struct st_store *store);

/* Where an incarnation of the daemon begins. */
struct st_store_begin {
	int64_t incarnation;
	const char *version; /* of the daemon */
	const char *boot_id; /* of the kernel */
	int64_t wall_us, mono_ns; /* of the same moment */
};

/**
 * st_store_begin() - write rows of this incarnation of the daemon from now on
 * @store: open
 * @begin: the incarnation; if the file has it, it goes on
 *
 * Return: 0 or -errno of database.h.
 */
int st_store_begin(struct st_store *store, const struct st_store_begin *begin) __must_check;

/**
 * st_store_add() - add an event to the transaction
 * @store: open, and begun
 * @row: the event; one that is stored already is passed over
 *
 * Return: 0; -ERANGE: its number is too large; or -errno of database.h: the transaction
 * is lost, call st_store_reload().
 */
int st_store_add(struct st_store *store, const struct st_past_row *row) __must_check;

/* The same for a line of core's inputs; seq is that of the event before it. */
int st_store_add_input(struct st_store *store, uint64_t seq, const char *line) __must_check;

/* The same for the state of the whole tree. */
int st_store_add_tree(struct st_store *store, uint64_t seq, const char *text) __must_check;

/* The same for numbers that will never come; @why is for people. */
int st_store_add_gap(struct st_store *store, uint64_t first, uint64_t last,
		     const char *why) __must_check;

/**
 * st_store_commit() - end the transaction
 * @store: open; without a transaction nothing happens
 *
 * Return: 0 or -errno of database.h: the transaction is lost, call st_store_reload().
 */
int st_store_commit(struct st_store *store) __must_check;

/**
 * st_store_reload() - go back to the last commit
 * @store: open
 *
 * Return: 0 or -errno of database.h: it could not be read again, and must be closed.
 */
int st_store_reload(struct st_store *store) __must_check;

/* Return: the id of an event of the incarnation that is written. */
int64_t st_store_id(const struct st_store *store, uint64_t seq);

/* Return: the boot that an id belongs to, borrowed; NULL: the file does not have it. */
const struct st_store_boot *st_store_boot_of(const struct st_store *store, int64_t id);

struct st_store_limits {
	int64_t max_age_us;
	int64_t max_bytes;
};

/**
 * st_store_prune() - remove a slice of the oldest rows, if there are too many
 * @store: open
 * @limits: what is kept
 * @now_us: the time of day
 * @ret_has_more: another slice is to be removed
 *
 * A slice is 10,000 events, so nothing else waits long. Rows of the transaction are
 * committed first.
 *
 * Return: 0 or -errno of database.h, as st_store_commit().
 */
int st_store_prune(struct st_store *store, const struct st_store_limits *limits, int64_t now_us,
		   bool *ret_has_more) __must_check;

#endif
