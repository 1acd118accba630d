/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who made an end happen: the client that asked for it, and the process that sent the deadly
 * signal.
 *
 * An event keeps both, as far as the daemon knows them. A signal that another process has sent
 * is known if the tracer has seen it (witness.h); its report may come after the event. Used by
 * events_write.c and why.c.
 */
#ifndef ST_DAEMON_HISTORY_SENDER_H
#define ST_DAEMON_HISTORY_SENDER_H

#include <stdbool.h>

#include "daemon/history/events_ring.h"
#include "proto/json.h"

struct st_history;

/**
 * st_sender_write_asked_by() - write a client as the member "asked_by"
 * @asker: the client; NULL: nothing is written
 * @json: an object
 */
void st_sender_write_asked_by(const struct st_asker *asker, struct st_json *json);

/**
 * st_sender_write() - write the sender of a deadly signal as the member "sender", if it is known
 * @history: which signals the tracer has seen; NULL: none
 * @record: any event
 * @json: an object
 */
void st_sender_write(const struct st_history *history, const struct st_event_record *record,
		     struct st_json *json);

/**
 * st_sender_is_unknown() - whether a signal has ended a process and its sender is not known
 * @history: as above
 * @record: any event
 */
bool st_sender_is_unknown(const struct st_history *history, const struct st_event_record *record);

#endif
