// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash map of 64-bit numbers.
 */
#include "kselftest_harness.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/map.h"

#define NR 5000

static void *value_of(uint64_t key)
{
	return (void *)(uintptr_t)(key * 3 + 1);
}

TEST(an_empty_map_has_nothing_and_loses_nothing)
{
	struct st_map map = { 0 };

	EXPECT_EQ(NULL, st_map_get(&map, 1));
	EXPECT_EQ(NULL, st_map_get(&map, 0));
	st_map_remove(&map, 1);
	st_map_remove(&map, 0);
	EXPECT_EQ(0, map.nr);
	st_map_done(&map);
}

TEST(what_was_put_is_found_until_it_is_removed)
{
	struct st_map map = { 0 };

	ASSERT_EQ(0, st_map_reserve(&map, 3));
	st_map_put(&map, 7, value_of(7));
	st_map_put(&map, UINT64_MAX, value_of(8));
	EXPECT_EQ(value_of(7), st_map_get(&map, 7));
	EXPECT_EQ(value_of(8), st_map_get(&map, UINT64_MAX));
	EXPECT_EQ(NULL, st_map_get(&map, 9));
	st_map_put(&map, 7, value_of(10));
	EXPECT_EQ(value_of(10), st_map_get(&map, 7));
	EXPECT_EQ(2, map.nr);
	st_map_remove(&map, 7);
	st_map_remove(&map, 7);
	EXPECT_EQ(NULL, st_map_get(&map, 7));
	EXPECT_EQ(1, map.nr);
	st_map_done(&map);
}

TEST(a_map_keeps_its_entries_when_it_grows)
{
	struct st_map map = { 0 };

	for (uint64_t key = 1; key <= NR; key++) {
		ASSERT_EQ(0, st_map_reserve(&map, (uint32_t)key));
		st_map_put(&map, key, value_of(key));
	}
	for (uint64_t key = 1; key <= NR; key++)
		ASSERT_EQ(value_of(key), st_map_get(&map, key));
	EXPECT_EQ(NR, map.nr);
	st_map_done(&map);
}

TEST(putting_and_removing_within_what_was_reserved_needs_no_memory)
{
	struct st_map map = { 0 };
	unsigned long count;

	ASSERT_EQ(0, st_map_reserve(&map, NR));
	count = st_alloc_count();
	for (uint64_t key = 1; key <= NR; key++)
		st_map_put(&map, key * 4096, value_of(key));
	for (uint64_t key = 1; key <= NR; key++)
		st_map_remove(&map, key * 4096);
	EXPECT_EQ(count, st_alloc_count());
	EXPECT_EQ(0, map.nr);
	st_map_done(&map);
}

TEST(a_map_that_can_not_grow_stays_as_it_is)
{
	struct st_map map = { 0 };

	ASSERT_EQ(0, st_map_reserve(&map, 8));
	st_map_put(&map, 1, value_of(1));
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_map_reserve(&map, 1000));
	EXPECT_EQ(value_of(1), st_map_get(&map, 1));
	EXPECT_EQ(0, st_map_reserve(&map, 8));
	st_map_done(&map);
}

/* Keys that fall together, in random order, against a plain array. */
TEST(a_map_agrees_with_an_array_whatever_is_put_and_removed)
{
	uint64_t random = 88172645463325252ull;
	bool there[256] = { false };
	struct st_map map = { 0 };
	uint32_t nr = 0;

	ASSERT_EQ(0, st_map_reserve(&map, 128));
	for (int step = 0; step < 200000; step++) {
		uint64_t key;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		key = 1 + random % 255;
		if (there[key] || nr == 128) {
			st_map_remove(&map, key);
			nr -= there[key];
			there[key] = false;
		} else {
			st_map_put(&map, key, value_of(key));
			there[key] = true;
			nr++;
		}
		ASSERT_EQ(nr, map.nr);
		key = 1 + (random >> 32) % 255;
		ASSERT_EQ(there[key] ? value_of(key) : NULL, st_map_get(&map, key));
	}
	st_map_done(&map);
}

TEST_HARNESS_MAIN
