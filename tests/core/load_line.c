// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of a saved state: their members, and texts with all escapes of JSON.
 */
#include "core/load_line.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

/* What is wrong with a line; NULL: nothing. */
static const char *wrong(const char *text)
{
	struct st_load_line line;

	return st_load_line(text, text + strlen(text), &line);
}

/* The text of the member `text`, to be freed by the caller. */
static char *text_of(const char *member)
{
	struct st_load_line line;

	if (st_load_line(member, member + strlen(member), &line))
		return NULL;
	return st_load_text(&line.members[ST_KEY_text]);
}

static bool is_refused(const char *member)
{
	char *text = text_of(member);

	st_free(text);
	return !text;
}

TEST(a_line_is_a_word_with_members)
{
	static const char *const words[] = { NULL, "up", "down" };
	const char *text = "node parent=7 alive pid=-3 state=down arg=\"a b\" arg=\"c\"";
	struct st_load_line line;
	struct st_member member;
	int nr = 0;

	ASSERT_EQ(NULL, st_load_line(text, text + strlen(text), &line));
	EXPECT_TRUE(st_load_is(&line, "node"));
	EXPECT_FALSE(st_load_is(&line, "nod"));
	EXPECT_EQ(7, st_load_number(&line, ST_KEY_parent));
	EXPECT_EQ(-3, (int64_t)st_load_number(&line, ST_KEY_pid));
	EXPECT_TRUE(st_load_has(&line, ST_KEY_alive));
	EXPECT_FALSE(st_load_has(&line, ST_KEY_ended));
	EXPECT_EQ(2, st_load_word(&line, ST_KEY_state, words, 3));
	EXPECT_EQ(-EINVAL, st_load_word(&line, ST_KEY_state, words, 2));
	EXPECT_EQ(0, st_load_word(&line, ST_KEY_phase, words, 3));
	while (st_load_member(&line, &member))
		nr++;
	EXPECT_EQ(6, nr);
	st_load_rewind(&line);
	ASSERT_TRUE(st_load_member(&line, &member));
	EXPECT_EQ(ST_KEY_parent, member.key);
}

TEST(a_line_that_cannot_be_read_is_refused_and_says_why)
{
	EXPECT_STREQ("a member comes twice", wrong("node parent=1 parent=2"));
	EXPECT_STREQ("a member cannot be read", wrong("node unknown=1"));
	EXPECT_STREQ("a member cannot be read", wrong("node  parent=1"));
	EXPECT_STREQ("a member cannot be read", wrong("node parent"));
	EXPECT_STREQ("a member cannot be read", wrong("node parent="));
	EXPECT_STREQ("a member cannot be read", wrong("node parent=-1"));
	EXPECT_STREQ("a member cannot be read", wrong("node parent=18446744073709551616"));
	EXPECT_STREQ("a member cannot be read", wrong("node pid=2147483648"));
	EXPECT_STREQ("a member cannot be read", wrong("node alive=1"));
	EXPECT_STREQ("a member cannot be read", wrong("node state="));
	EXPECT_STREQ("a member cannot be read", wrong("node text=x"));
	EXPECT_STREQ("a member cannot be read", wrong("node text=\"x"));
	EXPECT_STREQ("a member cannot be read", wrong("node spec=\"x\""));
	EXPECT_STREQ("a member cannot be read", wrong("node spec={[}"));
	EXPECT_EQ(NULL, wrong("node parent=18446744073709551615 spec={\"a\":[\"}\\\"\"]}"));
}

TEST(a_text_may_have_each_escape_of_json)
{
	char *text = text_of(
		"x text=\"\\\"\\\\\\/\\b\\f\\n\\r\\t \\u0041\\u00e4\\u20AC\\ud83d\\ude00\"");

	ASSERT_NE(NULL, text);
	EXPECT_STREQ("\"\\/\b\f\n\r\t A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", text);
	st_free(text);
}

TEST(a_text_with_an_escape_that_is_none_is_refused)
{
	EXPECT_TRUE(is_refused("x text=\"\\q\""));
	EXPECT_TRUE(is_refused("x text=\"\\u0000\""));
	EXPECT_TRUE(is_refused("x text=\"\\u12\""));
	EXPECT_TRUE(is_refused("x text=\"\\u12g4\""));
	EXPECT_TRUE(is_refused("x text=\"\\ud83d\"")); /* half of a character */
	EXPECT_TRUE(is_refused("x text=\"\\ud83dx\\u0041\""));
	EXPECT_TRUE(is_refused("x text=\"\\ud83d\\u0041\""));
	EXPECT_TRUE(is_refused("x text=\"\\ude00\""));
}

TEST(a_text_without_memory_is_none)
{
	st_alloc_fail_at(1);
	EXPECT_TRUE(is_refused("x text=\"a\""));
	st_alloc_fail_at(0);
}

TEST_HARNESS_MAIN
