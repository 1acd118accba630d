// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap of deadlines, against a plain array.
 */
#include "kselftest_harness.h"

#include <errno.h>

#include "base/alloc.h"
#include "core/timer.h"

#define NR 200

FIXTURE(timers)
{
	struct st_timers timers;
	struct st_timer all[NR];
};

FIXTURE_SETUP(timers)
{
	memset(&self->timers, 0, sizeof(self->timers));
	memset(self->all, 0, sizeof(self->all));
	ASSERT_EQ(0, st_timers_reserve(&self->timers, NR));
}

FIXTURE_TEARDOWN(timers)
{
	st_timers_done(&self->timers);
}

TEST_F(timers, they_expire_earliest_first_and_only_when_due)
{
	st_timer_arm(&self->timers, &self->all[0], 30);
	st_timer_arm(&self->timers, &self->all[1], 10);
	st_timer_arm(&self->timers, &self->all[2], 20);
	EXPECT_EQ(NULL, st_timers_expired(&self->timers, 9));
	EXPECT_EQ(&self->all[1], st_timers_expired(&self->timers, 25));
	EXPECT_FALSE(st_timer_is_armed(&self->all[1]));
	EXPECT_EQ(&self->all[2], st_timers_expired(&self->timers, 25));
	EXPECT_EQ(NULL, st_timers_expired(&self->timers, 25));
	EXPECT_TRUE(st_timer_is_armed(&self->all[0]));
}

TEST_F(timers, a_timer_can_be_moved_and_disarmed_twice)
{
	st_timer_arm(&self->timers, &self->all[0], 30);
	st_timer_arm(&self->timers, &self->all[1], 20);
	st_timer_arm(&self->timers, &self->all[0], 10);
	EXPECT_EQ(2, self->timers.nr);
	st_timer_disarm(&self->timers, &self->all[1]);
	st_timer_disarm(&self->timers, &self->all[1]);
	EXPECT_EQ(&self->all[0], st_timers_expired(&self->timers, 10));
	EXPECT_EQ(0, self->timers.nr);
}

TEST_F(timers, room_that_was_reserved_needs_no_memory)
{
	unsigned long count = st_alloc_count();

	for (int i = 0; i < NR; i++)
		st_timer_arm(&self->timers, &self->all[i], (uint64_t)(i * 7 % 50));
	EXPECT_EQ(count, st_alloc_count());
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_timers_reserve(&self->timers, 100 * NR));
	EXPECT_EQ(0, st_timers_reserve(&self->timers, NR));
}

TEST_F(timers, they_agree_with_an_array_whatever_is_armed_moved_and_disarmed)
{
	uint64_t random = 88172645463325252ull, least;
	struct st_timer *first;

	for (int step = 0; step < 100000; step++) {
		struct st_timer *timer;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		timer = &self->all[random % NR];
		if (random >> 60 < 6)
			st_timer_disarm(&self->timers, timer);
		else
			st_timer_arm(&self->timers, timer, (random >> 20) % 1000);
		if (random >> 60 != 15)
			continue;
		least = ST_NO_DEADLINE;
		for (int i = 0; i < NR; i++)
			if (st_timer_is_armed(&self->all[i]) && self->all[i].deadline_ns < least)
				least = self->all[i].deadline_ns;
		first = st_timers_expired(&self->timers, 999);
		ASSERT_EQ(least, first ? first->deadline_ns : ST_NO_DEADLINE);
	}
}

TEST_HARNESS_MAIN
