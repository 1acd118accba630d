/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash map from 64-bit numbers (generations, pids) to pointers.
 *
 * It uses open addressing. Room is reserved in advance, so that putting and
 * removing never allocate. Key 0 is not allowed.
 */
#ifndef ST_BASE_MAP_H
#define ST_BASE_MAP_H

#include "base/compiler.h"

struct st_map_entry {
	uint64_t key; /* 0: free */
	void *value;
};

struct st_map {
	struct st_map_entry *entries;
	uint32_t cap; /* a power of two, or 0 */
	uint32_t nr;
};

/**
 * st_map_reserve() - make room
 * @map: the map; all zero is an empty one
 * @nr: entries that must fit altogether
 *
 * Return: 0 or -ENOMEM.
 */
int st_map_reserve(struct st_map *map, uint32_t nr) __must_check;

/**
 * st_map_put() - add or replace an entry
 * @map: the map, with room reserved for it
 * @key: not 0
 * @value: borrowed
 */
void st_map_put(struct st_map *map, uint64_t key, void *value);

void *st_map_get(const struct st_map *map, uint64_t key); /* NULL: not there */
void st_map_remove(struct st_map *map, uint64_t key);
void st_map_done(struct st_map *map);

#endif
