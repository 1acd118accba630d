// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one door to the heap, and its failure switch.
 */
#include "kselftest_harness.h"

#include <signal.h>

#include "base/alloc.h"

TEST(memory_comes_zeroed)
{
	char *bytes = st_alloc(1000);

	ASSERT_NE(NULL, bytes);
	for (int i = 0; i < 1000; i++)
		ASSERT_EQ(0, bytes[i]);
	st_free(bytes);
}

TEST(nothing_is_still_a_block)
{
	void *block = st_alloc(0);

	EXPECT_NE(NULL, block);
	block = st_realloc(block, 0);
	EXPECT_NE(NULL, block);
	st_free(block);
	st_free(NULL);
}

TEST(an_array_that_is_larger_than_memory_is_refused)
{
	EXPECT_EQ(NULL, st_alloc_array(SIZE_MAX / 2, 3));
	EXPECT_EQ(NULL, st_alloc_array(3, SIZE_MAX / 2));
	st_free(st_alloc_array(3, 0));
}

TEST(a_block_keeps_its_content_when_it_grows)
{
	char *bytes = st_realloc(NULL, 4);

	ASSERT_NE(NULL, bytes);
	memcpy(bytes, "abc", 4);
	bytes = st_realloc(bytes, 100000);
	ASSERT_NE(NULL, bytes);
	EXPECT_STREQ("abc", bytes);
	st_free(bytes);
}

TEST(exactly_the_nth_allocation_fails)
{
	void *first, *third;

	st_alloc_fail_at(2);
	first = st_alloc(1);
	EXPECT_NE(NULL, first);
	EXPECT_EQ(NULL, st_realloc(NULL, 1));
	third = st_alloc(1);
	EXPECT_NE(NULL, third);
	st_free(first);
	st_free(third);
}

TEST(the_failure_switch_can_be_switched_off)
{
	void *block;

	st_alloc_fail_at(1);
	st_alloc_fail_at(0);
	block = st_alloc(1);
	EXPECT_NE(NULL, block);
	st_free(block);
}

TEST(allocations_are_counted)
{
	unsigned long count = st_alloc_count();
	void *block = st_alloc(1);

	block = st_realloc(block, 2);
	st_free(block);
	EXPECT_EQ(count + 2, st_alloc_count());
}

TEST_SIGNAL(an_assertion_that_fails_ends_the_program, SIGILL)
{
	st_assert(true);
	st_assert(false);
}

TEST_HARNESS_MAIN
