// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps records one after the other in a block; see events_ring.h.
 */
#include "daemon/history/events_ring.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

int st_events_ring_init(struct st_events_ring *ring, uint32_t max, uint32_t size)
{
	*ring = (struct st_events_ring){
		.bytes = st_alloc(size),
		.offsets = st_alloc_array(max, sizeof(*ring->offsets)),
		.size = size,
		.max = max,
		.first = 1,
	};
	return ring->bytes && ring->offsets ? 0 : -ENOMEM;
}

void st_events_ring_done(struct st_events_ring *ring)
{
	st_free(ring->bytes);
	st_free(ring->offsets);
	*ring = (struct st_events_ring){ .first = 1 };
}

static bool is_empty(const struct st_events_ring *ring)
{
	return ring->first > ring->last;
}

/*
 * A ring of short records reaches its number of records long before its bytes
 * are used. If new records always went on to the end of the block, all of the
 * block would be touched in time. So begin again at the start when the room
 * before the oldest record is twice as large as all records together.
 */
static bool is_better_at_start(const struct st_events_ring *ring, uint32_t oldest)
{
	return ring->last - ring->first + 2 == ring->max && oldest / 2 >= ring->head - oldest;
}

/*
 * Find a place with @len free bytes. Return: false if the oldest record must be
 * dropped first.
 */
static bool find_room(const struct st_events_ring *ring, uint32_t len, uint32_t *ret_offset)
{
	uint32_t head = ring->head;

	if (is_empty(ring)) {
		*ret_offset = 0;
		return true;
	}
	uint32_t oldest = ring->offsets[ring->first % ring->max];

	if (head <= oldest) { /* the records wrap around the end: the room between is free */
		*ret_offset = head;
		return oldest - head >= len;
	}
	*ret_offset = head;
	if (ring->size - head < len || is_better_at_start(ring, oldest))
		*ret_offset = 0;
	return *ret_offset == head || oldest >= len;
}

/* Length of the record without its cause; the cause, if any, begins there. */
static uint32_t length_of(uint32_t text_len)
{
	const uint32_t align = _Alignof(struct st_event_record);
	uint32_t len = (uint32_t)offsetof(struct st_event_record, text) + text_len;

	_Static_assert(_Alignof(struct st_cause) <= _Alignof(struct st_event_record), "");
	return (len + align - 1) & ~(align - 1);
}

struct st_cause st_event_cause(const struct st_event_record *record)
{
	struct st_cause cause = { .rule = (enum st_rule)record->rule };

	if (record->has_cause)
		memcpy(&cause,
		       (const char *)record + length_of(record->path_len + record->reason_len),
		       sizeof(cause));
	return cause;
}

static bool is_more_than_rule(const struct st_cause *cause)
{
	return cause->generation || cause->token || cause->nr_restarts;
}

struct st_event_record *st_events_ring_add(struct st_events_ring *ring, uint32_t text_len,
					   const struct st_cause *cause)
{
	bool has_cause = is_more_than_rule(cause);
	uint32_t cause_at = length_of(text_len);
	uint32_t len = cause_at + (has_cause ? (uint32_t)sizeof(*cause) : 0);
	uint32_t offset;

	assert(len <= ring->size);
	if (ring->last - ring->first + 1 == ring->max)
		ring->first++;
	while (!find_room(ring, len, &offset))
		ring->first++;
	ring->last++;
	ring->offsets[ring->last % ring->max] = offset;
	ring->head = offset + len;
	struct st_event_record *record = (void *)(ring->bytes + offset);

	record->rule = (uint8_t)cause->rule;
	record->has_cause = has_cause;
	if (has_cause)
		memcpy(ring->bytes + offset + cause_at, cause, sizeof(*cause));
	return record;
}

const struct st_event_record *st_events_ring_get(const struct st_events_ring *ring, uint64_t seq)
{
	return (const void *)(ring->bytes + ring->offsets[seq % ring->max]);
}
