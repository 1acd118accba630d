// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls and their replies: records in the order of their times, and which belong together.
 */
#include "tracer/calls.h"

#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"
#include "proto/packet.h"

#define SENT_NS 1000 /* each message is that much later than the one before */
#define TRAVEL_NS 10 /* and so long under way */

struct said {
	struct st_record record;
	struct st_packet_header frame;
};

FIXTURE(calls)
{
	struct st_calls *calls;
	uint64_t seq;
	__u16 flags;
	struct st_call_note note; /* of the last message */
};

FIXTURE_SETUP(calls)
{
	self->calls = st_calls_new();
	ASSERT_NE(NULL, self->calls);
}

FIXTURE_TEARDOWN(calls)
{
	st_calls_free(self->calls);
}

/* One more message, from the socket @from to @to; @type: 0: it is no frame. */
static int say_frame(FIXTURE_DATA(calls) * self, __u32 from, __u32 to, uint8_t type, uint64_t ref)
{
	struct said said = {
		.record = {
			.time_ns = ++self->seq * SENT_NS,
			.source = from,
			.channel = to,
			.size = 64,
			.kind = ST_RECORD_UNIX,
			.action = ST_ACTION_MESSAGE,
			.flags = type ? ST_FLAG_SEQPACKET : self->flags,
			.captured = type ? sizeof(said.frame) : 0,
		},
		.frame = { .type = type, .ref = ref },
	};

	return st_calls_add(self->calls, &said.record, TRAVEL_NS, self->seq, &self->note);
}

static int say(FIXTURE_DATA(calls) * self, __u32 from, __u32 to)
{
	return say_frame(self, from, to, 0, 0);
}

static bool is_reply_to(const FIXTURE_DATA(calls) * self, uint64_t seq)
{
	return self->note.role == ST_CALL_REPLY && self->note.seq == seq &&
	       self->note.latency_ns == (self->seq - seq) * SENT_NS + TRAVEL_NS;
}

static struct st_calls_totals totals(const FIXTURE_DATA(calls) * self)
{
	struct st_calls_totals found;

	st_calls_count(self->calls, &found);
	return found;
}

TEST_F(calls, the_first_message_back_is_the_reply_and_has_the_calls_latency)
{
	ASSERT_EQ(0, say(self, 7, 8));
	EXPECT_EQ(ST_CALL_CALL, self->note.role);
	EXPECT_EQ(1, totals(self).unanswered);
	ASSERT_EQ(0, say(self, 8, 7));
	EXPECT_TRUE(is_reply_to(self, 1));
	EXPECT_EQ(1, totals(self).answered);
	EXPECT_EQ(0, totals(self).unanswered);
	EXPECT_EQ(SENT_NS + TRAVEL_NS, st_sample_percentile(totals(self).latency_ns, 50));
}

TEST_F(calls, several_at_once_are_answered_in_order)
{
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, say(self, 7, 8));
	for (uint64_t i = 1; i <= 3; i++) {
		ASSERT_EQ(0, say(self, 8, 7));
		EXPECT_TRUE(is_reply_to(self, i));
	}
}

TEST_F(calls, what_a_server_says_unasked_is_neither_reply_nor_call)
{
	ASSERT_EQ(0, say(self, 7, 8));
	ASSERT_EQ(0, say(self, 8, 7));
	ASSERT_EQ(0, say(self, 8, 7));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	ASSERT_EQ(0, say(self, 7, 8));
	ASSERT_EQ(0, say(self, 8, 7));
	EXPECT_TRUE(is_reply_to(self, 4));
}

TEST_F(calls, connections_have_nothing_to_do_with_each_other)
{
	ASSERT_EQ(0, say(self, 7, 8));
	ASSERT_EQ(0, say(self, 9, 8));
	ASSERT_EQ(0, say(self, 8, 9));
	EXPECT_TRUE(is_reply_to(self, 2));
	EXPECT_EQ(1, totals(self).unanswered);
}

TEST_F(calls, a_frame_is_answered_by_the_one_with_its_ref)
{
	ASSERT_EQ(0, say_frame(self, 7, 8, ST_PACKET_CALL, 1));
	ASSERT_EQ(0, say_frame(self, 7, 8, ST_PACKET_CALL, 2));
	ASSERT_EQ(0, say_frame(self, 8, 7, ST_PACKET_REPLY, 2));
	EXPECT_TRUE(is_reply_to(self, 2));
	ASSERT_EQ(0, say_frame(self, 8, 7, ST_PACKET_ERROR, 1));
	EXPECT_TRUE(is_reply_to(self, 1));
	ASSERT_EQ(0, say_frame(self, 8, 7, ST_PACKET_REPLY, 1));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
}

TEST_F(calls, a_frame_that_wants_no_answer_is_no_call)
{
	static const uint8_t types[] = { ST_PACKET_HELLO, ST_PACKET_CAST, ST_PACKET_INFO,
					 ST_PACKET_LINK, ST_PACKET_UNLINK };

	for (size_t i = 0; i < sizeof(types); i++) {
		ASSERT_EQ(0, say_frame(self, 7, 8, types[i], 0));
		EXPECT_EQ(ST_CALL_NONE, self->note.role);
	}
	EXPECT_EQ(0, totals(self).unanswered);
}

