/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes events as JSON, in the form that events.h describes. Only events.c and
 * why.c use it.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_WRITE_H
#define ST_DAEMON_HISTORY_EVENTS_WRITE_H

#include "daemon/history/events_ring.h"
#include "proto/json.h"

struct st_history;

/**
 * st_event_record_write() - write an event as one JSON object
 * @history: which processes sent signals; NULL: nothing is known
 * @record: the event
 * @seq: its number
 * @json: gets the object as a value
 */
void st_event_record_write(const struct st_history *history, const struct st_event_record *record,
			   uint64_t seq, struct st_json *json);

/* Write the same members into an object that the caller begins and ends. */
void st_event_record_write_members(const struct st_history *history,
				   const struct st_event_record *record, uint64_t seq,
				   struct st_json *json);

#endif
