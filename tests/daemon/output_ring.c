// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of a child's lines, compared with a plain list of the same lines.
 */
#include "daemon/output/output_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

#define LINE_COST 18 /* what the header says */

static void add_text(struct st_output_ring *ring, const char *text)
{
	st_output_ring_add(ring, ST_STREAM_OUT, 1, 2, text, (uint32_t)strlen(text));
}

/* All lines behind a cursor, joined by blanks. */
static const char *join(const struct st_output_ring *ring, struct st_output_cursor cursor)
{
	static char text[1024];
	char scratch[ST_OUTPUT_MAX_LINE];
	struct st_kept_line line;
	size_t len = 0;

	text[0] = '\0';
	while (st_output_ring_read(ring, &cursor, scratch, &line))
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%lu:%.*s ",
					(unsigned long)line.seq, (int)line.len, line.text);
	return text;
}

/* The byte of which line number @seq consists, and how often. */
static char byte_of(uint64_t seq)
{
	return (char)('a' + seq % 26);
}

/* The wall's clock may go back. */
static uint64_t wall_of(uint64_t seq)
{
	return 1000000 - seq * 5;
}

static bool is_whole(const struct st_kept_line *line, uint32_t len)
{
	if (line->len != len || line->time_ns != line->seq * 3 ||
	    line->wall_ns != wall_of(line->seq) ||
	    line->stream != (line->seq % 3 ? ST_STREAM_OUT : ST_STREAM_ERR))
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (line->text[i] != byte_of(line->seq))
			return false;
	return true;
}

TEST(lines_come_out_in_order_with_their_numbers)
{
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	EXPECT_STREQ("", join(&ring, ring.first));
	add_text(&ring, "one");
	add_text(&ring, "");
	add_text(&ring, "three");
	EXPECT_STREQ("1:one 2: 3:three ", join(&ring, ring.first));
	st_output_ring_clear(&ring);
}

TEST(a_cursor_at_the_end_sees_only_what_is_added_later)
{
	struct st_output_cursor cursor;
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	add_text(&ring, "old");
	cursor = st_output_ring_end(&ring);
	EXPECT_STREQ("", join(&ring, cursor));
	add_text(&ring, "new");
	EXPECT_STREQ("2:new ", join(&ring, cursor));
	st_output_ring_clear(&ring);
}

TEST(memory_grows_with_what_is_written_up_to_the_limit_and_no_further)
{
	struct st_output_ring ring;
	char text[100];

	memset(text, 'x', sizeof(text));
	st_output_ring_init(&ring);
	EXPECT_EQ(0, ring.cap);
	add_text(&ring, "a");
	EXPECT_GE(1024, ring.cap);
	for (int i = 0; i < 10000; i++) {
		st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, text, sizeof(text));
		ASSERT_GE(ST_OUTPUT_RING_SIZE, ring.cap);
	}
	EXPECT_EQ(ST_OUTPUT_RING_SIZE, ring.cap);
	EXPECT_EQ(ST_OUTPUT_RING_SIZE / (sizeof(text) + LINE_COST), ring.next - ring.first.seq);
	st_output_ring_clear(&ring);
}

TEST(exactly_the_size_fits_and_one_byte_more_drops_the_oldest)
{
	const uint32_t len = ST_OUTPUT_RING_SIZE / 16 - LINE_COST;
	struct st_output_ring ring;
	char text[ST_OUTPUT_MAX_LINE];

	memset(text, 'x', sizeof(text));
	st_output_ring_init(&ring);
	for (int i = 0; i < 15; i++)
		st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, text, len);
	st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, text, len);
	EXPECT_EQ(1, ring.first.seq);
	EXPECT_EQ(ST_OUTPUT_RING_SIZE, ring.used);
	st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, "", 0);
	EXPECT_EQ(2, ring.first.seq);
	st_output_ring_clear(&ring);
}

