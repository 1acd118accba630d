/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that look random and are the same for the same seed on any machine.
 */
#ifndef ST_STORM_RANDOM_H
#define ST_STORM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct st_random {
	uint64_t state;
};

/* Vigna's splitmix64: one word of state, and every seed is as good as another. */
static inline uint64_t st_random_next(struct st_random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* A number in 0..@nr-1. */
static inline uint32_t st_random_below(struct st_random *random, uint32_t nr)
{
	return (uint32_t)(((st_random_next(random) >> 32) * nr) >> 32);
}

static inline bool st_random_percent(struct st_random *random, uint32_t percent)
{
	return st_random_below(random, 100) < percent;
}

#endif
