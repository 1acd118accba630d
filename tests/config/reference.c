// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference of keys, and that the table of keys is correct.
 */
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "config/keys.h"
#include "core/limits.h"
#include "kselftest_harness.h"

FIXTURE(reference)
{
	struct st_buf text;
};

FIXTURE_SETUP(reference)
{
	st_buf_init(&self->text);
	st_config_reference(&self->text);
	ASSERT_EQ(0, st_buf_error(&self->text));
}

FIXTURE_TEARDOWN(reference)
{
	st_buf_done(&self->text);
}

TEST_F(reference, every_key_is_described_in_at_most_79_columns)
{
	const char *text = st_buf_text(&self->text);

	for (size_t i = 0; i < st_nr_keys; i++) {
		char line[64];

		snprintf(line, sizeof(line), "\n  %s\n", st_keys[i].name);
		EXPECT_NE(NULL, strstr(text, line)) TH_LOG("%s", st_keys[i].name);
	}
	for (; *text; text += strcspn(text, "\n") + 1)
		EXPECT_GE(79ul, strcspn(text, "\n")) TH_LOG("%.90s", text);
}

/* What is written for a key after its name: its help, its type, its default. */
static void write_wanted(const struct st_key *key, struct st_buf *out)
{
	st_buf_add_text(out, key->name);
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, key->help);
	st_buf_add_text(out, " takes: ");
	st_key_write_expected(key, out);
	st_buf_add_text(out, " default: ");
	st_buf_add_text(out, key->fallback);
	st_buf_add_char(out, ' ');
}

/* Lines are broken and indented as the width asks for: all white space is one space. */
static void join_lines(const char *text, struct st_buf *out)
{
	for (; *text; text++)
		if (*text != ' ' && *text != '\n')
			st_buf_add_char(out, *text);
		else if (text[1] != ' ' && text[1] != '\n')
			st_buf_add_char(out, ' ');
}

TEST_F(reference, every_key_stands_in_each_of_its_sections_with_its_type_and_default)
{
	struct st_buf joined = ST_BUF_INIT, wanted = ST_BUF_INIT;
	const char *at;

	join_lines(st_buf_text(&self->text), &joined);
	at = st_buf_text(&joined);
	for (size_t i = 0; i < st_nr_key_sections; i++) {
		at = strstr(at, st_key_sections[i].title);
		ASSERT_NE(NULL, at) TH_LOG("%s", st_key_sections[i].title);
		for (size_t k = 0; k < st_nr_keys; k++) {
			if (!(st_keys[k].scopes & st_key_sections[i].scope))
				continue;
			st_buf_reset(&wanted);
			write_wanted(&st_keys[k], &wanted);
			at = strstr(at, st_buf_text(&wanted));
			ASSERT_NE(NULL, at)
			TH_LOG("%s: %s", st_key_sections[i].title, st_buf_text(&wanted));
		}
	}
	st_buf_done(&joined);
	st_buf_done(&wanted);
}

TEST(every_scope_of_a_file_has_a_section)
{
	unsigned int scopes = 0;

	for (size_t i = 0; i < st_nr_key_sections; i++)
		scopes |= st_key_sections[i].scope;
	for (size_t k = 0; k < st_nr_keys; k++) {
		EXPECT_EQ(0u, st_keys[k].scopes & ~(scopes | ST_SCOPE_FLAGS))
		TH_LOG("%s", st_keys[k].name);
	}
}

TEST_F(reference, a_key_shows_its_meaning_its_values_and_its_default)
{
	EXPECT_NE(
		NULL,
		strstr(st_buf_text(&self->text),
		       "  restart\n"
		       "      When the child is restarted: permanent after every end, "
		       "transient after\n"
		       "      an abnormal end, temporary never.\n"
		       "      takes: permanent, transient or temporary\n"
		       "      default: permanent; a supervisor right below the root: transient\n"));
}

/* What spec.h means by "NULL: the daemon's", and by a number that was not given. */
TEST_F(reference, what_a_process_inherits_is_shown_as_the_daemons)
{
	static const char *const keys[] = { "cwd", "user", "umask", "nice", "limits" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++) {
		const struct st_key *key = st_key_find(keys[i], ST_SCOPE_CHILD);

		EXPECT_STREQ("the daemon's", key->fallback) TH_LOG("%s", key->name);
	}
}

TEST_F(reference, every_resource_limit_is_listed)
{
	for (size_t i = 0; i < st_nr_resources; i++) {
		char line[64];

		snprintf(line, sizeof(line), "\n  %s ", st_resources[i].name);
		EXPECT_NE(NULL, strstr(st_buf_text(&self->text), line));
	}
	EXPECT_EQ((size_t)ST_MAX_RLIMITS, st_nr_resources);
}

TEST(every_row_of_the_table_is_complete)
{
	for (size_t i = 0; i < st_nr_keys; i++) {
		const struct st_key *key = &st_keys[i];

		EXPECT_NE(NULL, key->help);
		EXPECT_NE(NULL, key->fallback);
		EXPECT_TRUE(key->expected || key->words) TH_LOG("%s", key->name);
		EXPECT_EQ(key, st_key_find(key->name, (enum st_scope)key->scopes));
	}
}

/* The text of each limit, made from its constant. */
TEST(the_limits_in_the_table_are_those_of_the_constants)
{
	static const struct {
		const char *key;
		unsigned int scope;
		long long limit;
	} limits[] = {
		{ "intensity", ST_SCOPE_SUP, ST_MAX_INTENSITY },
		{ "period", ST_SCOPE_SUP, ST_MAX_PERIOD_S },
		{ "max_children", ST_SCOPE_SUP, ST_MAX_NODES },
		{ "id", ST_SCOPE_CHILD, ST_MAX_ID_LEN },
		{ "start", ST_SCOPE_CHILD, ST_MAX_ARGS },
		{ "shutdown", ST_SCOPE_CHILD, ST_MAX_TIMEOUT_MS },
		{ "start_timeout", ST_SCOPE_CHILD, ST_MAX_TIMEOUT_MS },
		{ "min", ST_SCOPE_BACKOFF, ST_MAX_TIMEOUT_MS },
		{ "max", ST_SCOPE_BACKOFF, ST_MAX_TIMEOUT_MS },
		{ "environment", ST_SCOPE_CHILD, ST_MAX_ENV },
		{ "cwd", ST_SCOPE_CHILD, ST_MAX_PATH_LEN },
		{ "file", ST_SCOPE_LOG, ST_MAX_PATH_LEN },
		{ "folder", ST_SCOPE_LOG, ST_MAX_PATH_LEN },
		{ "max_size", ST_SCOPE_LOG, ST_MIN_LOG_SIZE },
		{ "max_age", ST_SCOPE_LOG, ST_MAX_PERIOD_S },
		{ "keep", ST_SCOPE_LOG, ST_MAX_LOG_KEEP },
		{ "folder", ST_SCOPE_JOURNAL, ST_MAX_PATH_LEN },
		{ "max_age", ST_SCOPE_JOURNAL, ST_MAX_PERIOD_S },
		{ "writes", ST_SCOPE_WEB, ST_MAX_SERVICE_WRITES },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(limits); i++) {
		const struct st_key *key =
			st_key_find(limits[i].key, (enum st_scope)limits[i].scope);
		char digits[24];

		ASSERT_NE(NULL, key);
		snprintf(digits, sizeof(digits), " %lld", limits[i].limit);
		EXPECT_NE(NULL, strstr(key->expected, digits)) TH_LOG("%s", key->name);
	}
}

TEST_HARNESS_MAIN
