// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of messages: every part of a message, letter by letter. mistakes.c has the
 * text for each mistake.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "lib/asked.h"

#define STRATEGIES \
	"    expected one_for_one, one_for_all, rest_for_one, simple_one_for_one or dynamic"

TEST(a_mistake_shows_its_place_its_line_and_what_was_meant)
{
	EXPECT_STREQ("t.yaml:2:11: error: unknown strategy \"one_for_al\"\n"
		     "  2 | strategy: one_for_al\n"
		     "    |           ^~~~~~~~~~\n" STRATEGIES "; did you mean \"one_for_all\"?\n",
		     ask_file("# the root\n"
			      "strategy: one_for_al\n"));
}

TEST(all_mistakes_are_shown_at_once_in_the_order_of_lines)
{
	EXPECT_STREQ("t.yaml:1:1: error: the main file has no key \"colour\"\n"
		     "  1 | colour: red\n"
		     "    | ^~~~~~\n"
		     "    expected include, strategy, intensity, period, auto_shutdown, log, "
		     "trace, children or services\n"
		     "t.yaml:2:12: error: intensity cannot be -1\n"
		     "  2 | intensity: -1\n"
		     "    |            ^~\n"
		     "    expected an integer, 0 to 1000000000\n"
		     "t.yaml:4:3: error: a child has no id\n"
		     "  4 | - start: [x]\n"
		     "    |   ^\n"
		     "t.yaml:5:12: error: unknown restart \"never\"\n"
		     "  5 |   restart: never\n"
		     "    |            ^~~~~\n"
		     "    expected permanent, transient or temporary; did you mean "
		     "\"temporary\"?\n",
		     ask_file("colour: red\n"
			      "intensity: -1\n"
			      "children:\n"
			      "- start: [x]\n"
			      "  restart: never\n"));
}

TEST(mistakes_of_one_place_stay_in_the_order_of_checking) /* [V2] */
{
	EXPECT_STREQ("t.yaml:1:12: error: a child has no id\n"
		     "  1 | children: [{}]\n"
		     "    |            ^~\n"
		     "t.yaml:1:12: error: a child has neither start nor supervisor\n"
		     "  1 | children: [{}]\n"
		     "    |            ^~\n"
		     "    expected start with a command, or supervisor with a specification\n",
		     ask_file("children: [{}]\n"));
}

TEST(a_key_that_stands_twice_shows_both_places)
{
	EXPECT_STREQ("t.yaml:3:1: error: the key \"period\" is given twice\n"
		     "  3 | period: 9\n"
		     "    | ^~~~~~\n"
		     "t.yaml:1:1: note: it was first given here\n"
		     "  1 | period: 5\n"
		     "    | ^~~~~~\n",
		     ask_file("period: 5\n"
			      "intensity: 1\n"
			      "period: 9\n"));
}

/* [V3] */
TEST(an_id_that_stands_twice_shows_both_places)
{
	EXPECT_STREQ("t.yaml:3:8: error: the id \"a\" is used twice\n"
		     "  3 | - {id: a, start: [x]}\n"
		     "    |        ^\n"
		     "t.yaml:2:8: note: it was first given here\n"
		     "  2 | - {id: a, start: [x]}\n"
		     "    |        ^\n",
		     ask_file("children:\n"
			      "- {id: a, start: [x]}\n"
			      "- {id: a, start: [x]}\n"));
}

TEST(the_place_is_counted_in_characters_not_in_bytes)
{
	EXPECT_STREQ("t.yaml:1:11: error: unknown strategy \"Ünï_for_all\"\n"
		     "  1 | strategy: Ünï_for_all # é\n"
		     "    |           ^~~~~~~~~~~\n" STRATEGIES "; did you mean \"one_for_all\"?\n",
		     ask_file("strategy: Ünï_for_all # é\n"));
}

TEST(a_tab_before_the_place_stays_a_tab)
{
	EXPECT_STREQ("t.yaml:4:10: error: cwd cannot be \"srv\"\n"
		     "  4 |   cwd:\t  srv\n"
		     "    |       \t  ^~~\n"
		     "    expected an absolute path of at most 4095 bytes\n",
		     ask_file("children:\n"
			      "- id: a\n"
			      "  start: [x]\n"
			      "  cwd:\t  srv\n"));
}

