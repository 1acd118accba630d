// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations table is complete and consistent, and is written correctly.
 */
#include "proto/ops.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "kselftest_harness.h"
#include "proto/json.h"

#define FOR_EACH_ROW(row) \
	for (const struct st_operation_row *row = st_operations; \
	     row < st_operations + ST_OPERATION__MAX; row++)

static bool is_sentence_part(const char *text)
{
	return text && strlen(text) >= 5 && text[strlen(text) - 1] != '.';
}

TEST(every_row_says_all_that_help_shows)
{
	FOR_EACH_ROW(row)
	{
		EXPECT_TRUE(is_sentence_part(row->summary)) TH_LOG("%s", row->name);
		EXPECT_TRUE(islower(row->summary[0])) TH_LOG("%s", row->name);
		EXPECT_LE(strlen(row->summary), 76) TH_LOG("%s", row->name);
		EXPECT_LT(row->owner, ST_OWNER__MAX) TH_LOG("%s", row->name);
		EXPECT_LT(row->group, ST_GROUP__MAX) TH_LOG("%s", row->name);
		EXPECT_TRUE(*st_shapes[row->shape].name) TH_LOG("%s", row->name);
		EXPECT_GT(row->role, ST_ROLE_NONE) TH_LOG("%s", row->name);
		EXPECT_LT(row->role, ST_ROLE__MAX) TH_LOG("%s", row->name);
	}
}

TEST(every_example_is_a_call_of_its_own_verb)
{
	FOR_EACH_ROW(row)
	{
		size_t len = strlen(row->verb);

		ASSERT_EQ(0, strncmp(row->example, "suptree ", 8)) TH_LOG("%s", row->name);
		EXPECT_EQ(0, strncmp(row->example + 8, row->verb, len)) TH_LOG("%s", row->name);
		EXPECT_TRUE(strchr(" ", row->example[8 + len]) != NULL);
	}
}

TEST(a_verb_is_the_name_with_dashes_but_for_events)
{
	FOR_EACH_ROW(row)
	{
		char verb[64];

		snprintf(verb, sizeof(verb), "%s", row->name);
		for (char *c = verb; *c; c++)
			*c = *c == '_' ? '-' : *c;
		EXPECT_STREQ(row == &st_operations[ST_OPERATION_SUBSCRIBE] ? "events" : verb,
			     row->verb);
	}
}

TEST(names_and_verbs_are_found_and_belong_to_one_row)
{
	FOR_EACH_ROW(row)
	{
		EXPECT_EQ(row - st_operations, st_operation_find(row->name));
		EXPECT_EQ(row - st_operations, st_operation_find(row->verb));
	}
	EXPECT_EQ(-ENOENT, st_operation_find("nothing"));
	EXPECT_EQ(-ENOENT, st_operation_find(""));
}

static int letters_of(const struct st_operation_row *row, char letter)
{
	int nr = 0;

	for (const struct st_param *param = row->params; param->name; param++)
		nr += param->letter == letter;
	return nr;
}

TEST(every_parameter_has_help_and_a_place_that_suits_it)
{
	FOR_EACH_ROW(row)
	{
		bool optional_arg_before = false;

		for (const struct st_param *param = row->params; param->name; param++) {
			EXPECT_TRUE(is_sentence_part(param->help))
			TH_LOG("%s %s", row->name, param->name);
			EXPECT_EQ(param, st_operation_param(row, param->name));
			EXPECT_LT(param->type, ST_PARAM__MAX);
			EXPECT_EQ(param->letter ? 1 : letters_of(row, 0),
				  letters_of(row, param->letter))
			TH_LOG("%s -%c", row->name, param->letter);
			if (param->place != ST_PLACE_ARG)
				continue;
			EXPECT_FALSE(optional_arg_before && param->need == ST_NEED_REQUIRED)
			TH_LOG("%s %s", row->name, param->name);
			optional_arg_before |= param->need != ST_NEED_REQUIRED;
			EXPECT_EQ(0, param->letter);
		}
	}
}

