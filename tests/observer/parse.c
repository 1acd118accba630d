// SPDX-License-Identifier: GPL-2.0-only
/* Texts of /proc, also those that a process has made to mislead. */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"
#include "observer/parse.h"

#define AFTER_NAME \
	" S 1 42 43 0 -1 4194560 7 0 9 0 11 12 13 14 20 -5 3 0 9876 1048576 55 " \
	"18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 6 5 1 0 0 0"

static int parse(const char *text, struct st_stat *ret_stat)
{
	return st_parse_stat(text, strlen(text), ret_stat);
}

TEST(a_line_of_stat_is_read_field_by_field)
{
	struct st_stat stat;

	ASSERT_EQ(0, parse("42 (cat)" AFTER_NAME, &stat));
	EXPECT_EQ(42, stat.pid);
	EXPECT_STREQ("cat", stat.name);
	EXPECT_EQ('S', stat.state);
	EXPECT_EQ(1, stat.parent);
	EXPECT_EQ(42, stat.group);
	EXPECT_EQ(43, stat.session);
	EXPECT_EQ(7, stat.minor_faults);
	EXPECT_EQ(9, stat.major_faults);
	EXPECT_EQ(11, stat.user_ticks);
	EXPECT_EQ(12, stat.system_ticks);
	EXPECT_EQ(13, stat.waited_user_ticks);
	EXPECT_EQ(14, stat.waited_system_ticks);
	EXPECT_EQ(20, stat.priority);
	EXPECT_EQ(-5, stat.nice);
	EXPECT_EQ(3, stat.threads);
	EXPECT_EQ(9876, stat.start_ticks);
	EXPECT_EQ(1048576, stat.size_bytes);
	EXPECT_EQ(55, stat.rss_pages);
	EXPECT_EQ(6, stat.processor);
	EXPECT_EQ(5, stat.realtime_priority);
	EXPECT_EQ(1, stat.policy);
}

TEST(a_name_may_have_blanks_parentheses_and_line_ends)
{
	static const char *const names[] = { "a b", ") R 1 (", "((", "))", "x\n1 (y) Z 1", "" };
	struct st_stat stat;
	char text[512];

	for (size_t i = 0; i < ST_ARRAY_SIZE(names); i++) {
		snprintf(text, sizeof(text), "7 (%s)" AFTER_NAME, names[i]);
		ASSERT_EQ(0, parse(text, &stat)) TH_LOG("%s", names[i]);
		EXPECT_STREQ(names[i], stat.name);
		EXPECT_EQ('S', stat.state);
		EXPECT_EQ(9876, stat.start_ticks);
	}
}

TEST(a_line_that_is_cut_anywhere_is_refused)
{
	static const char whole[] = "42 (cat)" AFTER_NAME;
	const char *policy = strstr(whole, " 1 0 0 0");
	struct st_stat stat = { .pid = 9 };

	for (size_t len = 0; len <= (size_t)(policy - whole); len++)
		EXPECT_EQ(-EINVAL, st_parse_stat(whole, len, &stat));
	EXPECT_EQ(9, stat.pid); /* written only on success */
	EXPECT_EQ(-EINVAL, parse("42 cat) S 1", &stat));
	EXPECT_EQ(-EINVAL, parse("x (cat)" AFTER_NAME, &stat));
}

TEST(a_long_name_is_cut)
{
	struct st_stat stat;
	char text[512], name[200];

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text), "7 (%s)" AFTER_NAME, name);
	ASSERT_EQ(0, parse(text, &stat));
	EXPECT_EQ(ST_NAME_SIZE - 1, strlen(stat.name));
}

TEST(a_line_is_found_by_its_whole_key_at_its_begin)
{
	static const char text[] = "Name:\tVmRSS: 7 kB\nVmRSSX:\t1 kB\nVmRSS:\t  12 kB \nEmpty:\n";
	struct st_slice value;
	uint64_t number;

	ASSERT_TRUE(st_parse_number(text, strlen(text), "VmRSS", &number));
	EXPECT_EQ(12, number);
	ASSERT_TRUE(st_parse_line(text, strlen(text), "VmRSS", &value));
	EXPECT_EQ(5, value.len);
	EXPECT_EQ(0, memcmp("12 kB", value.at, value.len));
	ASSERT_TRUE(st_parse_line(text, strlen(text), "Empty", &value));
	EXPECT_EQ(0, value.len);
	EXPECT_FALSE(st_parse_number(text, strlen(text), "Empty", &number));
	EXPECT_FALSE(st_parse_line(text, strlen(text), "Vm", &value));
	EXPECT_FALSE(st_parse_line("", 0, "Vm", &value));
}

TEST(a_number_that_is_too_large_is_none)
{
	uint64_t value = 5;

	EXPECT_TRUE(st_parse_u64((struct st_slice){ "18446744073709551615", 20 }, &value));
	EXPECT_EQ(UINT64_MAX, value);
	EXPECT_FALSE(st_parse_u64((struct st_slice){ "18446744073709551616", 20 }, &value));
	EXPECT_FALSE(st_parse_u64((struct st_slice){ "-1", 2 }, &value));
	EXPECT_FALSE(st_parse_u64((struct st_slice){ "", 0 }, &value));
	EXPECT_EQ(UINT64_MAX, value);
}

TEST(hundredths_have_two_digits)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0.29", 29 }, { "12.00", 1200 }, { "3.5", 350 }, { "7.", 700 }, { "1.239", 123 }
	};
	uint64_t value;

	for (size_t i = 0; i < ST_ARRAY_SIZE(good); i++) {
		struct st_slice text = { good[i].text, strlen(good[i].text) };

		ASSERT_TRUE(st_parse_hundredths(text, &value)) TH_LOG("%s", good[i].text);
		EXPECT_EQ(good[i].value, value) TH_LOG("%s", good[i].text);
	}
	EXPECT_FALSE(st_parse_hundredths((struct st_slice){ "12", 2 }, &value));
	EXPECT_FALSE(st_parse_hundredths((struct st_slice){ ".5", 2 }, &value));
}

TEST(pressure_needs_all_four_of_its_numbers)
{
	static const char whole[] = "some avg10=1.50 avg60=0.20 avg300=0.00 total=77\n"
				    "full avg10=0.01 avg60=0.00 avg300=0.00 total=5\n";
	static const char cut[] = "some avg10=1.50 avg60=0.20\n";
	struct st_pressure pressure;

	ASSERT_TRUE(st_parse_pressure(whole, strlen(whole), "some", &pressure));
	EXPECT_EQ(150, pressure.avg10);
	EXPECT_EQ(20, pressure.avg60);
	EXPECT_EQ(0, pressure.avg300);
	EXPECT_EQ(77, pressure.total_us);
	ASSERT_TRUE(st_parse_pressure(whole, strlen(whole), "full", &pressure));
	EXPECT_EQ(5, pressure.total_us);
	EXPECT_FALSE(st_parse_pressure(cut, strlen(cut), "some", &pressure));
	EXPECT_FALSE(st_parse_pressure("", 0, "some", &pressure));
}

TEST(each_letter_of_a_state_has_a_word)
{
	EXPECT_STREQ("running", st_parse_state('R'));
	EXPECT_STREQ("disk_sleep", st_parse_state('D'));
	EXPECT_STREQ("zombie", st_parse_state('Z'));
	EXPECT_STREQ("unknown", st_parse_state('?'));
}

TEST_HARNESS_MAIN