TEST(a_byte_order_mark_does_not_move_the_place)
{
	EXPECT_STREQ("t.yaml:1:11: error: unknown strategy \"nope\"\n"
		     "  1 | strategy: nope\n"
		     "    |           ^~~~\n" STRATEGIES "\n",
		     ask_file("\xef"
			      "\xbb"
			      "\xbf"
			      "strategy: nope\n"));
}

/* Next line, line separator, paragraph separator: breaks in a YAML file. */
TEST(lines_are_counted_as_yaml_counts_them)
{
	EXPECT_STREQ("t.yaml:6:9: error: period cannot be 0\n"
		     "  6 | period: 0\n"
		     "    |         ^\n"
		     "    expected whole seconds, 1 to 1000000000, or a number with s, min or h\n",
		     ask_file("# a\r# b\r\n# c\xc2\x85# d\xe2\x80\xa8# e\xe2\x80\xa9period: 0\n"));
}

TEST(a_main_file_in_memory_includes_nothing)
{
	EXPECT_STREQ("t.yaml:1:1: error: include works only in a file\n"
		     "  1 | include: [a.yaml]\n"
		     "    | ^~~~~~~\n",
		     ask_file("include: [a.yaml]\n"));
}

TEST(a_map_in_one_line_is_underlined_as_a_whole)
{
	EXPECT_STREQ("t.yaml:1:11: error: strategy cannot be a map\n"
		     "  1 | strategy: {a: 1}\n"
		     "    |           ^~~~~~\n" STRATEGIES "\n",
		     ask_file("strategy: {a: 1}\n"));
}

TEST(a_value_over_several_lines_is_underlined_at_its_beginning)
{
	EXPECT_STREQ("t.yaml:1:9: error: period cannot be a list\n"
		     "  1 | period: [1,\n"
		     "    |         ^\n"
		     "    expected whole seconds, 1 to 1000000000, or a number with s, min or h\n",
		     ask_file("period: [1,\n"
			      "  2]\n"));
}

TEST(a_missing_value_is_shown_where_it_is_missing)
{
	EXPECT_STREQ("t.yaml:1:15: error: auto_shutdown cannot be empty\n"
		     "  1 | auto_shutdown:\n"
		     "    |               ^\n"
		     "    expected never, any_significant or all_significant\n",
		     ask_file("auto_shutdown:\n"));
}

TEST(what_is_not_yaml_says_where_it_began)
{
	EXPECT_STREQ("t.yaml:2:9: error: not YAML: did not find expected ',' or ']'\n"
		     "  2 | strategy: x\n"
		     "    |         ^\n"
		     "t.yaml:1:11: note: while parsing a flow sequence\n"
		     "  1 | children: [a\n"
		     "    |           ^\n",
		     ask_file("children: [a\n"
			      "strategy: x\n"));
}

TEST(a_tab_as_indentation_is_explained)
{
	EXPECT_STREQ(
		"t.yaml:3:1: error: not YAML: found a tab character that violates indentation\n"
		"  3 | \tstart: [x]\n"
		"    | ^\n"
		"    expected spaces: YAML does not allow a tab for indentation\n"
		"t.yaml:2:7: note: while scanning a plain scalar\n"
		"  2 | - id: a\n"
		"    |       ^\n",
		ask_file("children:\n"
			 "- id: a\n"
			 "\tstart: [x]\n"));
}

TEST(a_control_character_is_not_shown_to_the_terminal)
{
	EXPECT_STREQ("t.yaml:1:14: error: not YAML: control characters are not allowed\n"
		     "  1 | strategy: one�[31m\n"
		     "    |              ^\n"
		     "    expected UTF-8 without control characters\n",
		     ask_file("strategy: one\x1b"
			      "[31m\n"));
}

TEST(an_escaped_control_character_is_not_shown_to_the_terminal)
{
	EXPECT_STREQ("t.yaml:1:11: error: unknown strategy \"one?[31m\"\n"
		     "  1 | strategy: \"one\\e[31m\"\n"
		     "    |           ^~~~~~~~~~~\n" STRATEGIES "\n",
		     ask_file("strategy: \"one\\e[31m\"\n"));
}

