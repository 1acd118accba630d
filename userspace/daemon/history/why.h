/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Explains why a child has ended: finds the whole chain of causes in the kept
 * events.
 *
 * Each event names the end, or the request, that caused it (core/cause.h). So
 * the chain leads from the last end of a child back to the end that nobody
 * asked for. From there it leads forward to all consequences: what was stopped
 * and started, what failed, and, further up the tree, which supervisors gave
 * up. Nothing is guessed. If an event is no longer kept, the answer says that
 * it is missing.
 *
 * This reads the history (history.h), changes nothing, and costs one walk over
 * the ring. Its only caller is explain.c, which finds the child that the client
 * names.
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
 * st_why_find_end() - find the last end of a child
 * @ring: the events that are kept
 * @name: a path, or the last part of one; "#7": the process of generation 7
 * @is_whole: @name is a whole path, and not the last part of one
 *
 * An end is the end of a process or supervisor, or a start that failed.
 *
 * Return: the event's number; 0 if there is none.
 */
uint64_t st_why_find_end(const struct st_events_ring *ring, const char *name, bool is_whole);

/**
 * st_why_find_end_below() - find the last end of anything below a supervisor
 * @ring: the events that are kept
 * @path: of the supervisor
 *
 * Return: the event's number; 0 if there is none.
 */
uint64_t st_why_find_end_below(const struct st_events_ring *ring, const char *path);

/**
 * st_why_root() - the end that caused an end
 * @ring: the events that are kept
 * @seq: of an end
 *
 * Return: the number of the first end of the chain, as far as it is kept; @seq itself, if no
 * other end caused it.
 */
uint64_t st_why_root(const struct st_events_ring *ring, uint64_t seq);

/**
 * st_why_write_start() - write why a child runs as members of an object
 * @history: what has happened
 * @has_tracer: a tracer runs that reports signals
 * @generation: of the child that runs
 * @json: gets "started"?, the event of its start; "rule"? and "rule_text"?, by which its
 *	supervisor has started it; "because"?, the end that made it do so; all as far as they are
 *	kept, and are there
 */
void st_why_write_start(const struct st_history *history, bool has_tracer, uint64_t generation,
			struct st_json *json);

/**
 * st_why_write_end() - write an end as an object: the event and the signal's sender
 * @history: what has happened
 * @has_tracer: a tracer runs that reports signals
 * @seq: number of the event
 * @json: gets the object as a value
 */
void st_why_write_end(const struct st_history *history, bool has_tracer, uint64_t seq,
		      struct st_json *json);

/**
 * st_why_write_chain() - write the chain of causes as members of an object
 * @history: what has happened
 * @has_tracer: a tracer runs that reports signals
 * @seq: number of the end to explain
 * @max: the largest number of steps to write
 * @json: gets "root"?, "asked_by"?, "steps" and "left_out"
 *
 * A step is an event, or
 * {"rule","text","sup"?,"restarts"?,"intensity"?,"period"?} before the events
 * that it explains.
 *
 * Return: 0 or -ENOMEM.
 */
int st_why_write_chain(const struct st_history *history, bool has_tracer, uint64_t seq,
		       uint32_t max, struct st_json *json) __must_check;

#endif
