/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One trace of the service: a session with limits, the last records of it as JSON, and
 * totals. operations.c makes, lists and ends them; service.c lets them read.
 */
#ifndef ST_TRACER_TRACE_H
#define ST_TRACER_TRACE_H

#include <jansson.h>
#include <stdint.h>

#include "base/list.h"
#include "proto/json.h"
#include "tracer/calls.h"
#include "tracer/children.h"
#include "tracer/join.h"
#include "tracer/names.h"
#include "tracer/order.h"
#include "tracer/sample.h"
#include "tracer/session.h"

#define ST_TRACE_PAIRS 256 /* pairs with their own totals */
#define ST_TRACE_TOP 20 /* the default number of busiest pairs in a summary */
#define ST_TRACE_TOP_MAX 100 /* an answer is one message */
#define ST_TRACE_WHO_SIZE 128

/* The messages between two processes. */
struct st_trace_pair {
	char from[ST_TRACE_WHO_SIZE]; /* a child's path, or a name and a pid */
	char to[ST_TRACE_WHO_SIZE];
	uint64_t nr;
	uint64_t bytes;
};

struct st_trace_total {
	uint64_t nr;
	uint64_t bytes;
	uint64_t largest;
	uint64_t first_ns;
	uint64_t last_ns;
	struct st_sample sizes; /* of messages */
	struct st_sample intervals_ns; /* from one record to the next */
};

struct st_trace {
	struct st_list link; /* in the service's list */
	uint64_t id;
	char *path; /* of the child, or the supervisor above those that are traced; or NULL */
	pid_t pid; /* without a path */
	struct st_session_limits limits;
	uint32_t payload; /* bytes of each message that are shown */
	bool is_for_operators; /* operators may see payloads, too */
	char *pattern; /* of messages that are kept; NULL: all; owned */
	bool has_system; /* messages with the daemon and the tracer are seen as all others */
	pid_t daemon;
	uint64_t until_ns; /* CLOCK_BOOTTIME, of its end; 0: none */
	struct st_session *session;
	struct st_join *join; /* so that a message is one record, with both ends */
	struct st_order *order;
	struct st_calls *calls;
	const struct st_traced_children *children;
	struct st_process_names names;
	char **kept; /* records as JSON, a ring of keep; owned */
	uint32_t keep;
	uint64_t seq; /* of the last record that was kept */
	uint64_t nr_system; /* messages with the daemon and the tracer, which are left out */
	uint64_t nr_passed_over; /* records that are not like the pattern: only counted */
	struct st_trace_total totals[ST_RECORD_KIND__MAX];
	struct st_trace_pair pairs[ST_TRACE_PAIRS];
	uint32_t nr_pairs;
	uint64_t nr_other; /* records of pairs for which there was no room */
	struct st_buf line;
};

/**
 * st_trace_new() - begin a trace
 * @description: the parameters of trace_start, and "path" for a child; and "id" and
 *	"until_ns" of a trace that is resumed
 * @id: its number, unless @description has one
 * @children: the children and their pids; borrowed
 * @ret_trace: owned by the caller
 * @ret_error: why not, as "KIND TEXT"; static
 *
 * Return: 0; -errno, with @ret_error.
 */
int __must_check st_trace_new(const json_t *description, uint64_t id,
			      const struct st_traced_children *children,
			      struct st_trace **ret_trace, const char **ret_error);
void st_trace_free(struct st_trace *trace); /* NULL is allowed */

/* What a client may see of traces, by its role. */
enum st_trace_view {
	ST_TRACE_COUNTS, /* viewers: how many */
	ST_TRACE_WHO, /* operators: also who, when, how large */
	ST_TRACE_ALL, /* admins: also payloads */
};

/* A child has started: it is traced, if it is meant. */
void st_trace_started(struct st_trace *trace, const struct st_traced_child *child);

/* Take what is in the ring. Return: 0; -errno. */
int __must_check st_trace_read(struct st_trace *trace);

/* Return: what st_trace_new() takes to begin it again; owned by the caller, or NULL. */
json_t *st_trace_describe(const struct st_trace *trace);

/* An object. */
void st_trace_write_row(const struct st_trace *trace, enum st_trace_view view,
			struct st_json *json);
/* An object with at most this number of pairs. */
void st_trace_write_summary(const struct st_trace *trace, enum st_trace_view view, uint32_t top,
			    struct st_json *json);

/* trace_analyze.c: what the summary leaves out: calls, sizes, intervals. An object. */
void st_trace_write_analysis(const struct st_trace *trace, uint32_t top, struct st_json *json);

/* For both: members of the whole trace, of each kind, and the busiest pairs. */
void st_trace_write_members(const struct st_trace *trace, enum st_trace_view view,
			    const struct st_session_counts *counts, struct st_json *json);
void st_trace_write_total(const struct st_trace *trace, enum st_trace_view view, int kind,
			  const struct st_session_counts *counts, struct st_json *json);
void st_trace_write_pairs(const struct st_trace *trace, uint32_t top, struct st_json *json);
void st_trace_count(const struct st_trace *trace, struct st_session_counts *ret_counts);

/**
 * st_trace_write_history() - the records that are kept, oldest first
 * @trace: the trace
 * @view: without ST_TRACE_ALL, payloads of messages are left out
 * @since: below 0: the last ones; otherwise the first ones after this number
 * @limit: records at most
 * @room: bytes at most
 * @json: gets an array
 */
void st_trace_write_history(const struct st_trace *trace, enum st_trace_view view, int64_t since,
			    uint64_t limit, size_t room, struct st_json *json);

#endif