TEST(bytes_that_are_not_utf_8_are_shown_as_replacements)
{
	EXPECT_STREQ("t.yaml:1:11: error: not YAML: invalid leading UTF-8 octet\n"
		     "  1 | strategy: ��\n"
		     "    |           ^\n"
		     "    expected UTF-8 without control characters\n",
		     ask_file("strategy: \xff"
			      "\xfe"
			      "\n"));
}

TEST(a_long_line_is_cut_on_both_sides)
{
	EXPECT_STREQ(
		"t.yaml:1:13: error: unknown strategy \"nope\"\n"
		"  1 | { strategy: nope, intensity: 1, period: 5, auto_shutdown: never, children: "
		"[{id: a, start: [some, pr...\n"
		"    |             ^~~~\n" STRATEGIES "\n"
		"t.yaml:1:118: error: unknown restart \"nevermore\"\n"
		"  1 | ...ildren: [{id: a, start: [some, program], restart: nevermore, "
		"shutdown: 5 s, "
		"significant: false, type...\n"
		"    |                                                      ^~~~~~~~~\n"
		"    expected permanent, transient or temporary\n",
		ask_file("{ strategy: nope, intensity: 1, period: 5, auto_shutdown: never, "
			 "children: [{id: a, "
			 "start: [some, program], restart: nevermore, shutdown: 5 s, "
			 "significant: false, type: "
			 "worker}] }\n"));
}

TEST(a_request_shows_the_pointer_to_the_mistake)
{
	EXPECT_STREQ("spec: /children/0/shutdown: error: shutdown cannot be -5: it is negative\n"
		     "    expected brutal_kill, infinity, or a time up to 4294967294 ms: "
		     "milliseconds, or a number with ms, s, min or h\n",
		     ask_sup("{\"children\":[{\"id\":\"a\",\"start\":[\"x\"],\"shutdown\":-5}]}",
			     ST_BIND_STRICT));
}

/* RFC 6901 */
TEST(a_pointer_escapes_the_slash_and_the_tilde_of_a_key)
{
	EXPECT_STREQ("spec: /a~1b~0c: error: a supervisor has no key \"a/b~c\"\n"
		     "    expected strategy, intensity, period, auto_shutdown, max_children, "
		     "partitions, init, log, trace or children\n",
		     ask_sup("{\"a/b~c\":1}", ST_BIND_STRICT));
}

static const char *ask_with_mistakes(unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *text;

	st_buf_add_text(&yaml, "children:\n");
	while (nr--)
		st_buf_add_text(&yaml, "- 5\n");
	text = ask_file(st_buf_text(&yaml));
	st_buf_done(&yaml);
	return text;
}

TEST(after_100_mistakes_the_rest_is_counted)
{
	const char *text = ask_with_mistakes(100);

	EXPECT_NE(NULL, strstr(text, "t.yaml:101:3: error: a child cannot be 5\n"));
	EXPECT_EQ(NULL, strstr(text, "more error"));

	text = ask_with_mistakes(101);
	EXPECT_EQ(NULL, strstr(text, "t.yaml:102:3: error"));
	EXPECT_NE(NULL, strstr(text, "\nand 1 more error\n"));

	text = ask_with_mistakes(102);
	EXPECT_NE(NULL, strstr(text, "\nand 2 more errors\n"));
}

TEST(an_alias_repeats_a_mistake_but_not_its_message)
{
	EXPECT_STREQ("t.yaml:1:12: error: a child cannot be 5\n"
		     "  1 | children: [&x 5, *x, *x]\n"
		     "    |            ^~~~\n"
		     "    expected a map with id, start and so on\n",
		     ask_file("children: [&x 5, *x, *x]\n"));
}

/* What is made of a mistake is not made of its repetition either. */
TEST(an_alias_of_a_mistake_is_a_mistake)
{
	const char *text = ask_file("children:\n"
				    "- {id: a, start: &s }\n"
				    "- {id: b, start: *s}\n");

	EXPECT_NE(NULL, strstr(text, "t.yaml:2:18: error: "));
	EXPECT_EQ(NULL, strstr(text, "t.yaml:3"));
}

TEST_HARNESS_MAIN
