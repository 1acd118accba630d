// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words and numbers as people write them.
 */
#include "kselftest_harness.h"

#include <limits.h>

#include "base/text.h"

TEST(a_slip_is_a_byte_inserted_left_out_changed_or_swapped)
{
	EXPECT_EQ(0, st_text_distance("", ""));
	EXPECT_EQ(0, st_text_distance("strategy", "Strategy"));
	EXPECT_EQ(1, st_text_distance("strategy", "strateg"));
	EXPECT_EQ(1, st_text_distance("strategy", "strategyy"));
	EXPECT_EQ(1, st_text_distance("strategy", "strategz"));
	EXPECT_EQ(1, st_text_distance("strategy", "srtategy"));
	EXPECT_EQ(3, st_text_distance("kitten", "sitting"));
	EXPECT_EQ(4, st_text_distance("", "four"));
}

TEST(words_that_are_too_long_are_never_near)
{
	char word[80];

	memset(word, 'a', sizeof(word));
	word[64] = '\0';
	EXPECT_EQ(0, st_text_distance(word, word));
	word[64] = 'a';
	word[65] = '\0';
	EXPECT_EQ(UINT_MAX, st_text_distance(word, "a"));
	EXPECT_EQ(UINT_MAX, st_text_distance("a", word));
}

TEST(the_nearest_word_is_found_if_one_is_near)
{
	static const char *const words[] = { "permanent", NULL, "transient", "temporary" };

	EXPECT_STREQ("transient", st_text_nearest("transent", words, 4));
	EXPECT_STREQ("temporary", st_text_nearest("temp0rary", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("forever", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("transient", words, 0));
}

TEST(durations_are_a_decimal_number_and_a_unit)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} cases[] = {
		{ "0 s", 0 },
		{ "1ms", 1000000 },
		{ "1.5 s", 1500000000 },
		{ "0.000000001s", 1 },
		{ "2 min", 120000000000 },
		{ "0.5h", 1800000000000 },
		{ "1.5d", 129600000000000 },
		{ "18446744073.709551615s", UINT64_MAX },
	};
	uint64_t ns;

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		ns = 77;
		EXPECT_EQ(ST_NUMBER_OK, st_text_parse_duration(cases[i].text, &ns));
		EXPECT_EQ(cases[i].ns, ns);
	}
}

TEST(what_is_wrong_with_a_duration_is_said)
{
	static const struct {
		const char *text;
		enum st_number result;
	} cases[] = {
		{ "", ST_NUMBER_SYNTAX },
		{ "s", ST_NUMBER_SYNTAX },
		{ ".5s", ST_NUMBER_SYNTAX },
		{ "5.s", ST_NUMBER_SYNTAX },
		{ "-1s", ST_NUMBER_NEGATIVE },
		{ "-.1s", ST_NUMBER_NEGATIVE },
		{ "-", ST_NUMBER_SYNTAX },
		{ "5", ST_NUMBER_NO_UNIT },
		{ "5 ", ST_NUMBER_NO_UNIT },
		{ "5 weeks", ST_NUMBER_UNKNOWN_UNIT },
		{ "0.0000000001s", ST_NUMBER_INEXACT },
		{ "18446744073.709551616s", ST_NUMBER_OVERFLOW },
		{ "18446744074s", ST_NUMBER_OVERFLOW },
		{ "99999999999999999999h", ST_NUMBER_OVERFLOW },
	};
	uint64_t ns = 77;

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(cases[i].result, st_text_parse_duration(cases[i].text, &ns))
		TH_LOG("\"%s\"", cases[i].text);
		EXPECT_EQ(77, ns);
	}
	for (int i = 0; i < ST_NUMBER__MAX; i++)
		EXPECT_NE(NULL, st_number_text[i]);
}

TEST(sizes_are_bytes_unless_a_unit_says_more)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{ "17", 17 },
		{ "17 B", 17 },
		{ "64 KiB", 65536 },
		{ "64K", 65536 },
		{ "64 kB", 64000 },
		{ "1.5MiB", 1572864 },
		{ "1 M", 1048576 },
		{ "1MB", 1000000 },
		{ "1 GiB", 1073741824 },
		{ "1G", 1073741824 },
		{ "1GB", 1000000000 },
		{ "2TiB", 2199023255552 },
		{ "2T", 2199023255552 },
		{ "2 TB", 2000000000000 },
		{ "0.5 K", 512 },
	};
	uint64_t bytes;

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(ST_NUMBER_OK, st_text_parse_size(cases[i].text, &bytes));
		EXPECT_EQ(cases[i].bytes, bytes);
	}
	EXPECT_EQ(ST_NUMBER_INEXACT, st_text_parse_size("0.5", &bytes));
	EXPECT_EQ(ST_NUMBER_UNKNOWN_UNIT, st_text_parse_size("5 kiB", &bytes));
	EXPECT_EQ(ST_NUMBER_OVERFLOW, st_text_parse_size("16777216 TiB", &bytes));
}

TEST_HARNESS_MAIN
