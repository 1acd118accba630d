// SPDX-License-Identifier: GPL-2.0-only
/*
 * Roll-ups; see minutes.h.
 */
#include "journal/minutes.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define PARTS_BITS 2 /* a power of two has four parts */
#define PARTS (1 << PARTS_BITS)
#define MAX_RAN_NS (INT64_C(1) << 60) /* 36 years */
#define MAX_BLOB (ST_BUCKETS * 6) /* a number of a bucket, and a count of up to five bytes */

/* ---- histograms ---- */

unsigned int st_bucket_of(int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 0;
	unsigned int log;

	if (value < PARTS)
		return (unsigned int)value;
	log = 63 - (unsigned int)__builtin_clzll(value);
	return (log - PARTS_BITS + 1) * PARTS +
	       (unsigned int)((value >> (log - PARTS_BITS)) & (PARTS - 1));
}

int64_t st_bucket_limit(unsigned int bucket)
{
	unsigned int shift = bucket / PARTS;

	if (shift < 2)
		return bucket;
	if (shift > 61) /* the last that an int64_t can have */
		return INT64_MAX;
	return (int64_t)(((uint64_t)(PARTS + bucket % PARTS + 1) << (shift - 1)) - 1);
}

/* Only buckets that are not empty: the number, then the count in sevenths, low ones first. */
static size_t pack(const uint32_t buckets[ST_BUCKETS], uint8_t blob[MAX_BLOB])
{
	size_t len = 0;

	for (unsigned int i = 0; i < ST_BUCKETS; i++) {
		uint32_t count = buckets[i];

		if (!count)
			continue;
		blob[len++] = (uint8_t)i;
		for (; count >= 0x80; count >>= 7)
			blob[len++] = (uint8_t)(count | 0x80);
		blob[len++] = (uint8_t)count;
	}
	return len;
}

int st_buckets_read(const void *data, size_t len, uint32_t buckets[ST_BUCKETS])
{
	const uint8_t *at = data, *end = at + len;

	while (at < end) {
		unsigned int bucket = *at++, shift = 0;
		uint64_t count = 0;

		do {
			if (at == end || shift > 28)
				return -EUCLEAN;
			count |= (uint64_t)(*at & 0x7f) << shift;
			shift += 7;
		} while (*at++ & 0x80);
		buckets[bucket] += (uint32_t)count;
	}
	return 0;
}

/* ---- rows ---- */

int st_minutes_open(struct st_minutes *minutes, const struct st_database *database,
		    const struct st_past_words *paths)
{
	int err;

	*minutes = (struct st_minutes){ .database = database, .paths = paths };
	err = st_database_prepare(
		database,
		"SELECT first, last, starts, restarts, ends, crashes, ran_ns, took"
		" FROM minute WHERE path=?1 AND minute=?2",
		&minutes->load);
	if (!err)
		err = st_database_prepare(
			database,
			"INSERT OR REPLACE INTO minute(path, minute, first, last, starts,"
			" restarts, ends, crashes, ran_ns, took)"
			" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
			&minutes->save);
	return err;
}

void st_minutes_close(struct st_minutes *minutes)
{
	for (uint32_t i = 0; i < minutes->by_path.cap; i++)
		st_free(minutes->by_path.entries[i].value);
	st_map_done(&minutes->by_path);
	(void)sqlite3_finalize(minutes->load); /* both repeat earlier codes */
	(void)sqlite3_finalize(minutes->save);
	*minutes = (struct st_minutes){ .database = NULL };
}

/* Go on with what was counted before; a new row begins at 0. */
static int load(struct st_minutes *minutes, struct st_minute *row)
{
	sqlite3_stmt *statement = minutes->load;
	int64_t *const numbers[] = { &row->first, &row->last,	 &row->starts, &row->restarts,
				     &row->ends,  &row->crashes, &row->ran_ns };
	int ret;

	(void)sqlite3_bind_int64(statement, 1, row->path); /* numbers always fit */
	(void)sqlite3_bind_int64(statement, 2, row->minute);
	ret = st_database_step(statement);
	if (ret <= 0)
		return ret;
	for (int i = 0; i < (int)ST_ARRAY_SIZE(numbers); i++)
		*numbers[i] = sqlite3_column_int64(statement, i);
	ret = st_buckets_read(sqlite3_column_blob(statement, ST_ARRAY_SIZE(numbers)),
			      (size_t)sqlite3_column_bytes(statement, ST_ARRAY_SIZE(numbers)),
			      row->took);
	(void)sqlite3_reset(statement); /* it has its row */
	return ret;
}

