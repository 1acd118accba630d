/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a child has ended: from the events that are kept to the whole chain.
 *
 * Each event names the end, or the request, that it comes from (core/cause.h). So from
 * the last end of a child the chain leads back to the end that nobody asked for, and
 * from there forward to all that came of it: what was stopped and started, what failed,
 * and up the tree where a supervisor gave up. Nothing is guessed: what is no longer
 * kept is missing, and said to be.
 *
 * It reads the history (history.h), changes nothing, and costs one walk over the ring.
 * explain.c finds out who is meant, and is the only caller.
 */
#ifndef ST_DAEMON_HISTORY_WHY_H
#define ST_DAEMON_HISTORY_WHY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "proto/json.h"

struct st_events_ring;
struct st_history;

/**
 * st_why_find_end() - the last end of a child
 * @ring: the events that are kept
 * @name: a path, or the last part of one; "#7": of the process of generation 7
 * @is_whole: it is a path, and not the last part of one
 *
 * An end is a process or a supervisor that ended, or could not be started.
 *
 * Return: the event's number; 0: there is none.
 */
uint64_t st_why_find_end(const struct st_events_ring *ring, const char *name, bool is_whole);

/**
 * st_why_find_end_below() - the last end of anything below a supervisor
 * @ring: the events that are kept
 * @path: of the supervisor
 *
 * Return: the event's number; 0: there is none.
 */
uint64_t st_why_find_end_below(const struct st_events_ring *ring, const char *path);

/**
 * st_why_write_end() - append an end as an object: the event, and who sent its signal
 * @history: what has happened
 * @has_tracer: a tracer runs that reports signals
 * @seq: of the event
 * @json: gets the object as a value
 */
void st_why_write_end(const struct st_history *history, bool has_tracer, uint64_t seq,
		      struct st_json *json);

/**
 * st_why_write_chain() - append members that tell the chain
 * @history: what has happened
 * @has_tracer: a tracer runs that reports signals
 * @seq: of the end it is about
 * @max: steps at most
 * @json: gets "root"?, "asked_by"?, "steps" and "left_out"
 *
 * A step is an event, or {"rule","text","sup"?,"restarts"?,"intensity"?,"period"?}
 * before the events that it explains.
 *
 * Return: 0 or -ENOMEM.
 */
int st_why_write_chain(const struct st_history *history, bool has_tracer, uint64_t seq,
		       uint32_t max, struct st_json *json) __must_check;

#endif
