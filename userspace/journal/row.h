/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event of the daemon as a row: numbers, and a few texts that many rows share.
 *
 *	{"seq":7,"time_ns":...,"event":"exited","path":"demo/a",...} <--> struct st_past_row
 *
 * The members that most events have are columns (ST_PAST_COLUMNS). Everything else that
 * an event has, also what a later daemon adds, is kept as JSON in `extra`, so an event is
 * answered with the members with which it came. Nothing here knows SQL: store.h binds
 * columns by the same list. follow.c reads rows, page.c writes them.
 */
#ifndef ST_JOURNAL_ROW_H
#define ST_JOURNAL_ROW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/json.h"

#define ST_PAST_NONE INT64_MIN /* the event has no such number */

/*
 * X(MEMBER, column, the object that the member is in or NULL, member)
 * The members of one object follow each other.
 */
/* clang-format off */
#define ST_PAST_COLUMNS(X) \
	X(GENERATION, "generation", NULL, "generation") \
	X(PID, "pid", NULL, "pid") \
	X(RAN, "ran_ns", NULL, "ran_ns") \
	X(SPAWNED, "spawned_ns", NULL, "spawned_ns") \
	X(TOOK, "took_ns", NULL, "took_ns") \
	X(RESTARTS, "restarts", NULL, "restarts") \
	X(CAUSE_GENERATION, "cause_generation", "cause", "generation") \
	X(USED, "used", "budget", "used") \
	X(INTENSITY, "intensity", "budget", "intensity") \
	X(PERIOD, "period", "budget", "period") \
	X(UTIME, "utime_ns", "usage", "utime_ns") \
	X(STIME, "stime_ns", "usage", "stime_ns") \
	X(MAXRSS, "maxrss_kb", "usage", "maxrss_kb")
/* clang-format on */

#define ST_PAST_COLUMN_MEMBER(member, ...) ST_PAST_##member,
enum st_past_column {
	ST_PAST_COLUMNS(ST_PAST_COLUMN_MEMBER) ST_PAST_COLUMN__MAX
};
#undef ST_PAST_COLUMN_MEMBER

enum st_past_flag {
	ST_PAST_KILLED = 1 << 0, /* its supervisor had sent SIGKILL */
	ST_PAST_OF_SUP = 1 << 1, /* the path is that of the supervisor: "sup" without "path" */
	ST_PAST_SUP_ABOVE = 1 << 2, /* "sup" is the supervisor above the path */
};

/* Texts are never NULL if the event had them; NULL: it had none. */
struct st_past_row {
	uint64_t seq;
	int64_t time_ns; /* on the monotonic clock */
	int64_t wall_us; /* since 1970 */
	const char *kind; /* the word of the event; borrowed from it */
	const char *path; /* borrowed */
	const char *rule; /* borrowed */
	const char *cause_rule; /* borrowed */
	const char *reason; /* JSON */
	const char *how; /* JSON */
	const char *extra; /* an object in JSON */
	unsigned int flags;
	int64_t numbers[ST_PAST_COLUMN__MAX];
	struct st_buf texts[3]; /* reason, how and extra of a row that was read from JSON */
};

/**
 * st_past_row_read() - make a row of an event
 * @event: as the daemon sends it; must outlive the row
 * @ret_row: free it with st_past_row_done()
 *
 * Return: 0; -EINVAL: it is no event; -ENOMEM.
 */
int st_past_row_read(const json_t *event, struct st_past_row *ret_row) __must_check;
void st_past_row_done(struct st_past_row *row);

/**
 * st_past_row_write() - write a row as the event that it was made of
 * @row: the row
 * @json: gets one object
 */
void st_past_row_write(const struct st_past_row *row, struct st_json *json);

/**
 * st_past_reason_is_normal() - whether an end with this reason is no failure [B2]
 * @reason: JSON; NULL: none
 *
 * Return: true for normal, shutdown and {"shutdown": T}.
 */
bool st_past_reason_is_normal(const char *reason);

/**
 * st_past_row_is_restart() - whether a supervisor restarted the child by itself
 * @row: an event
 *
 * Not its first start, and no start that a client asked for.
 *
 * Return: true for a start by the rules [D1] to [D3], and [F1].
 */
bool st_past_row_is_restart(const struct st_past_row *row);

/**
 * st_past_wall_read() - read 2026-11-22T18:23:05.123456Z
 * @text: the time
 * @ret_us: microseconds since 1970
 *
 * Return: false: it is not of this form.
 */
bool st_past_wall_read(const char *text, int64_t *ret_us);

#endif
