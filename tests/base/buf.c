// SPDX-License-Identifier: GPL-2.0-only
/*
 * The growing byte buffer: numbers, JSON strings, and want of memory.
 */
#include "kselftest_harness.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/character.h"

FIXTURE(buf)
{
	struct st_buf buf;
};

FIXTURE_SETUP(buf)
{
	st_buf_init(&self->buf);
}

FIXTURE_TEARDOWN(buf)
{
	st_alloc_fail_at(0);
	st_buf_done(&self->buf);
}

TEST_F(buf, an_empty_buffer_is_an_empty_text_and_owns_no_memory)
{
	EXPECT_STREQ("", st_buf_text(&self->buf));
	EXPECT_EQ(NULL, self->buf.data);
	EXPECT_EQ(0, st_buf_error(&self->buf));
}

TEST_F(buf, what_is_appended_stands_one_after_the_other)
{
	st_buf_add_text(&self->buf, "one ");
	st_buf_add_char(&self->buf, 't');
	st_buf_add(&self->buf, "wo and more", 2);
	st_buf_add(&self->buf, NULL, 0);
	EXPECT_STREQ("one two", st_buf_text(&self->buf));
	EXPECT_EQ(7, self->buf.len);
}

TEST_F(buf, it_grows_as_far_as_needed_and_keeps_its_content)
{
	for (int i = 0; i < 100000; i++)
		st_buf_add_char(&self->buf, (char)('a' + i % 26));
	ASSERT_EQ(100000, self->buf.len);
	for (int i = 0; i < 100000; i++)
		ASSERT_EQ('a' + i % 26, self->buf.data[i]);
	EXPECT_EQ('\0', self->buf.data[100000]);
}

TEST_F(buf, numbers_are_written_from_end_to_end)
{
	st_buf_add_u64(&self->buf, 0);
	st_buf_add_char(&self->buf, ' ');
	st_buf_add_u64(&self->buf, UINT64_MAX);
	st_buf_add_char(&self->buf, ' ');
	st_buf_add_i64(&self->buf, INT64_MIN);
	st_buf_add_char(&self->buf, ' ');
	st_buf_add_i64(&self->buf, INT64_MAX);
	st_buf_add_char(&self->buf, ' ');
	st_buf_add_i64(&self->buf, -1);
	EXPECT_STREQ("0 18446744073709551615 -9223372036854775808 9223372036854775807 -1",
		     st_buf_text(&self->buf));
}

static const char *json(struct st_buf *buf, const char *text, size_t len)
{
	st_buf_reset(buf);
	st_buf_add_json_string(buf, text, len);
	return st_buf_text(buf);
}

TEST_F(buf, JSON_strings_escape_what_they_must_and_nothing_else)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain / text", "\"plain / text\"" },
		{ "\"quoted\\\"", "\"\\\"quoted\\\\\\\"\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xb3",
		  "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xb3\"" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++)
		EXPECT_STREQ(cases[i].json, json(&self->buf, cases[i].text, strlen(cases[i].text)));
	EXPECT_STREQ("\"a\\u0000b\"", json(&self->buf, "a\0b", 3));
}

/* Each is one byte that is no UTF-8, or the first byte of such a sequence. */
TEST_F(buf, JSON_strings_replace_what_is_not_UTF_8)
{
	static const char *const wrong[] = {
		"\x80", /* a continuation alone */
		"\xff", /* never in UTF-8 */
		"\xc3", /* cut off */
		"\xe2\x82", /* cut off; two bytes, two replacements */
		"\xc0\xaf", /* an overlong slash */
		"\xe0\x80\xaf", /* the same in three bytes */
		"\xf0\x80\x80\xaf", /* the same in four */
		"\xed\xa0\x80", /* a surrogate */
		"\xf4\x90\x80\x80", /* above U+10FFFF */
		"\xf5\x80\x80\x80",
		"\xc3(", /* a second byte that is none */
		"\xe2\x82(",
		"\xf0\x9f\x8c(",
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		char expected[64] = "\"";

		for (const char *c = wrong[i]; *c; c++)
			strcat(expected, *c == '(' ? "(" : "\xef\xbf\xbd");
		strcat(expected, "\"");
		EXPECT_STREQ(expected, json(&self->buf, wrong[i], strlen(wrong[i])));
	}
}

