// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patterns of trace-start, on bytes that anybody may send.
 */
#include "tracer/pattern.h"

#include <string.h>

#include "kselftest_harness.h"

#define MATCHES(pattern, literal) st_pattern_matches(pattern, literal, sizeof(literal) - 1)

TEST(a_text_is_found_anywhere_in_the_bytes)
{
	EXPECT_TRUE(MATCHES("add", "add 5"));
	EXPECT_TRUE(MATCHES("add", "\2\0\0\0\0add 5"));
	EXPECT_TRUE(MATCHES("5", "add 5"));
	EXPECT_TRUE(MATCHES("\xc3\xa4", "\xff\xc3\xa4\xff"));
	EXPECT_FALSE(MATCHES("add", "ad"));
	EXPECT_FALSE(MATCHES("add", "ad\0d"));
	EXPECT_FALSE(MATCHES("add", "ADD"));
	EXPECT_FALSE(MATCHES("add", ""));
	EXPECT_FALSE(MATCHES("[a]", "a"));
}

TEST(a_glob_is_what_the_bytes_are_from_first_to_last)
{
	EXPECT_TRUE(MATCHES("add ?", "add 5"));
	EXPECT_FALSE(MATCHES("add ?", "add 55"));
	EXPECT_FALSE(MATCHES("add ?", "add "));
	EXPECT_FALSE(MATCHES("add ?", "\2add 5"));
	EXPECT_TRUE(MATCHES("*add*", "\2\0\0\0\0add 5"));
	EXPECT_TRUE(MATCHES("*add ?", "add add 5"));
	EXPECT_TRUE(MATCHES("a*b*c", "axxbxxbc"));
	EXPECT_FALSE(MATCHES("a*b*c", "axxbxxcb"));
	EXPECT_TRUE(MATCHES("a**", "a"));
	EXPECT_TRUE(MATCHES("*", ""));
	EXPECT_FALSE(MATCHES("?", ""));
	EXPECT_FALSE(MATCHES("a?", "a"));
}

TEST(a_zero_is_a_byte_as_any_other)
{
	EXPECT_TRUE(MATCHES("a?b", "a\0b"));
	EXPECT_TRUE(MATCHES("a*b", "a\0\0b"));
	EXPECT_FALSE(MATCHES("a*", "\0a"));
	EXPECT_FALSE(MATCHES("a?", "a?\0"));
	EXPECT_TRUE(MATCHES("?", "\0"));
}

TEST(a_pattern_of_stars_takes_no_longer_than_both_lengths_allow)
{
	char pattern[257], bytes[4096];

	/* each star tried against each would not end in a lifetime */
	for (size_t i = 0; i < sizeof(pattern) - 1; i++)
		pattern[i] = i % 2 ? 'a' : '*';
	pattern[sizeof(pattern) - 2] = 'b';
	pattern[sizeof(pattern) - 1] = '\0';
	memset(bytes, 'a', sizeof(bytes));
	EXPECT_FALSE(st_pattern_matches(pattern, bytes, sizeof(bytes)));
	bytes[sizeof(bytes) - 1] = 'b';
	EXPECT_TRUE(st_pattern_matches(pattern, bytes, sizeof(bytes)));
}

TEST_HARNESS_MAIN
