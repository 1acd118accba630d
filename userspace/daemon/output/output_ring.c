// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps lines end to end in a block that wraps around; see output_ring.h. A
 * line is its times (16 bytes), its length and stream (2 bytes) and its text.
 */
#include "daemon/output/output_ring.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

#define FIRST_CAP 512
#define HEADER ((uint32_t)sizeof(struct header))
#define ERR_BIT 0x8000 /* set in the length: the line is of standard error */

struct header {
	uint64_t time_ns;
	uint64_t wall_ns;
	uint16_t len;
} __packed;

const char *const st_stream_text[ST_STREAM__MAX] = {
	[ST_STREAM_OUT] = "stdout",
	[ST_STREAM_ERR] = "stderr",
};

void st_output_ring_init(struct st_output_ring *ring)
{
	*ring = (struct st_output_ring){ .first.seq = 1, .next = 1 };
}

void st_output_ring_clear(struct st_output_ring *ring)
{
	ring->first = st_output_ring_end(ring);
	ring->head = 0;
	ring->used = 0;
	ring->cap = 0;
	st_free(ring->bytes);
	ring->bytes = NULL;
}

struct st_output_cursor st_output_ring_end(const struct st_output_ring *ring)
{
	return (struct st_output_cursor){
		.seq = ring->next,
		.at = ring->first.at + ring->used,
	};
}

/* Copy out of the ring; @offset counts from the oldest line. */
static void copy_out(const struct st_output_ring *ring, uint32_t offset, void *to, uint32_t len)
{
	uint32_t from = (ring->head + offset) & (ring->cap - 1);
	uint32_t before_end = ring->cap - from < len ? ring->cap - from : len;

	memcpy(to, ring->bytes + from, before_end);
	memcpy((char *)to + before_end, ring->bytes, len - before_end);
}

static void append(struct st_output_ring *ring, const void *data, uint32_t len)
{
	uint32_t to = (ring->head + ring->used) & (ring->cap - 1);
	uint32_t before_end = ring->cap - to < len ? ring->cap - to : len;

	memcpy(ring->bytes + to, data, before_end);
	memcpy(ring->bytes, (const char *)data + before_end, len - before_end);
	ring->used += len;
}

static struct header read_header(const struct st_output_ring *ring, uint32_t offset)
{
	struct header header;

	copy_out(ring, offset, &header, HEADER);
	return header;
}

static void drop_oldest(struct st_output_ring *ring)
{
	uint32_t size = HEADER + (read_header(ring, 0).len & ~ERR_BIT);

	ring->head = (ring->head + size) & (ring->cap - 1);
	ring->used -= size;
	ring->first.at += size;
	ring->first.seq++;
}

/* Take a larger block, if it may be larger and there is memory for it. */
static void grow(struct st_output_ring *ring, uint32_t size)
{
	uint32_t cap = ring->cap ? ring->cap : FIRST_CAP;
	char *bytes;

	while (cap < ring->used + size && cap < ST_OUTPUT_RING_SIZE)
		cap *= 2;
	if (cap == ring->cap)
		return;
	bytes = st_alloc(cap);
	if (!bytes)
		return;
	if (ring->used)
		copy_out(ring, 0, bytes, ring->used);
	st_free(ring->bytes);
	ring->bytes = bytes;
	ring->cap = cap;
	ring->head = 0;
}

void st_output_ring_add(struct st_output_ring *ring, enum st_stream stream, uint64_t time_ns,
			uint64_t wall_ns, const char *text, uint32_t len)
{
	const struct header header = {
		.time_ns = time_ns,
		.wall_ns = wall_ns,
		.len = (uint16_t)(stream == ST_STREAM_ERR ? len | ERR_BIT : len),
	};
	uint32_t size = HEADER + len;

	assert(len <= ST_OUTPUT_MAX_LINE);
	if (ring->cap - ring->used < size)
		grow(ring, size);
	while (ring->used && ring->cap - ring->used < size)
		drop_oldest(ring);
	ring->next++;
	if (ring->cap < size) {
		ring->first.seq = ring->next;
		return;
	}
	append(ring, &header, HEADER);
	append(ring, text, len);
}

void st_output_ring_mark(struct st_output_ring *ring, uint64_t generation)
{
	struct st_output_life *newest = &ring->lives[0];

	if (newest->generation == generation) {
		newest->last = ring->next - 1;
		return;
	}
	memmove(newest + 1, newest, sizeof(ring->lives) - sizeof(*newest));
	*newest = (struct st_output_life){
		.generation = generation,
		.first = ring->next - 1,
		.last = ring->next - 1,
	};
}

const struct st_output_life *st_output_ring_life(const struct st_output_ring *ring,
						 uint64_t generation)
{
	for (size_t i = 0; i < ST_OUTPUT_LIVES; i++)
		if (ring->lives[i].generation == generation)
			return &ring->lives[i];
	return NULL;
}

bool st_output_ring_read(const struct st_output_ring *ring, struct st_output_cursor *cursor,
			 char *scratch, struct st_kept_line *ret_line)
{
	uint32_t offset = (uint32_t)(cursor->at - ring->first.at);
	struct header header;
	uint32_t from;

	if (cursor->seq >= ring->next)
		return false;
	header = read_header(ring, offset);
	ret_line->seq = cursor->seq;
	ret_line->time_ns = header.time_ns;
	ret_line->wall_ns = header.wall_ns;
	ret_line->stream = header.len & ERR_BIT ? ST_STREAM_ERR : ST_STREAM_OUT;
	ret_line->len = header.len & ~(uint32_t)ERR_BIT;
	from = (ring->head + offset + HEADER) & (ring->cap - 1);
	ret_line->text = ring->bytes + from;
	if (ring->cap - from < ret_line->len) {
		copy_out(ring, offset + HEADER, scratch, ret_line->len);
		ret_line->text = scratch;
	}
	cursor->seq++;
	cursor->at += HEADER + ret_line->len;
	return true;
}
