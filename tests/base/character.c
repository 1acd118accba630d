// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which characters of foreign text may be shown as they are, and that JSON never has one
 * that may not.
 */
#include "base/character.h"

#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "kselftest_harness.h"

static const struct {
	const char *text;
	enum st_character_kind kind;
	uint32_t code;
	size_t len;
} characters[] = {
	{ "a", ST_CHARACTER_PLAIN, 'a', 1 },
	{ " ", ST_CHARACTER_PLAIN, ' ', 1 },
	{ "~", ST_CHARACTER_PLAIN, '~', 1 },
	{ "\t", ST_CHARACTER_CONTROL, '\t', 1 },
	{ "\x1b[31m", ST_CHARACTER_CONTROL, 0x1b, 1 },
	{ "\x7f", ST_CHARACTER_CONTROL, 0x7f, 1 },
	{ "\xc2\x80", ST_CHARACTER_HIDDEN, 0x80, 2 },
	{ "\xc2\x9b", ST_CHARACTER_HIDDEN, 0x9b, 2 },
	{ "\xc2\xa0", ST_CHARACTER_PLAIN, 0xa0, 2 },
	{ "\xc3\xa9", ST_CHARACTER_PLAIN, 0xe9, 2 },
	{ "\xd8\x9c", ST_CHARACTER_HIDDEN, 0x61c, 2 },
	{ "\xe2\x80\x8d", ST_CHARACTER_PLAIN, 0x200d, 3 }, /* joins emoji */
	{ "\xe2\x80\x8f", ST_CHARACTER_HIDDEN, 0x200f, 3 },
	{ "\xe2\x80\xa7", ST_CHARACTER_PLAIN, 0x2027, 3 },
	{ "\xe2\x80\xa8", ST_CHARACTER_HIDDEN, 0x2028, 3 },
	{ "\xe2\x80\xae", ST_CHARACTER_HIDDEN, 0x202e, 3 },
	{ "\xe2\x80\xaf", ST_CHARACTER_PLAIN, 0x202f, 3 },
	{ "\xe2\x81\xa6", ST_CHARACTER_HIDDEN, 0x2066, 3 },
	{ "\xe2\x81\xa9", ST_CHARACTER_HIDDEN, 0x2069, 3 },
	{ "\xe2\x9c\x94", ST_CHARACTER_PLAIN, 0x2714, 3 },
	{ "\xef\xbb\xbf", ST_CHARACTER_HIDDEN, 0xfeff, 3 },
	{ "\xf0\x9f\x9a\x80", ST_CHARACTER_PLAIN, 0x1f680, 4 },
	{ "\x80", ST_CHARACTER_BROKEN, 0x80, 1 },
	{ "\x9b"
	  "31m",
	  ST_CHARACTER_BROKEN, 0x9b, 1 },
	{ "\xc0\xaf", ST_CHARACTER_BROKEN, 0xc0, 1 }, /* too long for a '/' */
	{ "\xed\xa0\x80", ST_CHARACTER_BROKEN, 0xed, 1 }, /* a surrogate */
	{ "\xf4\x90\x80\x80", ST_CHARACTER_BROKEN, 0xf4, 1 }, /* above U+10FFFF */
	{ "\xe2\x80", ST_CHARACTER_BROKEN, 0xe2, 1 },
	{ "\xe2\x80"
	  "a",
	  ST_CHARACTER_BROKEN, 0xe2, 1 },
};

TEST(each_character_has_a_kind_a_number_and_a_length)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(characters); i++) {
		const char *text = characters[i].text;
		struct st_character found = st_character_read(text, strlen(text));

		EXPECT_EQ(characters[i].kind, found.kind) TH_LOG("character %zu", i);
		EXPECT_EQ(characters[i].code, found.code) TH_LOG("character %zu", i);
		EXPECT_EQ(characters[i].len, found.len) TH_LOG("character %zu", i);
	}
}

TEST(a_nul_is_a_control_character)
{
	EXPECT_EQ(ST_CHARACTER_CONTROL, st_character_read("\0", 1).kind);
}

TEST(a_text_is_plain_if_all_its_characters_are)
{
	EXPECT_TRUE(st_character_all_plain(""));
	EXPECT_TRUE(st_character_all_plain("gr\xc3\xbc\xc3\x9f dich"));
	EXPECT_FALSE(st_character_all_plain("a\tb"));
	EXPECT_FALSE(st_character_all_plain("a\xe2\x80\xae"));
	EXPECT_FALSE(st_character_all_plain("a\xe2\x80"));
}

TEST(json_has_no_character_that_a_terminal_takes_for_a_command)
{
	static const char text[] = "\x1b\x7f\xc2\x9b\xe2\x80\xae\x9b\0\xc3\xa9";
	struct st_buf json = ST_BUF_INIT;

	st_buf_add_json_string(&json, text, sizeof(text) - 1);
	EXPECT_STREQ("\"\\u001b\\u007f\\u009b\\u202e\xef\xbf\xbd\\u0000\xc3\xa9\"",
		     st_buf_text(&json));
	st_buf_done(&json);
}

TEST_HARNESS_MAIN
