/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last events in a compact form. Records of different length stand one
 * after the other in a block of fixed size; a table holds where each one
 * begins.
 *
 *	bytes    | rec 7 | rec 8 |  free  | rec 4 | rec 5 | rec 6 | too short |
 *	                         ^head    ^first
 *
 * A record is never split, so the end of the block may stay unused. While
 * records are short most of the block stays unused; pages that were never used
 * cost no memory. New records replace the oldest ones. Nothing here allocates
 * after _init() or interprets a record. Only events.c uses it.
 */
#ifndef ST_DAEMON_HISTORY_EVENTS_RING_H
#define ST_DAEMON_HISTORY_EVENTS_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/effect.h"
#include "daemon/history/asked.h"

/*
 * What only some records have, after their text, in this order: the larger part of an event.
 * X(MEMBER, type, what)
 */
#define ST_EVENT_PART_LIST(X) \
	X(CAUSE, struct st_cause, "says more than the rule; first starts have none") \
	X(COUNTS, struct st_event_counts, "starts and ends") \
	X(USAGE, struct st_usage, "ends of processes") \
	X(ASKED_BY, struct st_asker, "the client whose request caused it") \
	X(SIGNALLED_BY, struct st_asker, "the client for which the daemon sent the signal")

#define ST_EVENT_PART_MEMBER(member, type, what) ST_EVENT_##member,
enum st_event_part {
	ST_EVENT_PART_LIST(ST_EVENT_PART_MEMBER) ST_EVENT_PART__MAX
};
#undef ST_EVENT_PART_MEMBER

struct st_event_counts {
	uint32_t nr_restarts; /* of the child */
	struct st_budget budget; /* of its supervisor */
};

/* The parts that a record is to have; NULL: it has none. */
struct st_event_parts {
	const void *of[ST_EVENT_PART__MAX];
};

/**
 * struct st_event_record - one event
 * @time_ns: monotonic time
 * @wall_ns: nanoseconds since 1970, UTC
 * @generation: of the process; 0: the event has no process
 * @took_ns: how long a start, or a stop on request, took; 0: the event is
 *	neither
 * @ran_ns: EXITED: time since the process was ready
 * @spawned_ns: STARTED: time from the begin of the start until its process existed
 * @pid: STARTED and ends: of the process; 0: the event has no process
 * @value: REPORT without a child: count; DELAYED: milliseconds; with
 *	@has_status: the status in the form of wait(2)
 * @reason_len: bytes of the reason, as JSON, after the path in @text; 0: no
 *	reason
 * @path_len: bytes of the path in @text: of the child or, in a report without
 *	one, of the supervisor
 * @type: enum st_effect_type
 * @context: REPORT: enum st_context
 * @rule: the rule that caused the event: enum st_rule
 * @applied: ends: the rule that was applied to this end
 * @has_status: ends: there was a process, so there is a status
 * @was_killed: ends: the supervisor had sent SIGKILL
 * @parts: a bit for each of enum st_event_part that follows the text
 * @text: path and reason, not terminated by NUL
 */
struct st_event_record {
	uint64_t time_ns;
	uint64_t wall_ns;
	uint64_t generation;
	uint64_t took_ns;
	union {
		uint64_t ran_ns;
		uint64_t spawned_ns;
	};
	int32_t pid;
	uint32_t value;
	uint32_t reason_len;
	uint16_t path_len;
	uint8_t type;
	uint8_t context;
	uint8_t rule;
	uint8_t applied;
	uint8_t parts;
	bool has_status : 1;
	bool was_killed : 1;
	char text[];
};

struct st_events_ring {
	char *bytes; /* owned, ->size bytes */
	uint32_t *offsets; /* owned: event N begins at [N % ->max] */
	uint32_t size;
	uint32_t max;
	size_t mapped; /* bytes of the mapping that both are in; 0: they are allocated */
	uint32_t head; /* where the next record goes, if it fits there */
	uint64_t first; /* number of the oldest record */
	uint64_t last; /* number of the newest record; first - 1: the ring is empty */
};

/**
 * st_events_ring_init() - make an empty ring
 * @ring: the ring
 * @max: number of records to keep
 * @size: number of bytes to keep
 *
 * Return: 0 or -ENOMEM; in either case st_events_ring_done() is allowed.
 */
int st_events_ring_init(struct st_events_ring *ring, uint32_t max, uint32_t size) __must_check;
void st_events_ring_done(struct st_events_ring *ring);

/**
 * st_events_ring_map() - make an empty ring in a mapping of its own
 * @ring: the ring
 * @max: number of records to keep
 * @size: number of bytes to keep
 *
 * The kernel gives memory when a record is written, and gets all of it back by
 * st_events_ring_done(). /proc/PID/maps shows it as memfd:suptree-journal.
 *
 * Return: 0; -errno of memfd_create(2), ftruncate(2) or mmap(2).
 */
int st_events_ring_map(struct st_events_ring *ring, uint32_t max, uint32_t size) __must_check;

/* Drop all records; the next one gets a number that none has had, two more than the last one. */
void st_events_ring_clear(struct st_events_ring *ring);

/**
 * st_events_ring_copy() - append a record of another ring
 * @ring: the ring
 * @record: of another ring, filled in; it must fit into this one
 */
void st_events_ring_copy(struct st_events_ring *ring, const struct st_event_record *record);

/**
 * st_events_ring_add() - make room for the next record
 * @ring: the ring
 * @text_len: bytes of its text; the record must fit into the ring
 * @rule: the rule that caused the event
 * @parts: copied into the record
 *
 * Return: the record, which the caller fills in. Its number is ring->last.
 */
struct st_event_record *st_events_ring_add(struct st_events_ring *ring, uint32_t text_len,
					   enum st_rule rule, const struct st_event_parts *parts);

/**
 * st_events_ring_get() - get a record by its number
 * @ring: the ring
 * @seq: from ring->first to ring->last
 *
 * Return: the record, borrowed until the next add.
 */
const struct st_event_record *st_events_ring_get(const struct st_events_ring *ring, uint64_t seq);

/**
 * st_event_part() - get a part of a record
 * @record: the event, filled in
 * @part: which one
 *
 * Return: a struct of the part's type, borrowed from the ring; NULL: the record has none.
 */
const void *st_event_part(const struct st_event_record *record, enum st_event_part part);

/**
 * st_event_cause() - why an event happened
 * @record: the event, filled in
 *
 * Return: the cause; all zero if the event has no cause.
 */
struct st_cause st_event_cause(const struct st_event_record *record);

#endif
