/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Roll-ups, made while writing: what happened below a supervisor in a minute.
 *
 * Each event counts for all supervisors above its child, so the root's row of a minute
 * has everything. Questions about long times are answered from these rows, not from
 * events. The root's rows also say which ids belong to a minute: so a time is found
 * without an index, also if the clock was set meanwhile.
 *
 * Times of starts are counted in 256 buckets: a power of two in four parts, so a
 * percentile is exact to a fifth. Nothing here is committed; store.c does that.
 */
#ifndef ST_JOURNAL_MINUTES_H
#define ST_JOURNAL_MINUTES_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/map.h"
#include "journal/database.h"
#include "journal/row.h"
#include "journal/words.h"

#define ST_BUCKETS 256
#define ST_MINUTE_US INT64_C(60000000)

struct st_minute {
	int64_t path; /* number of the supervisor */
	int64_t minute; /* since 1970 */
	int64_t first, last; /* ids of its events */
	int64_t starts, restarts, ends, crashes;
	int64_t ran_ns; /* of what has ended */
	uint32_t took[ST_BUCKETS]; /* restarts, by the time that they took */
	struct st_minute *next_dirty;
	bool is_dirty;
};

struct st_minutes {
	const struct st_database *database;
	const struct st_past_words *paths;
	struct st_map by_path; /* the minute at which each supervisor is */
	struct st_minute *dirty;
	sqlite3_stmt *load, *save;
};

/** st_minutes_open() - begin to count. Return: 0 or -errno of database.h. */
int st_minutes_open(struct st_minutes *minutes, const struct st_database *database,
		    const struct st_past_words *paths) __must_check;
void st_minutes_close(struct st_minutes *minutes);

/**
 * st_minutes_add() - count an event
 * @minutes: the roll-ups
 * @row: the event
 * @path: of its child
 * @id: of the event
 *
 * Return: 0 or -errno of database.h.
 */
int st_minutes_add(struct st_minutes *minutes, const struct st_past_row *row,
		   const struct st_past_word *path, int64_t id) __must_check;

/** st_minutes_save() - write what has changed, before a commit. Return: 0 or -errno. */
int st_minutes_save(struct st_minutes *minutes) __must_check;

/* Return: the bucket in which a time is. */
unsigned int st_bucket_of(int64_t ns);

/*
 * Return: the largest time of a bucket, in ns.
 *
 * No program: percentiles of long times will need it. The tests know by it which times are in
 * one bucket.
 */
int64_t st_bucket_limit(unsigned int bucket);

/**
 * st_buckets_read() - add a stored histogram to another one
 * @data: as st_minutes_save() has written it
 * @len: its bytes
 * @buckets: added to
 *
 * Return: 0; -EUCLEAN: it cannot be read, and @buckets has a part of it.
 */
int st_buckets_read(const void *data, size_t len, uint32_t buckets[ST_BUCKETS]) __must_check;

#endif