TEST_F(calls, on_frames_both_sides_may_call)
{
	ASSERT_EQ(0, say_frame(self, 7, 8, ST_PACKET_CALL, 1));
	ASSERT_EQ(0, say_frame(self, 8, 7, ST_PACKET_CALL, 1));
	ASSERT_EQ(0, say_frame(self, 8, 7, ST_PACKET_REPLY, 1));
	EXPECT_TRUE(is_reply_to(self, 1));
	ASSERT_EQ(0, say_frame(self, 7, 8, ST_PACKET_REPLY, 1));
	EXPECT_TRUE(is_reply_to(self, 2));
}

TEST_F(calls, datagrams_are_calls_once_one_has_been_answered)
{
	self->flags = ST_FLAG_DGRAM;
	ASSERT_EQ(0, say(self, 7, 8));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	EXPECT_EQ(0, totals(self).unanswered);
	ASSERT_EQ(0, say(self, 8, 7));
	EXPECT_TRUE(is_reply_to(self, 1));
	ASSERT_EQ(0, say(self, 7, 8));
	EXPECT_EQ(ST_CALL_CALL, self->note.role);
	EXPECT_EQ(1, totals(self).unanswered);
}

TEST_F(calls, what_has_no_two_ends_is_passed_over)
{
	ASSERT_EQ(0, say(self, 0, 8));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	ASSERT_EQ(0, say(self, 7, 0));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	EXPECT_EQ(0, totals(self).unanswered);
}

TEST_F(calls, what_was_received_is_counted_if_nobody_was_seen_sending_it)
{
	struct said received = {
		.record = {
			.source = 7,
			.channel = 8,
			.extra = 1,
			.kind = ST_RECORD_UNIX,
			.action = ST_ACTION_RECEIVED,
			.flags = ST_FLAG_SEQPACKET,
		},
		.frame = { .type = ST_PACKET_CALL, .ref = 1 },
	};

	ASSERT_EQ(0, st_calls_add(self->calls, &received.record, 0, 1, &self->note));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	received.record.captured = sizeof(received.frame);
	ASSERT_EQ(0, st_calls_add(self->calls, &received.record, 0, 2, &self->note));
	EXPECT_EQ(ST_CALL_CALL, self->note.role);
	received.record.action = ST_ACTION_SENT; /* somebody was, much later */
	ASSERT_EQ(0, st_calls_add(self->calls, &received.record, 0, 3, &self->note));
	EXPECT_EQ(ST_CALL_NONE, self->note.role);
	EXPECT_EQ(1, totals(self).unanswered);
}

TEST_F(calls, the_oldest_of_too_many_are_given_up_but_counted)
{
	for (int i = 0; i < ST_CALLS_OPEN_MAX + 1; i++)
		ASSERT_EQ(0, say(self, 7, 8));
	EXPECT_EQ(ST_CALLS_OPEN_MAX + 1, totals(self).unanswered);
	ASSERT_EQ(0, say(self, 8, 7));
	EXPECT_TRUE(is_reply_to(self, 2));
}

TEST_F(calls, of_too_many_connections_the_one_that_was_silent_longest_is_forgotten)
{
	for (__u32 i = 0; i < ST_CALLS_CONNECTIONS_MAX; i++)
		ASSERT_EQ(0, say(self, 2 * i + 1, 2 * i + 2));
	ASSERT_EQ(0, say(self, 1, 2));
	ASSERT_EQ(0, say(self, 100001, 100002));
	ASSERT_EQ(0, say(self, 2, 1));
	EXPECT_TRUE(is_reply_to(self, 1));
	ASSERT_EQ(0, say(self, 4, 3));
	EXPECT_EQ(ST_CALL_CALL, self->note.role);
	EXPECT_EQ(ST_CALLS_CONNECTIONS_MAX + 2, totals(self).unanswered);
}

TEST(percentiles_are_by_nearest_rank_of_the_newest_numbers)
{
	struct st_sample sample = { .nr = 0 };

	EXPECT_EQ(0, st_sample_percentile(&sample, 50));
	for (uint64_t i = 100; i; i--)
		st_sample_add(&sample, i);
	EXPECT_EQ(50, st_sample_percentile(&sample, 50));
	EXPECT_EQ(90, st_sample_percentile(&sample, 90));
	EXPECT_EQ(99, st_sample_percentile(&sample, 99));
	EXPECT_EQ(100, st_sample_percentile(&sample, 100));
	for (uint64_t i = 0; i < ST_SAMPLE_SIZE; i++)
		st_sample_add(&sample, 7);
	EXPECT_EQ(7, st_sample_percentile(&sample, 99));
	EXPECT_EQ(100, sample.largest);
}

TEST_HARNESS_MAIN
