// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arena of arena.h: a list of chunks, the newest one is being filled.
 */
#include "config/arena.h"

#include <string.h>

#include "base/alloc.h"

#define MIN_CHUNK ((size_t)512)
#define MAX_CHUNK ((size_t)32 << 10)
#define ALIGN sizeof(uint64_t)

struct st_arena_chunk {
	struct st_arena_chunk *next;
	size_t size; /* of data */
	uint64_t data[];
};

/* Each chunk is twice as large as the one before: a request needs little. */
static size_t next_size(const struct st_arena_chunk *chunk, size_t size)
{
	size_t next = chunk ? chunk->size * 2 : MIN_CHUNK;

	if (next > MAX_CHUNK)
		next = MAX_CHUNK;
	return size > next ? size : next;
}

static void *take(struct st_arena *arena, size_t size, size_t align)
{
	struct st_arena_chunk *chunk = arena->chunks;
	size_t at = (arena->used + align - 1) & ~(align - 1);

	if (!chunk || at > chunk->size || size > chunk->size - at) {
		size_t data = next_size(chunk, size);

		chunk = st_alloc(sizeof(*chunk) + data);
		if (!chunk)
			return NULL;
		chunk->size = data;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
		at = 0;
	}
	arena->used = at + size;
	return (char *)chunk->data + at;
}

void *st_arena_alloc(struct st_arena *arena, size_t nr, size_t size)
{
	if (size && nr > (SIZE_MAX / 2 - MAX_CHUNK) / size)
		return NULL;
	return take(arena, nr * size, ALIGN);
}

char *st_arena_text(struct st_arena *arena, const char *text, size_t len)
{
	char *copy = take(arena, len + 1, 1);

	if (copy && len)
		memcpy(copy, text, len);
	return copy;
}

void st_arena_done(struct st_arena *arena)
{
	while (arena->chunks) {
		struct st_arena_chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		st_free(chunk);
	}
	arena->used = 0;
}
