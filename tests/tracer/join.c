// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two halves of a message, in whatever order and pieces they come.
 */
#include "tracer/join.h"

#include <stdint.h>

#include "kselftest_harness.h"

#define TAKEN_MAX 8

struct taken {
	struct st_record records[TAKEN_MAX];
	__u64 latencies_ns[TAKEN_MAX];
	unsigned int nr;
};

static void take(void *context, const struct st_record *record, __u64 latency_ns)
{
	struct taken *taken = context;

	if (taken->nr == TAKEN_MAX)
		return;
	taken->records[taken->nr] = *record;
	taken->latencies_ns[taken->nr++] = latency_ns;
}

FIXTURE(join)
{
	struct st_join *join;
	struct taken taken;
};

FIXTURE_SETUP(join)
{
	self->join = st_join_new(take, &self->taken);
	ASSERT_NE(NULL, self->join);
}

FIXTURE_TEARDOWN(join)
{
	st_join_free(self->join);
}

static int add(FIXTURE_DATA(join) * self, enum st_record_action action, __u64 time_ns, __u64 offset,
	       __u32 size)
{
	const struct st_record record = {
		.kind = ST_RECORD_UNIX,
		.action = (__u8)action,
		.time_ns = time_ns,
		.offset = offset,
		.size = size,
		.extra = 1,
	};

	return st_join_add(self->join, &record);
}

TEST_F(join, a_message_is_as_old_as_its_earlier_half_however_slow_its_sender_is)
{
	ASSERT_EQ(0, add(self, ST_ACTION_RECEIVED, 10, 0, 4));
	EXPECT_EQ(10, st_join_oldest_ns(self->join));
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 30, 0, 4));
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 40, 4, 4));
	ASSERT_EQ(0, add(self, ST_ACTION_RECEIVED, 45, 4, 4));
	ASSERT_EQ(2, self->taken.nr);
	EXPECT_EQ(ST_ACTION_MESSAGE, self->taken.records[0].action);
	EXPECT_EQ(10, self->taken.records[0].time_ns);
	EXPECT_EQ(0, self->taken.latencies_ns[0]);
	EXPECT_EQ(40, self->taken.records[1].time_ns);
	EXPECT_EQ(5, self->taken.latencies_ns[1]);
	EXPECT_EQ(UINT64_MAX, st_join_oldest_ns(self->join));
}

TEST_F(join, what_comes_in_pieces_is_one_message_when_the_last_one_is_there)
{
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 10, 0, 6));
	ASSERT_EQ(0, add(self, ST_ACTION_RECEIVED, 20, 0, 2));
	EXPECT_EQ(0, self->taken.nr);
	ASSERT_EQ(0, add(self, ST_ACTION_RECEIVED, 30, 2, 4));
	ASSERT_EQ(1, self->taken.nr);
	EXPECT_EQ(20, self->taken.latencies_ns[0]);
}

TEST_F(join, who_waits_too_long_goes_alone)
{
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 10, 0, 6));
	st_join_expire(self->join, 10);
	EXPECT_EQ(0, self->taken.nr);
	st_join_expire(self->join, 11);
	ASSERT_EQ(1, self->taken.nr);
	EXPECT_EQ(ST_ACTION_SENT, self->taken.records[0].action);
}

/* A hook that was late is the oldest although it came last. It was kept for ever. */
TEST_F(join, who_came_late_does_not_hide_behind_younger_ones)
{
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 30, 0, 4));
	ASSERT_EQ(0, add(self, ST_ACTION_SENT, 10, 4, 4));
	EXPECT_EQ(10, st_join_oldest_ns(self->join));
	st_join_expire(self->join, 20);
	ASSERT_EQ(1, self->taken.nr);
	EXPECT_EQ(10, self->taken.records[0].time_ns);
	EXPECT_EQ(30, st_join_oldest_ns(self->join));
}

/* Each look for the oldest one, at least one for each batch, walked over all. */
TEST_F(join, the_oldest_of_many_is_found_at_once)
{
	for (__u64 i = 0; i < 60000; i++) {
		ASSERT_EQ(0, add(self, ST_ACTION_SENT, 100000 - i, 4 * i, 4));
		ASSERT_EQ(100000 - i, st_join_oldest_ns(self->join));
	}
	EXPECT_EQ(0, self->taken.nr);
}

TEST_HARNESS_MAIN
