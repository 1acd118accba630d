// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of event records, compared with a plain list of the same records.
 */
#include "daemon/history/events_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

#define MAX_RECORDS 50
#define SIZE 4096
#define MAX_OF_ALL_ELSE \
	(sizeof(struct st_event_record) + sizeof(struct st_cause) + \
	 sizeof(struct st_event_counts) + sizeof(struct st_usage) + 8)

/* Those with an even number say more than their rule. */
static struct st_cause cause_of(uint64_t seq)
{
	struct st_cause cause = { .rule = (enum st_rule)(seq % ST_RULE__MAX) };

	if (seq % 2 == 0) {
		cause.generation = seq;
		cause.nr_restarts = (uint32_t)seq;
	}
	return cause;
}

static struct st_event_counts counts_of(uint64_t seq)
{
	return (struct st_event_counts){ (uint32_t)seq, { 1, 2, (uint32_t)seq } };
}

static struct st_usage usage_of(uint64_t seq)
{
	return (struct st_usage){ seq, 3, ~seq };
}

/*
 * A record whose number can be told from every byte of it. Every second one has a cause, every
 * third one counts, and every fifth one a usage.
 */
static void add(struct st_events_ring *ring, uint32_t len)
{
	uint64_t seq = ring->last + 1;
	struct st_cause cause = cause_of(seq);
	struct st_event_counts counts = counts_of(seq);
	struct st_usage usage = usage_of(seq);
	const struct st_event_parts parts = {
		.of = { [ST_EVENT_CAUSE] = seq % 2 ? NULL : &cause,
			[ST_EVENT_COUNTS] = seq % 3 ? NULL : &counts,
			[ST_EVENT_USAGE] = seq % 5 ? NULL : &usage },
	};
	struct st_event_record *record = st_events_ring_add(ring, len, cause.rule, &parts);

	record->time_ns = ring->last;
	record->path_len = (uint16_t)len;
	record->reason_len = 0;
	memset(record->text, (int)(ring->last & 0xff), len);
}

static bool has_parts(const struct st_event_record *record, uint64_t seq)
{
	const struct st_event_counts counts = counts_of(seq), *kept;
	const struct st_usage usage = usage_of(seq), *used;

	kept = st_event_part(record, ST_EVENT_COUNTS);
	used = st_event_part(record, ST_EVENT_USAGE);
	if (!kept != (seq % 3 != 0) || !used != (seq % 5 != 0))
		return false;
	if (st_event_part(record, ST_EVENT_ASKED_BY))
		return false;
	return (!kept || !memcmp(kept, &counts, sizeof(counts))) &&
	       (!used || !memcmp(used, &usage, sizeof(usage)));
}

static bool is_whole(const struct st_events_ring *ring, uint64_t seq, uint32_t len)
{
	const struct st_event_record *record = st_events_ring_get(ring, seq);
	const struct st_cause cause = st_event_cause(record), expected = cause_of(seq);

	if (record->time_ns != seq || record->path_len != len || !has_parts(record, seq))
		return false;
	if (cause.rule != expected.rule || cause.generation != expected.generation ||
	    cause.nr_restarts != expected.nr_restarts || cause.token)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if ((uint8_t)record->text[i] != (seq & 0xff))
			return false;
	return true;
}

TEST(an_empty_ring_has_no_first_and_no_last)
{
	struct st_events_ring ring;

	ASSERT_EQ(0, st_events_ring_init(&ring, MAX_RECORDS, SIZE));
	EXPECT_EQ(1, ring.first);
	EXPECT_EQ(0, ring.last);
	st_events_ring_done(&ring);
}

TEST(as_many_records_are_kept_as_are_allowed_and_not_one_more)
{
	struct st_events_ring ring;

	ASSERT_EQ(0, st_events_ring_init(&ring, MAX_RECORDS, SIZE * 4));
	for (int i = 0; i < MAX_RECORDS; i++)
		add(&ring, 8);
	EXPECT_EQ(1, ring.first);
	add(&ring, 8);
	EXPECT_EQ(2, ring.first);
	EXPECT_EQ(MAX_RECORDS + 1, ring.last);
	st_events_ring_done(&ring);
}

TEST(records_of_any_length_stay_whole_until_they_are_the_oldest)
{
	struct st_events_ring ring;
	uint32_t lens[20000];

	srand(1);
	ASSERT_EQ(0, st_events_ring_init(&ring, MAX_RECORDS, SIZE));
	for (uint64_t seq = 1; seq < 20000; seq++) {
		/* mostly short, now and then one that needs the whole ring */
		uint32_t len = (uint32_t)rand() % (rand() % 20 ? 150 : SIZE - MAX_OF_ALL_ELSE);

		lens[seq] = len;
		add(&ring, len);
		ASSERT_EQ(seq, ring.last);
		for (uint64_t at = ring.first; at <= seq; at++)
			ASSERT_TRUE(is_whole(&ring, at, lens[at]));
	}
	st_events_ring_done(&ring);
}

TEST(no_more_is_dropped_than_is_needed)
{
	const struct st_event_parts none = { 0 };
	const uint32_t len = 128 - sizeof(struct st_event_record);
	struct st_events_ring ring;

	ASSERT_EQ(0, st_events_ring_init(&ring, MAX_RECORDS, SIZE));
	for (unsigned int i = 0; i < SIZE / 128; i++)
		st_events_ring_add(&ring, len, ST_RULE_NONE, &none);
	EXPECT_EQ(1, ring.first);
	for (unsigned int i = 0; i < 3 * SIZE / 128; i++) {
		st_events_ring_add(&ring, len, ST_RULE_NONE, &none);
		ASSERT_EQ(i + 2, ring.first);
	}
	st_events_ring_done(&ring);
}

TEST(short_records_use_a_small_part_of_the_block_however_many_have_been_there)
{
	const uint32_t len = 8 + MAX_OF_ALL_ELSE;
	struct st_events_ring ring;

	ASSERT_EQ(0, st_events_ring_init(&ring, MAX_RECORDS, SIZE * 64));
	for (uint64_t seq = 1; seq < UINT64_C(100) * MAX_RECORDS; seq++) {
		add(&ring, 8);
		ASSERT_GE(4 * MAX_RECORDS * len, ring.head);
		ASSERT_EQ(seq > MAX_RECORDS ? seq - MAX_RECORDS + 1 : 1, ring.first);
		ASSERT_TRUE(is_whole(&ring, ring.first, 8));
	}
	st_events_ring_done(&ring);
}

TEST(without_memory_a_ring_is_not_made_and_nothing_leaks)
{
	for (unsigned long nth = 1; nth <= 2; nth++) {
		struct st_events_ring ring;

		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM, st_events_ring_init(&ring, MAX_RECORDS, SIZE));
		st_events_ring_done(&ring);
	}
}

TEST_HARNESS_MAIN
