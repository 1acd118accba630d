// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines: a start that is one text, and the words it becomes.
 */
#include <string.h>

#include "core/limits.h"
#include "kselftest_harness.h"
#include "lib/asked.h"

static const struct {
	const char *line; /* as JSON */
	const char *words; /* as JSON */
} lines[] = {
	{ "\"x\"", "[\"x\"]" },
	{ "\"x -v\"", "[\"x\",\"-v\"]" },
	{ "\"  x\\t-v \\n y  \"", "[\"x\",\"-v\",\"y\"]" },
	{ "\"x 'two words'\"", "[\"x\",\"two words\"]" },
	{ "\"x \\\"two words\\\"\"", "[\"x\",\"two words\"]" },
	{ "\"x a'b c'd\"", "[\"x\",\"ab cd\"]" },
	{ "\"x '' \\\"\\\"\"", "[\"x\",\"\",\"\"]" },
	{ "\"x two\\\\ words\"", "[\"x\",\"two words\"]" },
	{ "\"x \\\"a\\\\\\\"b\\\"\"", "[\"x\",\"a\\\"b\"]" },
	{ "\"x 'a\\\\b'\"", "[\"x\",\"a\\\\b\"]" },
	{ "\"x \\\\\\\\\"", "[\"x\",\"\\\\\"]" },
	{ "\"x $HOME *.c `y` #z ; > a\"",
	  "[\"x\",\"$HOME\",\"*.c\",\"`y`\",\"#z\",\";\",\">\",\"a\"]" },
	{ "\"x \\\"it's\\\"\"", "[\"x\",\"it's\"]" },
};

TEST(a_command_line_is_split_at_white_space_and_quotes_keep_together)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(lines); i++) {
		char json[256], expected[256];
		const char *found;

		snprintf(json, sizeof(json), "{\"id\":\"a\",\"start\":%s}", lines[i].line);
		snprintf(expected, sizeof(expected), "\"start\":%s}", lines[i].words);
		found = strstr(ask_child_spec(json, ST_BIND_STRICT, NULL), "\"start\"");
		ASSERT_NE(NULL, found) TH_LOG("%s", lines[i].line);
		EXPECT_STREQ(expected, found);
	}
}

/* A child spec with @nr words of one letter, as a list or as a line. */
static const char *ask_words(unsigned int nr, bool as_list)
{
	struct st_buf json = ST_BUF_INIT;
	const char *answer;

	st_buf_add_text(&json, "{\"id\":\"a\",\"start\":");
	st_buf_add_text(&json, as_list ? "[" : "\"");
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_text(&json, as_list ? (i ? ",\"x\"" : "\"x\"") : (i ? " x" : "x"));
	st_buf_add_text(&json, as_list ? "]}" : "\"}");
	answer = ask_child_spec(st_buf_text(&json), ST_BIND_STRICT, NULL);
	st_buf_done(&json);
	return answer;
}

TEST(a_start_has_at_most_4096_words)
{
	EXPECT_EQ('{', ask_words(ST_MAX_ARGS, true)[0]);
	EXPECT_EQ('{', ask_words(ST_MAX_ARGS, false)[0]);
	EXPECT_NE(NULL, strstr(ask_words(ST_MAX_ARGS + 1, true), "it has too many words"));
	EXPECT_NE(NULL, strstr(ask_words(ST_MAX_ARGS + 1, false), "it has too many words"));
}

TEST_HARNESS_MAIN
