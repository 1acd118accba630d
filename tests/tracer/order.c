// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of messages: by time, also for messages that were joined late.
 */
#include "tracer/order.h"

#include <stdint.h>
#include <string.h>

#include "kselftest_harness.h"

struct taken {
	__u64 times[ST_ORDER_MAX];
	__u64 latencies[ST_ORDER_MAX];
	unsigned int nr;
	char payload; /* of the last one */
};

static void take(void *context, const struct st_record *record, __u64 latency_ns)
{
	struct taken *taken = context;

	taken->times[taken->nr] = record->time_ns;
	taken->latencies[taken->nr++] = latency_ns;
	if (record->captured)
		memcpy(&taken->payload, record + 1, 1);
}

FIXTURE(order)
{
	struct st_order *order;
	struct taken taken;
};

FIXTURE_SETUP(order)
{
	self->order = st_order_new(take, &self->taken);
	ASSERT_NE(NULL, self->order);
}

FIXTURE_TEARDOWN(order)
{
	st_order_free(self->order);
}

static int add(FIXTURE_DATA(order) * self, __u64 time_ns)
{
	struct st_record record = { .time_ns = time_ns };

	return st_order_add(self->order, &record, time_ns + 1);
}

TEST_F(order, the_earlier_one_goes_first_and_those_of_the_same_time_as_they_came)
{
	static const __u64 times[] = { 30, 10, 20, 10 };

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		ASSERT_EQ(0, add(self, times[i]));
	EXPECT_EQ(0, self->taken.nr);
	st_order_release(self->order, UINT64_MAX);
	ASSERT_EQ(4, self->taken.nr);
	EXPECT_EQ(10, self->taken.times[0]);
	EXPECT_EQ(10, self->taken.times[1]);
	EXPECT_EQ(20, self->taken.times[2]);
	EXPECT_EQ(30, self->taken.times[3]);
	EXPECT_EQ(31, self->taken.latencies[3]);
}

TEST_F(order, only_what_is_older_is_released)
{
	ASSERT_EQ(0, add(self, 10));
	ASSERT_EQ(0, add(self, 20));
	st_order_release(self->order, 20);
	EXPECT_EQ(1, self->taken.nr);
	ASSERT_EQ(0, add(self, 15));
	st_order_release(self->order, 21);
	ASSERT_EQ(3, self->taken.nr);
	EXPECT_EQ(15, self->taken.times[1]);
}

TEST_F(order, a_payload_waits_with_its_record)
{
	struct {
		struct st_record record;
		char payload;
	} said = { .record = { .captured = 1 }, .payload = 'x' };

	ASSERT_EQ(0, st_order_add(self->order, &said.record, 0));
	said.payload = 'y';
	st_order_release(self->order, 1);
	EXPECT_EQ('x', self->taken.payload);
}

TEST_F(order, of_too_many_the_earliest_goes)
{
	for (__u64 i = 0; i < ST_ORDER_MAX; i++)
		ASSERT_EQ(0, add(self, i + 1));
	EXPECT_EQ(0, self->taken.nr);
	ASSERT_EQ(0, add(self, 100000));
	ASSERT_EQ(1, self->taken.nr);
	EXPECT_EQ(1, self->taken.times[0]);
}

TEST_HARNESS_MAIN