static int save(struct st_minutes *minutes, const struct st_minute *row)
{
	const int64_t numbers[] = { row->path, row->minute,  row->first,
				    row->last, row->starts,  row->restarts,
				    row->ends, row->crashes, row->ran_ns };
	uint8_t blob[MAX_BLOB];
	size_t len = pack(row->took, blob);

	for (int i = 0; i < (int)ST_ARRAY_SIZE(numbers); i++)
		(void)sqlite3_bind_int64(minutes->save, i + 1, numbers[i]); /* they always fit */
	if (sqlite3_bind_blob(minutes->save, ST_ARRAY_SIZE(numbers) + 1, blob, (int)len,
			      SQLITE_TRANSIENT) != SQLITE_OK)
		return -ENOMEM;
	return st_database_do(minutes->save);
}

int st_minutes_save(struct st_minutes *minutes)
{
	while (minutes->dirty) {
		struct st_minute *row = minutes->dirty;
		int err = save(minutes, row);

		if (err)
			return err;
		row->is_dirty = false;
		minutes->dirty = row->next_dirty;
	}
	return 0;
}

static void set_dirty(struct st_minutes *minutes, struct st_minute *row)
{
	if (row->is_dirty)
		return;
	row->is_dirty = true;
	row->next_dirty = minutes->dirty;
	minutes->dirty = row;
}

/* The row of a supervisor and minute. One that was left is saved and then used again. */
static int find(struct st_minutes *minutes, int64_t path, int64_t minute,
		struct st_minute **ret_row)
{
	struct st_minute *row = st_map_get(&minutes->by_path, (uint64_t)path);
	int err = 0;

	if (row && row->minute == minute) {
		*ret_row = row;
		return 0;
	}
	if (row && row->is_dirty) /* all of them: the list has one way only */
		err = st_minutes_save(minutes);
	if (!err && !row) {
		if (st_map_reserve(&minutes->by_path, minutes->by_path.nr + 1))
			return -ENOMEM;
		row = st_alloc(sizeof(*row));
		if (!row)
			return -ENOMEM;
		st_map_put(&minutes->by_path, (uint64_t)path, row);
	}
	if (err)
		return err;
	*row = (struct st_minute){ .path = path, .minute = minute };
	err = load(minutes, row);
	if (err)
		row->minute = -1; /* it is not counted on */
	else
		*ret_row = row;
	return err;
}

static void count(struct st_minute *to, const struct st_past_row *row, int64_t id)
{
	int64_t took_ns = row->numbers[ST_PAST_TOOK], ran_ns = row->numbers[ST_PAST_RAN];

	if (!to->first || id < to->first)
		to->first = id;
	if (id > to->last)
		to->last = id;
	if (!strcmp(row->kind, "started")) {
		to->starts++;
		if (st_past_row_is_restart(row)) {
			to->restarts++;
			if (took_ns != ST_PAST_NONE)
				to->took[st_bucket_of(took_ns)]++;
		}
	} else if (!strcmp(row->kind, "exited")) {
		to->ends++;
		to->crashes += !st_past_reason_is_normal(row->reason);
		if (ran_ns > 0 && ran_ns < MAX_RAN_NS)
			to->ran_ns += ran_ns;
	}
}

int st_minutes_add(struct st_minutes *minutes, const struct st_past_row *row,
		   const struct st_past_word *path, int64_t id)
{
	int64_t minute = row->wall_us / ST_MINUTE_US;
	/* the root has none above it: it counts for itself */
	int64_t above = path->parent ? path->parent : path->number;

	while (above) {
		const struct st_past_word *word = st_past_words_get(minutes->paths, above);
		struct st_minute *to;
		int err;

		if (!word)
			break;
		err = find(minutes, above, minute, &to);
		if (err)
			return err;
		count(to, row, id);
		set_dirty(minutes, to);
		above = word->parent;
	}
	return 0;
}