TEST_F(buf, every_code_point_of_UTF_8_is_kept_or_escaped_if_it_is_hidden)
{
	for (unsigned int c = 0x80; c <= 0x10ffff; c += c < 0x3000 ? 1 : 251) {
		char text[5] = { 0 }, expected[16];
		size_t len;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		if (c < 0x800) {
			text[0] = (char)(0xc0 | c >> 6);
			text[1] = (char)(0x80 | (c & 0x3f));
		} else if (c < 0x10000) {
			text[0] = (char)(0xe0 | c >> 12);
			text[1] = (char)(0x80 | (c >> 6 & 0x3f));
			text[2] = (char)(0x80 | (c & 0x3f));
		} else {
			text[0] = (char)(0xf0 | c >> 18);
			text[1] = (char)(0x80 | (c >> 12 & 0x3f));
			text[2] = (char)(0x80 | (c >> 6 & 0x3f));
			text[3] = (char)(0x80 | (c & 0x3f));
		}
		len = strlen(text);
		if (st_character_read(text, len).kind == ST_CHARACTER_HIDDEN)
			snprintf(expected, sizeof(expected), "\"\\u%04x\"", c);
		else
			snprintf(expected, sizeof(expected), "\"%s\"", text);
		ASSERT_STREQ(expected, json(&self->buf, text, len));
	}
}

TEST_F(buf, bytes_can_be_dropped_from_the_front)
{
	st_buf_consume(&self->buf, 0);
	st_buf_add_text(&self->buf, "one two");
	st_buf_consume(&self->buf, 4);
	EXPECT_STREQ("two", st_buf_text(&self->buf));
	st_buf_consume(&self->buf, 3);
	EXPECT_STREQ("", st_buf_text(&self->buf));
	EXPECT_EQ(0, self->buf.len);
}

TEST_F(buf, a_failure_stays_until_the_buffer_is_reset)
{
	st_buf_add_text(&self->buf, "kept");
	st_alloc_fail_at(1);
	for (int i = 0; i < 100; i++)
		st_buf_add_char(&self->buf, 'x');
	EXPECT_EQ(-ENOMEM, st_buf_error(&self->buf));
	EXPECT_EQ(-ENOMEM, st_buf_reserve(&self->buf, 1));
	EXPECT_EQ(63, self->buf.len) TH_LOG("what fitted is there, nothing after it");
	EXPECT_EQ(0, strncmp("kept", self->buf.data, 4));
	st_buf_reset(&self->buf);
	EXPECT_STREQ("", st_buf_text(&self->buf));
	st_buf_add_text(&self->buf, "again");
	EXPECT_STREQ("again", st_buf_text(&self->buf));
	EXPECT_EQ(0, st_buf_error(&self->buf));
}

TEST_F(buf, a_text_that_is_not_whole_cannot_be_had)
{
	struct st_buf other = ST_BUF_INIT;
	const char *text = "untouched";

	st_buf_add_text(&self->buf, "a/path");
	ASSERT_EQ(0, st_buf_get(&self->buf, &text));
	EXPECT_STREQ("a/path", text);
	st_alloc_fail_at(1);
	for (int i = 0; i < 100; i++)
		st_buf_add_char(&self->buf, 'x');
	text = "untouched";
	EXPECT_EQ(-ENOMEM, st_buf_get(&self->buf, &text));
	EXPECT_STREQ("untouched", text);
	EXPECT_STREQ("(out of memory)", st_buf_text(&self->buf));
	st_buf_add_text(&other, "text of ");
	st_buf_add_buf(&other, &self->buf);
	EXPECT_EQ(-ENOMEM, st_buf_error(&other)) TH_LOG("who takes it in fails, too");
	st_buf_done(&other);
}

TEST_F(buf, the_content_of_another_is_appended)
{
	struct st_buf other = ST_BUF_INIT;

	st_buf_add_buf(&self->buf, &other);
	EXPECT_STREQ("", st_buf_text(&self->buf));
	st_buf_add_text(&other, "one");
	st_buf_add_buf(&self->buf, &other);
	st_buf_add_buf(&self->buf, &other);
	EXPECT_STREQ("oneone", st_buf_text(&self->buf));
	st_buf_done(&other);
}

TEST_F(buf, a_size_beyond_all_memory_is_a_failure)
{
	EXPECT_EQ(-ENOMEM, st_buf_reserve(&self->buf, SIZE_MAX));
	EXPECT_EQ(-ENOMEM, st_buf_error(&self->buf));
}

TEST_F(buf, it_is_usable_after_it_was_freed)
{
	st_buf_add_text(&self->buf, "one");
	st_buf_done(&self->buf);
	st_buf_done(&self->buf);
	st_buf_add_text(&self->buf, "two");
	EXPECT_STREQ("two", st_buf_text(&self->buf));
}

TEST_HARNESS_MAIN
