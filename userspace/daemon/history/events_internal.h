/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What events.c and events_follow.c share: one makes events, the other sends them to
 * followers. Nobody else includes this.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_INTERNAL_H
#define ST_DAEMON_HISTORY_EVENTS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "daemon/history/events.h"
#include "daemon/history/events_ring.h"

struct st_subscriber {
	struct st_list link; /* in events->subscribers */
	struct st_client *client;
	uint64_t next; /* number of the first event that it has not seen */
	bool is_foreign; /* it asked for a number that we have not given out yet */
	bool is_batched;
	bool is_journal; /* it reads events->deep, and nobody else does */
	bool has_inputs;
	bool needs_state; /* before the next inputs: it is new, or has lost some */
	uint64_t next_input; /* number of the first input that it has not got */
	struct st_buf state; /* lines of a state that it is being sent ... */
	size_t state_at; /* ... from here on */
	size_t path_len;
	char path[]; /* not terminated by NUL */
};

struct st_events {
	const struct st_history *history; /* NULL: nothing is known */
	struct st_events_ring ring;
	struct st_events_ring deep; /* the same numbers and more of them; empty without a journal */
	struct st_events_ring inputs; /* of core, as lines; empty if nobody wants them */
	struct st_list subscribers; /* the first one is served first */
	uint64_t time_ns; /* of the newest event, and ... */
	uint64_t wall_ns; /* ... the same moment by the wall clock */
	struct st_buf scratch; /* path and reason of the event being added */
	struct st_buf params; /* params of the notification being sent */
	struct st_buf line;
};

#define ST_INPUT_MAX (4u << 20) /* bytes of an input; a request has at most 1 MiB */

static inline struct st_subscriber *st_subscriber_of(struct st_list *link)
{
	return st_list_entry(link, struct st_subscriber, link);
}

/* Whether an event is about a child, or about one below it. */
bool st_event_matches(const struct st_event_record *record, const char *path, size_t len);

#endif