TEST(the_short_options_of_all_verbs_leave_those_of_every_verb_alone)
{
	FOR_EACH_ROW(row)
	{
		EXPECT_EQ(0, letters_of(row, 'h')) TH_LOG("%s", row->name);
		EXPECT_EQ(0, letters_of(row, 'j')) TH_LOG("%s", row->name);
	}
}

/* Which process talks to which: operators only, although a look changes nothing. */
static bool shows_who_talks(const struct st_operation_row *row)
{
	return row == &st_operations[ST_OPERATION_TRACE_HISTORY] ||
	       row == &st_operations[ST_OPERATION_TRACE_ANALYZE];
}

TEST(viewers_may_use_exactly_the_rows_that_change_nothing_and_show_nothing_private)
{
	FOR_EACH_ROW(row)
	{
		EXPECT_EQ((row->flags & ST_CHANGES) || shows_who_talks(row),
			  row->role > ST_ROLE_VIEWER)
		TH_LOG("%s", row->name);
	}
}

/*
 * Of a process that shall run, noproc; a monitor answers with its end. A secret is like a
 * path, and so is the child below which processes are listed.
 */
static uint64_t error_of_no_child(const struct st_operation_row *row)
{
	const struct st_param *path = st_operation_param(row, "path");

	if (st_operation_param(row, "secret") || st_operation_param(row, "below"))
		return ST_ON(NOT_FOUND);
	if (!strncmp(row->name, "services_", strlen("services_")))
		return ST_ON(NOT_FOUND); /* the child of a service */
	if (!path || row == &st_operations[ST_OPERATION_SUBSCRIBE] ||
	    row == &st_operations[ST_OPERATION_MONITOR])
		return 0;
	if (path->type == ST_PARAM_PATH || row->owner != ST_OWNER_DAEMON ||
	    row == &st_operations[ST_OPERATION_WHY])
		return ST_ON(NOT_FOUND);
	return ST_ON(NOPROC);
}

TEST(a_path_or_secret_that_may_be_wrong_is_answered_with_not_found_or_noproc_but_by_subscribe)
{
	FOR_EACH_ROW(row)
	{
		uint64_t error = error_of_no_child(row);

		EXPECT_EQ(error, row->errors & error) TH_LOG("%s", row->name);
		EXPECT_EQ(error == ST_ON(NOT_FOUND), !!(row->errors & ST_ON(NOT_FOUND)))
		TH_LOG("%s", row->name);
	}
}

TEST(a_row_of_another_owner_may_fail_as_a_call_of_its_process_does)
{
	FOR_EACH_ROW(row)
	{
		if (row->owner == ST_OWNER_DAEMON)
			continue;
		EXPECT_EQ(ST_ON_RELAY, row->errors & ST_ON_RELAY) TH_LOG("%s", row->name);
		EXPECT_GT(st_owners[row->owner].timeout_ms, 0) TH_LOG("%s", row->name);
		EXPECT_TRUE(*st_owners[row->owner].start) TH_LOG("%s", row->name);
	}
}

/* How many braces a path has. */
static size_t braces_of(const struct st_operation_row *row)
{
	size_t nr = 0;

	for (const char *at = row->rest.path; (at = strchr(at, '{')); at++)
		nr++;
	return nr;
}

TEST(a_rest_path_has_parameters_of_its_row_in_braces_and_none_else)
{
	FOR_EACH_ROW(row)
	{
		size_t nr = 0;

		EXPECT_EQ(row->rest.verb == ST_HTTP_NONE, !row->rest.path) TH_LOG("%s", row->name);
		if (!row->rest.path)
			continue;
		EXPECT_EQ('/', row->rest.path[0]) TH_LOG("%s", row->name);
		EXPECT_TRUE(row->rest.status == 200 || row->rest.status == 201);
		for (const struct st_param *param = row->params; param->name; param++) {
			if (st_operation_rest_in(row, param) != ST_REST_IN_PATH)
				continue;
			EXPECT_NE(ST_NEED_OPTIONAL, param->need) TH_LOG("%s", row->name);
			nr++;
		}
		EXPECT_EQ(nr, braces_of(row)) TH_LOG("%s", row->name);
	}
}