TEST(lines_of_any_length_stay_whole_until_they_are_the_oldest)
{
	static uint32_t lens[20000];
	char text[ST_OUTPUT_MAX_LINE], scratch[ST_OUTPUT_MAX_LINE];
	struct st_output_cursor follower = { .seq = 1 };
	struct st_output_ring ring;
	struct st_kept_line line;

	srand(1);
	st_output_ring_init(&ring);
	for (uint64_t seq = 1; seq < ST_ARRAY_SIZE(lens); seq++) {
		lens[seq] = (uint32_t)rand() % (rand() % 30 ? 80 : ST_OUTPUT_MAX_LINE + 1);
		memset(text, byte_of(seq), lens[seq]);
		st_output_ring_add(&ring, seq % 3 ? ST_STREAM_OUT : ST_STREAM_ERR, seq * 3,
				   wall_of(seq), text, lens[seq]);
		ASSERT_TRUE(st_output_ring_read(&ring, &follower, scratch, &line));
		ASSERT_EQ(seq, line.seq);
		ASSERT_TRUE(is_whole(&line, lens[seq]));
		if (seq % 100)
			continue;
		struct st_output_cursor cursor = ring.first;

		while (st_output_ring_read(&ring, &cursor, scratch, &line))
			ASSERT_TRUE(is_whole(&line, lens[line.seq]));
		ASSERT_EQ(seq + 1, cursor.seq);
		ASSERT_EQ(follower.at, cursor.at);
	}
	st_output_ring_clear(&ring);
}

TEST(clearing_gives_the_memory_back_and_the_numbers_go_on)
{
	struct st_output_cursor cursor;
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	add_text(&ring, "one");
	cursor = st_output_ring_end(&ring);
	st_output_ring_clear(&ring);
	EXPECT_EQ(NULL, ring.bytes);
	EXPECT_STREQ("", join(&ring, cursor));
	add_text(&ring, "two");
	EXPECT_STREQ("2:two ", join(&ring, cursor));
	EXPECT_STREQ("2:two ", join(&ring, ring.first));
	st_output_ring_clear(&ring);
}

TEST(without_memory_to_begin_with_a_line_is_lost_and_its_number_shows_it)
{
	struct st_output_cursor cursor = { .seq = 1 };
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	st_alloc_fail_at(1);
	add_text(&ring, "lost");
	EXPECT_EQ(2, ring.first.seq);
	EXPECT_LT(cursor.seq, ring.first.seq);
	add_text(&ring, "kept");
	EXPECT_STREQ("2:kept ", join(&ring, ring.first));
	st_output_ring_clear(&ring);
}

TEST(without_memory_to_grow_older_lines_go_earlier)
{
	struct st_output_ring ring;
	char text[300];

	memset(text, 'x', sizeof(text));
	st_output_ring_init(&ring);
	add_text(&ring, "one");
	st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, text, sizeof(text));
	st_alloc_fail_at(1);
	st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, text, sizeof(text));
	EXPECT_EQ(3, ring.first.seq);
	EXPECT_EQ(4, ring.next);
	st_alloc_fail_at(1);
	st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, (char[4096]){ 0 }, 4096); /* does not fit */
	EXPECT_EQ(5, ring.first.seq);
	add_text(&ring, "five");
	EXPECT_STREQ("5:five ", join(&ring, ring.first));
	st_output_ring_clear(&ring);
}

TEST(the_last_lines_of_a_process_are_known_until_four_others_have_written)
{
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	for (uint64_t generation = 1; generation <= 5; generation++) {
		for (int i = 0; i < 3; i++) {
			st_output_ring_add(&ring, ST_STREAM_OUT, 1, 2, "x", 1);
			st_output_ring_mark(&ring, generation);
		}
	}
	EXPECT_EQ(NULL, st_output_ring_life(&ring, 1));
	EXPECT_EQ(NULL, st_output_ring_life(&ring, 6));
	for (uint64_t generation = 2; generation <= 5; generation++) {
		const struct st_output_life *life = st_output_ring_life(&ring, generation);

		ASSERT_NE(NULL, life);
		EXPECT_EQ(3 * generation - 2, life->first);
		EXPECT_EQ(3 * generation, life->last);
	}
	st_output_ring_clear(&ring);
}

TEST(a_process_that_writes_after_the_next_one_began_has_its_newest_lines)
{
	struct st_output_ring ring;

	st_output_ring_init(&ring);
	for (int i = 0; i < 4; i++) {
		st_output_ring_add(&ring, ST_STREAM_ERR, 1, 2, "x", 1);
		st_output_ring_mark(&ring, i == 2 ? 2 : 1);
	}
	EXPECT_EQ(4, st_output_ring_life(&ring, 1)->first);
	EXPECT_EQ(3, st_output_ring_life(&ring, 2)->last);
	st_output_ring_clear(&ring);
}

TEST_HARNESS_MAIN
