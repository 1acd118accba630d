/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last events in a compact form: records of different length, one after
 * the other in a block of fixed size, and where each of them begins.
 *
 *	bytes    | rec 7 | rec 8 |  free  | rec 4 | rec 5 | rec 6 | too short |
 *	                         ^head    ^first
 *
 * A record is never split, so the end of the block may stay unused; so does most
 * of it while records are short, and what is never used costs no memory. The
 * oldest ones make room. Nothing here allocates after _init(), or knows what a record
 * says. events.c alone uses it.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_RING_H
#define ST_DAEMON_HISTORY_EVENTS_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/cause.h"

/**
 * struct st_event_record - one event
 * @time_ns: monotonic time
 * @wall_ns: nanoseconds since 1970, UTC
 * @generation: of the process; 0: none
 * @took_ns: of a start, or of a stop that was asked for; 0: neither
 * @ran_ns: EXITED: since it was ready
 * @pid: STARTED, and ends: of the process; 0: none
 * @value: REPORT without a child: count; DELAYED: milliseconds; with @has_status: as
 *	wait(2) has it
 * @reason_len: bytes of the reason, as JSON, behind the path; 0: none
 * @path_len: bytes of the path at @text, of the child or, in a report without
 *	one, of the supervisor
 * @type: enum st_effect_type
 * @context: REPORT: enum st_context
 * @rule: that made it happen: enum st_rule
 * @applied: ends: the one that it met
 * @has_status: ends: there was a process
 * @was_killed: ends: the supervisor had sent SIGKILL
 * @has_cause: there is more to say about it than @rule, behind the text; not so of first
 *	starts, which are most of the events where there are many children
 * @text: path and reason, without NUL
 */
struct st_event_record {
	uint64_t time_ns;
	uint64_t wall_ns;
	uint64_t generation;
	uint64_t took_ns;
	uint64_t ran_ns;
	int32_t pid;
	uint32_t value;
	uint32_t reason_len;
	uint16_t path_len;
	uint8_t type;
	uint8_t context;
	uint8_t rule;
	uint8_t applied;
	bool has_status : 1;
	bool was_killed : 1;
	bool has_cause : 1;
	char text[];
};

struct st_events_ring {
	char *bytes; /* owned, of ->size */
	uint32_t *offsets; /* owned: of event N at N % ->max */
	uint32_t size;
	uint32_t max;
	uint32_t head; /* where the next record goes, if it fits */
	uint64_t first; /* number of the oldest record */
	uint64_t last; /* of the newest; first - 1: the ring is empty */
};

/**
 * st_events_ring_init() - make an empty ring
 * @ring: the ring
 * @max: records kept
 * @size: bytes kept
 *
 * Return: 0 or -ENOMEM; in either case st_events_ring_done() is allowed.
 */
int st_events_ring_init(struct st_events_ring *ring, uint32_t max, uint32_t size) __must_check;
void st_events_ring_done(struct st_events_ring *ring);

/**
 * st_events_ring_add() - make room for the next record
 * @ring: the ring
 * @text_len: bytes of its text; the record must fit into the ring
 * @cause: why it happened, which is filled in
 *
 * Return: the record, to be filled in. Its number is ring->last.
 */
struct st_event_record *st_events_ring_add(struct st_events_ring *ring, uint32_t text_len,
					   const struct st_cause *cause);

/**
 * st_events_ring_get() - a record by its number
 * @ring: the ring
 * @seq: from ring->first to ring->last
 *
 * Return: borrowed until the next add.
 */
const struct st_event_record *st_events_ring_get(const struct st_events_ring *ring, uint64_t seq);

/**
 * st_event_cause() - why an event happened
 * @record: the event, filled in
 *
 * Return: all zero: nothing made it happen.
 */
struct st_cause st_event_cause(const struct st_event_record *record);

#endif