TEST(no_two_rows_have_the_same_rest_verb_and_path)
{
	FOR_EACH_ROW(row)
	{
		for (int i = 0; row->rest.path && &st_operations[i] < row; i++) {
			EXPECT_FALSE(row->rest.verb == st_operations[i].rest.verb &&
				     !strcmp(row->rest.path, st_operations[i].rest.path))
			TH_LOG("%s %s", row->name, st_operations[i].name);
		}
	}
}

/* A page that is looked at twice, or ahead of time, must do no harm. */
TEST(get_changes_nothing)
{
	FOR_EACH_ROW(row)
	{
		EXPECT_FALSE(row->rest.verb == ST_HTTP_GET && row->flags & ST_CHANGES)
		TH_LOG("%s", row->name);
	}
}

TEST(kinds_and_codes_of_errors_are_unique_and_ours_are_positive)
{
	for (int i = 0; i < ST_ERROR__MAX; i++) {
		EXPECT_EQ(i, st_error_find(st_errors[i].kind));
		EXPECT_TRUE(is_sentence_part(st_errors[i].meaning));
		EXPECT_TRUE(st_errors[i].http >= 400 && st_errors[i].http < 600);
		EXPECT_NE(ST_EXIT_OK, st_errors[i].exit_code);
		EXPECT_EQ(i <= ST_ERROR_INTERNAL, st_errors[i].code < 0);
		for (int k = 0; k < i; k++)
			EXPECT_NE(st_errors[k].code, st_errors[i].code);
	}
	EXPECT_EQ(-ENOENT, st_error_find("no such kind"));
}

TEST(the_nearest_name_is_suggested_and_none_if_nothing_is_near)
{
	EXPECT_STREQ("start_child", st_operation_nearest("start_chidl"));
	EXPECT_STREQ("tree", st_operation_nearest("teee"));
	EXPECT_EQ(NULL, st_operation_nearest("zzzzzzzz"));
	EXPECT_EQ(NULL, st_operation_nearest(""));
	EXPECT_STREQ("intensity",
		     st_operation_nearest_param(&st_operations[ST_OPERATION_STRATEGY], "intensty"));
	EXPECT_EQ(NULL, st_operation_nearest_param(&st_operations[ST_OPERATION_PING], "path"));
}

TEST(the_table_as_json_has_every_row_and_parameter)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;
	json_t *all;

	st_json_init(&json, &out);
	st_json_begin_array(&json);
	st_operations_write(&json);
	st_json_end_array(&json);
	all = json_loadb(st_buf_text(&out), out.len, JSON_REJECT_DUPLICATES, NULL);
	ASSERT_NE(NULL, all);
	ASSERT_EQ(ST_OPERATION__MAX, json_array_size(all));
	FOR_EACH_ROW(row)
	{
		json_t *object = json_array_get(all, (size_t)(row - st_operations));
		json_t *params = json_object_get(object, "params");
		size_t nr = 0;

		EXPECT_STREQ(row->name, json_string_value(json_object_get(object, "name")));
		for (const struct st_param *param = row->params; param->name; param++) {
			json_t *found = json_array_get(params, nr++);

			EXPECT_STREQ(param->name,
				     json_string_value(json_object_get(found, "name")));
			EXPECT_STREQ(param->help,
				     json_string_value(json_object_get(found, "help")));
		}
		EXPECT_EQ(nr, json_array_size(params));
		EXPECT_EQ((size_t)__builtin_popcountll(row->errors),
			  json_array_size(json_object_get(object, "errors")));
	}
	json_decref(all);
	st_buf_done(&out);
}

TEST_HARNESS_MAIN
