// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the daemon's descriptors are divided: nobody's part is another's, at any limit.
 */
#include "daemon/descriptors.h"

#include <errno.h>

#include "kselftest_harness.h"

static struct st_descriptors divide(uint32_t limit, uint32_t nr_needed)
{
	struct st_descriptors all = { 0 };

	(void)!st_descriptors_divide(limit, 60, nr_needed, &all);
	return all;
}

TEST(the_parts_are_never_more_than_the_limit)
{
	for (uint32_t limit = 64; limit < 100000; limit += 1 + limit / 16) {
		struct st_descriptors all = divide(limit, 0);

		EXPECT_EQ(limit, all.own + all.spare + all.workers + all.clients)
		TH_LOG("limit %u", limit);
		EXPECT_LE(all.admins, all.clients);
		EXPECT_LE(2 * all.admins, all.clients + 1);
	}
}

TEST(a_small_limit_still_has_room_for_all_and_a_large_one_for_every_connection)
{
	struct st_descriptors small = divide(256, 0), large = divide(1 << 20, 0);

	EXPECT_GE(small.workers, 100);
	EXPECT_GE(small.clients, 32);
	EXPECT_GE(small.admins, 8);
	EXPECT_GE(small.spare, 40);
	EXPECT_GE(large.clients, 3 * 512);
	EXPECT_GE(large.workers, 1000000);
}

TEST(a_configuration_that_fits_takes_from_the_part_of_clients_but_not_all_of_it)
{
	struct st_descriptors all = divide(256, 0);
	uint32_t left = all.workers + all.clients;

	EXPECT_EQ(0, st_descriptors_divide(256, 60, left - 16, &all));
	EXPECT_EQ(16, all.clients);
	EXPECT_EQ(-EMFILE, st_descriptors_divide(256, 60, left - 15, &all));
	EXPECT_EQ(left - 16, all.workers);
	EXPECT_EQ(-EMFILE, st_descriptors_divide(256, 60, UINT32_MAX, &all));
}

TEST(the_last_ones_are_lent_to_admins_only)
{
	struct st_descriptors all = { .clients = 3, .admins = 1 };

	EXPECT_TRUE(st_descriptors_lend(&all, false));
	EXPECT_TRUE(st_descriptors_lend(&all, false));
	EXPECT_FALSE(st_descriptors_lend(&all, false));
	EXPECT_TRUE(st_descriptors_lend(&all, true));
	EXPECT_FALSE(st_descriptors_lend(&all, true));
	st_descriptors_give_back(&all);
	EXPECT_FALSE(st_descriptors_lend(&all, false));
	st_descriptors_give_back(&all);
	EXPECT_TRUE(st_descriptors_lend(&all, false));
}

TEST(without_a_limit_each_one_is_lent)
{
	EXPECT_TRUE(st_descriptors_lend(NULL, false));
	st_descriptors_give_back(NULL);
}

TEST_HARNESS_MAIN
