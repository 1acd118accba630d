// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash map of map.h: linear probing, deletion by shifting back.
 */
#include "base/map.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"

#define MIN_CAP 16

static uint32_t home(const struct st_map *map, uint64_t key)
{
	/* Fibonacci hashing: keys count up, their products scatter */
	return (uint32_t)((key * 0x9e3779b97f4a7c15ull) >> 32) & (map->cap - 1);
}

static uint32_t find(const struct st_map *map, uint64_t key)
{
	uint32_t at = home(map, key);

	while (map->entries[at].key && map->entries[at].key != key)
		at = (at + 1) & (map->cap - 1);
	return at;
}

/* Filled to three quarters at most: probes stay short. */
static bool is_enough(uint32_t cap, uint32_t nr)
{
	return (uint64_t)nr * 4 <= (uint64_t)cap * 3;
}

int st_map_reserve(struct st_map *map, uint32_t nr)
{
	struct st_map bigger = { .cap = map->cap ? map->cap : MIN_CAP };

	if (is_enough(map->cap, nr))
		return 0;
	while (!is_enough(bigger.cap, nr))
		bigger.cap *= 2;
	bigger.entries = st_alloc_array(bigger.cap, sizeof(*bigger.entries));
	if (!bigger.entries)
		return -ENOMEM;
	for (uint32_t i = 0; i < map->cap; i++)
		if (map->entries[i].key)
			st_map_put(&bigger, map->entries[i].key, map->entries[i].value);
	st_free(map->entries);
	*map = bigger;
	return 0;
}

void st_map_put(struct st_map *map, uint64_t key, void *value)
{
	struct st_map_entry *entry = &map->entries[find(map, key)];

	if (!entry->key)
		map->nr++;
	entry->key = key;
	entry->value = value;
}

void *st_map_get(const struct st_map *map, uint64_t key)
{
	if (!map->nr || !key)
		return NULL;
	return map->entries[find(map, key)].value;
}

void st_map_remove(struct st_map *map, uint64_t key)
{
	uint32_t hole, at;

	if (!map->nr || !key)
		return;
	hole = find(map, key);
	if (!map->entries[hole].key)
		return;
	map->nr--;
	/* pull back whatever the hole would make unreachable */
	for (at = (hole + 1) & (map->cap - 1); map->entries[at].key;
	     at = (at + 1) & (map->cap - 1)) {
		uint32_t distance = (at - home(map, map->entries[at].key)) & (map->cap - 1);

		if (distance < ((at - hole) & (map->cap - 1)))
			continue;
		map->entries[hole] = map->entries[at];
		hole = at;
	}
	map->entries[hole] = (struct st_map_entry){ 0, NULL };
}

void st_map_done(struct st_map *map)
{
	st_free(map->entries);
	memset(map, 0, sizeof(*map));
}
