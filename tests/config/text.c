// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words and numbers as people write them (base/text.h).
 */
#include "base/text.h"

#include <limits.h>
#include <string.h>

#include "kselftest_harness.h"

TEST(one_slip_of_the_keyboard_is_a_distance_of_one)
{
	EXPECT_EQ(0u, st_text_distance("shutdown", "shutdown"));
	EXPECT_EQ(1u, st_text_distance("shutdwn", "shutdown"));
	EXPECT_EQ(1u, st_text_distance("shutdoown", "shutdown"));
	EXPECT_EQ(1u, st_text_distance("shutdewn", "shutdown"));
	EXPECT_EQ(1u, st_text_distance("shutdwon", "shutdown"));
	EXPECT_EQ(0u, st_text_distance("ShutDown", "shutdown"));
}

TEST(the_distance_from_nothing_is_the_length)
{
	EXPECT_EQ(0u, st_text_distance("", ""));
	EXPECT_EQ(5u, st_text_distance("", "start"));
	EXPECT_EQ(5u, st_text_distance("start", ""));
	EXPECT_EQ(3u, st_text_distance("kitten", "sitting"));
}

TEST(words_beyond_64_bytes_are_near_to_nothing)
{
	char word[66];

	memset(word, 'a', sizeof(word) - 1);
	word[64] = '\0';
	EXPECT_EQ(0u, st_text_distance(word, word));
	word[64] = 'a';
	word[65] = '\0';
	EXPECT_EQ(UINT_MAX, st_text_distance(word, word));
}

TEST(the_nearest_word_is_found_and_a_far_one_is_not)
{
	static const char *const words[] = { "one_for_one", "one_for_all", NULL, "rest_for_one" };

	EXPECT_STREQ("one_for_all", st_text_nearest("one_for_al", words, 4));
	EXPECT_STREQ("rest_for_one", st_text_nearest("rest_for_noe", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("parallel", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("one", words, 4));
	EXPECT_EQ(NULL, st_text_nearest("x", words, 0));
}

static const struct {
	const char *text;
	enum st_number mistake;
	uint64_t value;
} durations[] = {
	{ "0 s", ST_NUMBER_OK, 0 },
	{ "5 s", ST_NUMBER_OK, 5000000000 },
	{ "500ms", ST_NUMBER_OK, 500000000 },
	{ "1.5 s", ST_NUMBER_OK, 1500000000 },
	{ "0.000000001 s", ST_NUMBER_OK, 1 },
	{ "2 min", ST_NUMBER_OK, 120000000000 },
	{ "1.25h", ST_NUMBER_OK, 4500000000000 },
	{ "1.5000000000000000000000 s", ST_NUMBER_OK, 1500000000 },
	{ "18446744073709 ms", ST_NUMBER_OK, 18446744073709000000u },
	{ "18446744073.709551615 s", ST_NUMBER_OK, UINT64_MAX },
	{ "18446744073.709551616 s", ST_NUMBER_OVERFLOW, 0 },
	{ "18446744073710 ms", ST_NUMBER_OVERFLOW, 0 },
	{ "99999999999999999999999 h", ST_NUMBER_OVERFLOW, 0 },
	{ "0.0000000001 s", ST_NUMBER_INEXACT, 0 },
	{ "0.00000000001 s", ST_NUMBER_INEXACT, 0 },
	{ "0.0000001 ms", ST_NUMBER_INEXACT, 0 },
	{ "-5 s", ST_NUMBER_NEGATIVE, 0 },
	{ "-.5 s", ST_NUMBER_NEGATIVE, 0 },
	{ "5", ST_NUMBER_NO_UNIT, 0 },
	{ "5 parsecs", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "5 S", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "5 s ", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "1h30min", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "1e3 s", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "", ST_NUMBER_SYNTAX, 0 },
	{ "s", ST_NUMBER_SYNTAX, 0 },
	{ ".5 s", ST_NUMBER_SYNTAX, 0 },
	{ "5. s", ST_NUMBER_SYNTAX, 0 },
	{ "+5 s", ST_NUMBER_SYNTAX, 0 },
	{ " 5 s", ST_NUMBER_SYNTAX, 0 },
	{ "-", ST_NUMBER_SYNTAX, 0 },
};

TEST(a_duration_is_a_number_and_a_unit_and_exact)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(durations); i++) {
		uint64_t value = 0;

		EXPECT_EQ(durations[i].mistake, st_text_parse_duration(durations[i].text, &value))
		TH_LOG("%s", durations[i].text);
		EXPECT_EQ(durations[i].value, value) TH_LOG("%s", durations[i].text);
	}
}

static const struct {
	const char *text;
	enum st_number mistake;
	uint64_t value;
} sizes[] = {
	{ "4096", ST_NUMBER_OK, 4096 },
	{ "7 B", ST_NUMBER_OK, 7 },
	{ "1 kB", ST_NUMBER_OK, 1000 },
	{ "1K", ST_NUMBER_OK, 1024 },
	{ "64 MiB", ST_NUMBER_OK, 67108864 },
	{ "2 MB", ST_NUMBER_OK, 2000000 },
	{ "1.5 GiB", ST_NUMBER_OK, 1610612736 },
	{ "3 GB", ST_NUMBER_OK, 3000000000 },
	{ "1T", ST_NUMBER_OK, 1099511627776 },
	{ "2 TB", ST_NUMBER_OK, 2000000000000 },
	{ "18446744073709551615", ST_NUMBER_OK, UINT64_MAX },
	{ "18446744073709551616", ST_NUMBER_OVERFLOW, 0 },
	{ "16777216 TiB", ST_NUMBER_OVERFLOW, 0 },
	{ "0.5", ST_NUMBER_INEXACT, 0 },
	{ "1.0001 kB", ST_NUMBER_INEXACT, 0 },
	{ "-1", ST_NUMBER_NEGATIVE, 0 },
	{ "1 GIB", ST_NUMBER_UNKNOWN_UNIT, 0 },
	{ "much", ST_NUMBER_SYNTAX, 0 },
};

TEST(a_size_is_bytes_with_units_of_1000_or_1024)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(sizes); i++) {
		uint64_t value = 0;

		EXPECT_EQ(sizes[i].mistake, st_text_parse_size(sizes[i].text, &value))
		TH_LOG("%s", sizes[i].text);
		EXPECT_EQ(sizes[i].value, value) TH_LOG("%s", sizes[i].text);
	}
}

TEST_HARNESS_MAIN
