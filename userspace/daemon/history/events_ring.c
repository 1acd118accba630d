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
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/fd.h"

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

int st_events_ring_map(struct st_events_ring *ring, uint32_t max, uint32_t size)
{
	size_t len = size + (size_t)max * sizeof(*ring->offsets);
	st_cleanup(st_fd_close) int fd = memfd_create("suptree-journal", MFD_CLOEXEC);
	char *bytes;

	if (fd < 0 || ftruncate(fd, (off_t)len) < 0)
		return -errno;
	bytes = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	*ring = (struct st_events_ring){
		.bytes = bytes,
		.offsets = (void *)(bytes + size),
		.size = size,
		.max = max,
		.mapped = len,
		.first = 1,
	};
	return 0;
}

void st_events_ring_done(struct st_events_ring *ring)
{
	if (ring->mapped) {
		(void)munmap(ring->bytes, ring->mapped); /* it is a mapping */
	} else {
		st_free(ring->bytes);
		st_free(ring->offsets);
	}
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

#define ST_PART_SIZE(member, type, what) sizeof(type),
static const uint32_t part_sizes[] = { ST_EVENT_PART_LIST(ST_PART_SIZE) };
#undef ST_PART_SIZE

#define ST_PART_ALIGN(member, type, what) \
	_Static_assert(_Alignof(type) <= _Alignof(struct st_event_record), "");
ST_EVENT_PART_LIST(ST_PART_ALIGN)
#undef ST_PART_ALIGN

static uint32_t aligned(uint32_t len)
{
	const uint32_t align = _Alignof(struct st_event_record);

	return (len + align - 1) & ~(align - 1);
}

/* Length of the record without its parts; the first one, if any, begins there. */
static uint32_t length_of(uint32_t text_len)
{
	return aligned((uint32_t)offsetof(struct st_event_record, text) + text_len);
}

const void *st_event_part(const struct st_event_record *record, enum st_event_part part)
{
	const char *at = (const char *)record + length_of(record->path_len + record->reason_len);

	if (!(record->parts & 1u << part))
		return NULL;
	for (unsigned int i = 0; i < (unsigned int)part; i++)
		at += record->parts & 1u << i ? aligned(part_sizes[i]) : 0;
	return at;
}

struct st_cause st_event_cause(const struct st_event_record *record)
{
	const struct st_cause *cause = st_event_part(record, ST_EVENT_CAUSE);

	return cause ? *cause : (struct st_cause){ .rule = (enum st_rule)record->rule };
}

static uint32_t length_of_parts(const struct st_event_parts *parts)
{
	uint32_t len = 0;

	for (size_t i = 0; i < ST_ARRAY_SIZE(part_sizes); i++)
		len += parts->of[i] ? aligned(part_sizes[i]) : 0;
	return len;
}

static void add_parts(struct st_event_record *record, char *at, const struct st_event_parts *parts)
{
	record->parts = 0;
	for (size_t i = 0; i < ST_ARRAY_SIZE(part_sizes); i++) {
		if (!parts->of[i])
			continue;
		record->parts |= (uint8_t)(1u << i);
		memcpy(at, parts->of[i], part_sizes[i]);
		at += aligned(part_sizes[i]);
	}
}

/* Find a place for the next record, which has @len bytes. */
static char *take_room(struct st_events_ring *ring, uint32_t len)
{
	uint32_t offset;

	assert(len <= ring->size);
	if (ring->last - ring->first + 1 == ring->max)
		ring->first++;
	while (!find_room(ring, len, &offset))
		ring->first++;
	ring->last++;
	ring->offsets[ring->last % ring->max] = offset;
	ring->head = offset + len;
	return ring->bytes + offset;
}

struct st_event_record *st_events_ring_add(struct st_events_ring *ring, uint32_t text_len,
					   enum st_rule rule, const struct st_event_parts *parts)
{
	uint32_t parts_at = length_of(text_len);
	char *bytes = take_room(ring, parts_at + length_of_parts(parts));
	struct st_event_record *record = (void *)bytes;

	record->rule = (uint8_t)rule;
	add_parts(record, bytes + parts_at, parts);
	return record;
}

const struct st_event_record *st_events_ring_get(const struct st_events_ring *ring, uint64_t seq)
{
	return (const void *)(ring->bytes + ring->offsets[seq % ring->max]);
}

void st_events_ring_copy(struct st_events_ring *ring, const struct st_event_record *record)
{
	uint32_t len = length_of(record->path_len + record->reason_len);

	for (size_t i = 0; i < ST_ARRAY_SIZE(part_sizes); i++)
		len += record->parts & 1u << i ? aligned(part_sizes[i]) : 0;
	memcpy(take_room(ring, len), record, len);
}

void st_events_ring_clear(struct st_events_ring *ring)
{
	ring->last++;
	ring->first = ring->last + 1;
}
