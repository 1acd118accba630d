// SPDX-License-Identifier: GPL-2.0-only
/*
 * Line framing: any portions in, whole lines out, nothing kept beyond the limit.
 */
#include "proto/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

#define LIMIT 8

/* What a frame gives for an input, as text: lines in brackets, "!" for too long. */
static void drain(struct st_frame *frame, struct st_buf *out)
{
	const char *line;
	size_t len;
	int ret;

	while ((ret = st_frame_next(frame, &line, &len)) != 0) {
		if (ret == -EMSGSIZE) {
			st_buf_add_char(out, '!');
			continue;
		}
		st_buf_add_char(out, '[');
		st_buf_add(out, line, len);
		st_buf_add_char(out, ']');
	}
}

/* Feed an input in portions of one size and finish. */
static char *split(const char *input, size_t portion)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_frame frame;
	size_t len = strlen(input);

	st_frame_init(&frame, LIMIT);
	for (size_t at = 0; at < len; at += portion) {
		if (st_frame_feed(&frame, input + at, len - at < portion ? len - at : portion))
			abort();
		drain(&frame, &out);
	}
	st_frame_finish(&frame);
	drain(&frame, &out);
	st_frame_done(&frame);
	return st_buf_error(&out) ? NULL : out.data;
}

static const struct {
	const char *input;
	const char *lines;
} cases[] = {
	{ "a\n", "[a]" },
	{ "a\nbc\n", "[a][bc]" },
	{ "\n\n\na\n\n", "[a]" },
	{ "a\r\n", "[a\r]" },
	{ "12345678\n", "[12345678]" },
	{ "123456789\n", "!" },
	{ "123456789\nok\n", "![ok]" },
	{ "1234567890123456789012345\nok\n", "![ok]" },
	{ "123456789\n123456789\nok\n", "!![ok]" },
	{ "ok\n123456789", "[ok]!" },
	{ "cut", "[cut]" },
	{ "a\ncut", "[a][cut]" },
};

TEST(lines_are_the_same_for_any_portions)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		for (size_t portion = 1; portion <= strlen(cases[i].input); portion++) {
			char *lines = split(cases[i].input, portion);

			EXPECT_STREQ(cases[i].lines, lines)
			TH_LOG("input %zu in portions of %zu", i, portion);
			st_free(lines);
		}
	}
}

TEST(a_half_line_waits_for_its_end)
{
	struct st_frame frame;
	const char *line;
	size_t len;

	st_frame_init(&frame, LIMIT);
	ASSERT_EQ(0, st_frame_feed(&frame, "ha", 2));
	EXPECT_EQ(0, st_frame_next(&frame, &line, &len));
	ASSERT_EQ(0, st_frame_feed(&frame, "lf\nx", 4));
	ASSERT_EQ(1, st_frame_next(&frame, &line, &len));
	EXPECT_EQ(4, len);
	EXPECT_EQ(0, memcmp(line, "half", 4));
	EXPECT_EQ(0, st_frame_next(&frame, &line, &len));
	st_frame_done(&frame);
}

TEST(a_line_may_be_as_long_as_the_limit_and_no_longer)
{
	struct st_frame frame;
	const char *line;
	size_t len;
	char *text = malloc(ST_FRAME_LIMIT + 2);

	ASSERT_NE(NULL, text);
	memset(text, 'x', ST_FRAME_LIMIT + 1);
	st_frame_init(&frame, ST_FRAME_LIMIT);

	text[ST_FRAME_LIMIT] = '\n';
	ASSERT_EQ(0, st_frame_feed(&frame, text, ST_FRAME_LIMIT + 1));
	EXPECT_EQ(1, st_frame_next(&frame, &line, &len));
	EXPECT_EQ(ST_FRAME_LIMIT, len);

	text[ST_FRAME_LIMIT] = 'x';
	text[ST_FRAME_LIMIT + 1] = '\n';
	ASSERT_EQ(0, st_frame_feed(&frame, text, ST_FRAME_LIMIT + 2));
	EXPECT_EQ(-EMSGSIZE, st_frame_next(&frame, &line, &len));
	EXPECT_EQ(0, st_frame_next(&frame, &line, &len));
	st_frame_done(&frame);
	free(text);
}

TEST(a_line_of_100_mb_is_reported_once_and_never_kept)
{
	static char portion[65536];
	struct st_frame frame;
	const char *line;
	size_t len;
	unsigned int nr_reports = 0;

	memset(portion, '[', sizeof(portion));
	st_frame_init(&frame, ST_FRAME_LIMIT);
	for (size_t sent = 0; sent < 100u << 20; sent += sizeof(portion)) {
		ASSERT_EQ(0, st_frame_feed(&frame, portion, sizeof(portion)));
		nr_reports += st_frame_next(&frame, &line, &len) == -EMSGSIZE;
		ASSERT_LE(frame.in.cap, 4 * ST_FRAME_LIMIT);
	}
	EXPECT_EQ(1, nr_reports);
	ASSERT_EQ(0, st_frame_feed(&frame, "\nnext\n", 6));
	ASSERT_EQ(1, st_frame_next(&frame, &line, &len));
	EXPECT_EQ(4, len);
	EXPECT_LE(frame.in.cap, sizeof(portion));
	st_frame_done(&frame);
}

TEST(without_memory_feeding_fails_and_nothing_leaks)
{
	struct st_frame frame;

	st_frame_init(&frame, LIMIT);
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_frame_feed(&frame, "x", 1));
	st_alloc_fail_at(0);
	st_frame_done(&frame);
}

TEST_HARNESS_MAIN
