// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap, against a plain array.
 */
#include "kselftest_harness.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/heap.h"

#define NR 200

FIXTURE(heap)
{
	struct st_heap heap;
	struct st_heap_node all[NR];
};

FIXTURE_SETUP(heap)
{
	memset(&self->heap, 0, sizeof(self->heap));
	memset(self->all, 0, sizeof(self->all));
	ASSERT_EQ(0, st_heap_reserve(&self->heap, NR));
}

FIXTURE_TEARDOWN(heap)
{
	st_heap_done(&self->heap);
}

TEST_F(heap, the_least_key_comes_first_and_none_beyond_the_limit)
{
	st_heap_put(&self->heap, &self->all[0], 30);
	st_heap_put(&self->heap, &self->all[1], 10);
	st_heap_put(&self->heap, &self->all[2], 20);
	EXPECT_EQ(NULL, st_heap_take_until(&self->heap, 9));
	EXPECT_EQ(&self->all[1], st_heap_take_until(&self->heap, 25));
	EXPECT_FALSE(st_heap_holds(&self->all[1]));
	EXPECT_EQ(&self->all[2], st_heap_take_until(&self->heap, 25));
	EXPECT_EQ(NULL, st_heap_take_until(&self->heap, 25));
	EXPECT_TRUE(st_heap_holds(&self->all[0]));
}

TEST_F(heap, a_node_can_get_another_key_and_be_removed_twice)
{
	st_heap_put(&self->heap, &self->all[0], 30);
	st_heap_put(&self->heap, &self->all[1], 20);
	st_heap_put(&self->heap, &self->all[0], 10);
	EXPECT_EQ(2, self->heap.nr);
	st_heap_remove(&self->heap, &self->all[1]);
	st_heap_remove(&self->heap, &self->all[1]);
	EXPECT_EQ(&self->all[0], st_heap_take_until(&self->heap, 10));
	EXPECT_EQ(0, self->heap.nr);
}

TEST_F(heap, room_that_was_reserved_needs_no_memory)
{
	unsigned long count = st_alloc_count();

	for (int i = 0; i < NR; i++)
		st_heap_put(&self->heap, &self->all[i], (uint64_t)(i * 7 % 50));
	EXPECT_EQ(count, st_alloc_count());
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_heap_reserve(&self->heap, 100 * NR));
	EXPECT_EQ(0, st_heap_reserve(&self->heap, NR));
}

TEST_F(heap, it_agrees_with_an_array_whatever_is_put_in_and_removed)
{
	uint64_t random = 88172645463325252ull, least;
	struct st_heap_node *first;

	for (int step = 0; step < 100000; step++) {
		struct st_heap_node *node;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		node = &self->all[random % NR];
		if (random >> 60 < 6)
			st_heap_remove(&self->heap, node);
		else
			st_heap_put(&self->heap, node, (random >> 20) % 1000);
		if (random >> 60 != 15)
			continue;
		least = UINT64_MAX;
		for (int i = 0; i < NR; i++)
			if (st_heap_holds(&self->all[i]) && self->all[i].key < least)
				least = self->all[i].key;
		first = st_heap_take_until(&self->heap, 999);
		ASSERT_EQ(least, first ? first->key : UINT64_MAX);
	}
}

TEST_HARNESS_MAIN
