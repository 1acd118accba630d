// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters: each type takes its values up to the limit and refuses the next
 * one, with a sentence that says what must be.
 */
#include "proto/params.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "proto/ops.h"
#include "proto/value.h"

/* JSON of one value: is it accepted, and what does the refusal say? */
static const struct {
	enum st_param_type type;
	const char *value;
	const char *refusal; /* NULL: accepted */
} values[] = {
	{ ST_PARAM_PATH, "\"/\"", NULL },
	{ ST_PARAM_PATH, "\"a\"", NULL },
	{ ST_PARAM_PATH, "\"a/b.c/d-e f\"", NULL },
	{ ST_PARAM_PATH, "\"/a/b\"", NULL },
	{ ST_PARAM_PATH, "\"\"", "must be 1..4095 bytes, not 0" },
	{ ST_PARAM_PATH, "\"//\"", "must be ids joined by '/'" },
	{ ST_PARAM_PATH, "\"//a\"", "must be ids" },
	{ ST_PARAM_PATH, "\"a/\"", "must be ids" },
	{ ST_PARAM_PATH, "\"a//b\"", "must be ids" },
	{ ST_PARAM_PATH, "\"a/../b\"", "must be ids" },
	{ ST_PARAM_PATH, "\".\"", "must be ids" },
	{ ST_PARAM_PATH, "\"a\\nb\"", "must be ids" },
	{ ST_PARAM_PATH, "1", "must be a text, not a number" },
	{ ST_PARAM_PATH, "null", "must be a text, not null" },
	{ ST_PARAM_NAME, "\"a\"", NULL },
	{ ST_PARAM_NAME, "\"a/b\"", "without '/'" },
	{ ST_PARAM_NAME, "\"..\"", "not '.' or '..'" },
	{ ST_PARAM_WORD, "\"a.b/c\"", NULL },
	{ ST_PARAM_WORD, "\"\"", "must be 1..4095 bytes" },
	{ ST_PARAM_WORD, "\"a b\"", "must be one word" },
	{ ST_PARAM_WORD, "\"a\\u007f\"", "must be one word" },
	{ ST_PARAM_PATTERN, "\"a * b\"", NULL },
	{ ST_PARAM_PATTERN, "\"\"", "must be 1..256 bytes, not 0" },
	{ ST_PARAM_TEXT, "\"\"", NULL },
	{ ST_PARAM_TEXT, "\" a\\nb \"", NULL },
	{ ST_PARAM_TEXT, "1", "must be a text, not a number" },
	{ ST_PARAM_INTEGER, "-9223372036854775808", NULL },
	{ ST_PARAM_INTEGER, "9223372036854775807", NULL },
	{ ST_PARAM_INTEGER, "1.5", "must be a whole number, not a fraction" },
	{ ST_PARAM_OBJECT, "{}", NULL },
	{ ST_PARAM_OBJECT, "[]", "must be an object, not a list" },
	{ ST_PARAM_OBJECTS, "[]", NULL },
	{ ST_PARAM_OBJECTS, "[{}, {}]", NULL },
	{ ST_PARAM_OBJECTS, "{}", "must be a list of objects, not an object" },
	{ ST_PARAM_OBJECTS, "[{}, 1]", "must be a list of objects, not a number" },
	{ ST_PARAM_FILE, "\"/etc/x\"", NULL },
	{ ST_PARAM_FILE, "\"x\"", "absolute" },
	{ ST_PARAM_CONDITION, "\"a/b=up\"", NULL },
	{ ST_PARAM_CONDITION, "\"/=ready\"", NULL },
	{ ST_PARAM_CONDITION, "\"a=b=gone\"", NULL },
	{ ST_PARAM_CONDITION, "\"a=\"", "must be 3.." },
	{ ST_PARAM_CONDITION, "\"abc\"", "a path, '=' and a state" },
	{ ST_PARAM_CONDITION, "\"=up\"", "a path, '=' and a state" },
	{ ST_PARAM_CONDITION, "\"a//b=up\"", "a path, '=' and a state" },
	{ ST_PARAM_CONDITION, "\"a=upp\"", "must end with one of =running, =ready, =stopped" },
	{ ST_PARAM_STRATEGY, "\"one_for_all\"", NULL },
	{ ST_PARAM_STRATEGY, "\"one_for_al\"", "did you mean one_for_all?" },
	{ ST_PARAM_STRATEGY, "\"zzz\"", "must be one of one_for_one, one_for_all" },
	{ ST_PARAM_STRATEGY, "1", "must be a text" },
	{ ST_PARAM_AUTO_SHUTDOWN, "\"any_significant\"", NULL },
	{ ST_PARAM_AUTO_SHUTDOWN, "\"always\"", "must be one of never" },
	{ ST_PARAM_PID, "1", NULL },
	{ ST_PARAM_PID, "4194304", NULL },
	{ ST_PARAM_PID, "0", "must be 1..4194304, not 0" },
	{ ST_PARAM_PID, "-1", "not -1" },
	{ ST_PARAM_PID, "4194305", "not 4194305" },
	{ ST_PARAM_PID, "1.0", "must be a whole number, not a fraction" },
	{ ST_PARAM_PID, "\"1\"", "must be a whole number, not a text" },
	{ ST_PARAM_INTENSITY, "0", NULL },
	{ ST_PARAM_INTENSITY, "1000000000", NULL },
	{ ST_PARAM_INTENSITY, "1000000001", "must be 0..1000000000" },
	{ ST_PARAM_PERIOD, "1", NULL },
	{ ST_PARAM_PERIOD, "0", "must be 1..1000000000" },
	{ ST_PARAM_DURATION, "4294967294", NULL },
	{ ST_PARAM_DURATION, "4294967295", "must be 0..4294967294" },
	{ ST_PARAM_AGE, "0", NULL },
	{ ST_PARAM_AGE, "3155760000000", NULL },
	{ ST_PARAM_AGE, "3155760000001", "must be 0..3155760000000" },
	{ ST_PARAM_LINES, "100000", NULL },
	{ ST_PARAM_LINES, "100001", "must be 0..100000" },
	{ ST_PARAM_SEQ, "9223372036854775807", NULL },
	{ ST_PARAM_SEQ, "-1", "must be 0.." },
	{ ST_PARAM_WORDS, "\"a\"", "must be one of" },
	{ ST_PARAM_WORDS, "1", "must be a text" },
	{ ST_PARAM_CHILD, "\"/a/b\"", NULL },
	{ ST_PARAM_CHILD, "\"#7\"", NULL },
	{ ST_PARAM_CHILD, "\"a//b\"", "must be ids" },
	{ ST_PARAM_METHOD, "\"x.a.b\"", NULL },
	{ ST_PARAM_METHOD, "\"\"", "must be 1..4095 bytes" },
	{ ST_PARAM_COUNT, "9223372036854775807", NULL },
	{ ST_PARAM_COUNT, "-1", "must be 0.." },
	{ ST_PARAM_GENERATION, "1", NULL },
	{ ST_PARAM_GENERATION, "-1", "must be 0.." },
	{ ST_PARAM_UID, "4294967294", NULL },
	{ ST_PARAM_UID, "4294967295", "must be 0..4294967294, not 4294967295" },
	{ ST_PARAM_TIME_NS, "0", NULL },
	{ ST_PARAM_TIME_NS, "-1", "must be 0.." },
	{ ST_PARAM_REF, "1", NULL },
	{ ST_PARAM_REF, "\"1\"", "must be a whole number" },
	{ ST_PARAM_TRACE_ID, "1", NULL },
	{ ST_PARAM_TRACE_ID, "-1", "must be 0.." },
	{ ST_PARAM_FLAG, "true", NULL },
	{ ST_PARAM_FLAG, "false", NULL },
	{ ST_PARAM_FLAG, "1", "must be true or false, not a number" },
	{ ST_PARAM_ARGS, "[]", NULL },
	{ ST_PARAM_ARGS, "[\"a\",\"\"]", NULL },
	{ ST_PARAM_ARGS, "[1]", "must be a list of texts, not a number" },
	{ ST_PARAM_ARGS, "\"a\"", "must be a list of texts, not a text" },
	{ ST_PARAM_SIGNAL, "\"KILL\"", NULL },
	{ ST_PARAM_SIGNAL, "\"SIGTERM\"", NULL },
	{ ST_PARAM_SIGNAL, "64", NULL },
	{ ST_PARAM_SIGNAL, "65", "must be 1..64, not 65" },
	{ ST_PARAM_SIGNAL, "0", "must be 1..64, not 0" },
	{ ST_PARAM_SIGNAL, "\"KIL\"", "a signal's name" },
	{ ST_PARAM_SIGNAL, "true", "a signal's name or number" },
	{ ST_PARAM_SPEC, "{}", NULL },
	{ ST_PARAM_SPEC, "\"id: a\"", NULL },
	{ ST_PARAM_SPEC, "\"\"", "must be 1..1048576 bytes, not 0" },
	{ ST_PARAM_SPEC, "[]", "must be an object or a text, not a list" },
	{ ST_PARAM_SPECS, "[]", NULL },
	{ ST_PARAM_SPECS, "\"- id: a\"", NULL },
	{ ST_PARAM_SPECS, "{}", "must be a list or a text, not an object" },
	{ ST_PARAM_REASON, "\"normal\"", NULL },
	{ ST_PARAM_REASON, "\"killed\"", NULL },
	{ ST_PARAM_REASON, "{\"shutdown\":15}", NULL },
	{ ST_PARAM_REASON, "{\"shutdown\":16}", "must be one of normal" },
	{ ST_PARAM_REASON, "{\"code\":255}", NULL },
	{ ST_PARAM_STATE, "\"\"", NULL },
	{ ST_PARAM_STATE, "\"value 5\"", NULL },
	{ ST_PARAM_STATE, "5", "must be a text" },
	{ ST_PARAM_REASON, "{\"code\":256}", "must be one of normal" },
	{ ST_PARAM_REASON, "{\"code\":0}", "must be one of normal" },
	{ ST_PARAM_REASON, "{\"signal\":\"SEGV\"}", NULL },
	{ ST_PARAM_REASON, "{\"signal\":\"NONE\"}", "must be one of normal" },
	{ ST_PARAM_REASON, "{\"signal\":\"SEGV\",\"code\":1}", "must be one of normal" },
	{ ST_PARAM_REASON, "\"abnormal\"", "must be one of normal" },
	{ ST_PARAM_REASON, "[]", "must be one of normal" },
};

/* A parameter that has only its type. */
static int check(enum st_param_type type, json_t *value, struct st_buf *why)
{
	const struct st_param param = { .name = "p", .type = type };

	return st_value_check(&param, value, why);
}

TEST(each_type_takes_what_it_promises_and_refuses_the_rest)
{
	bool seen[ST_PARAM__MAX] = { false };

	for (size_t i = 0; i < ST_ARRAY_SIZE(values); i++) {
		json_t *value = json_loads(values[i].value, JSON_DECODE_ANY, NULL);
		struct st_buf why = ST_BUF_INIT;
		int ret;

		ASSERT_NE(NULL, value) TH_LOG("%s", values[i].value);
		ret = check(values[i].type, value, &why);
		EXPECT_EQ(values[i].refusal ? -EINVAL : 0, ret)
		TH_LOG("%s %s: %s", st_param_types[values[i].type].name, values[i].value,
		       st_buf_text(&why));
		EXPECT_NE(NULL, strstr(st_buf_text(&why), values[i].refusal ?: ""))
		TH_LOG("%s: %s", values[i].value, st_buf_text(&why));
		seen[values[i].type] = true;
		st_buf_done(&why);
		json_decref(value);
	}
	for (int type = 0; type < ST_PARAM__MAX; type++) {
		EXPECT_TRUE(seen[type]) TH_LOG("no value for %s", st_param_types[type].name);
	}
}

/* A text of a length, as ids of at most 200 bytes joined by '/'. */
static json_t *long_text(size_t len, bool is_path)
{
	char *text = malloc(len + 1);
	json_t *json;

	if (!text)
		abort();
	for (size_t i = 0; i < len; i++)
		text[i] = is_path && i % 201 == 200 ? '/' : 'x';
	text[len] = '\0';
	json = json_string(text);
	free(text);
	return json;
}

TEST(texts_and_lists_are_limited_in_length)
{
	static const struct {
		enum st_param_type type;
		size_t limit;
	} limits[] = {
		{ ST_PARAM_PATH, ST_MAX_PATH_LEN },
		{ ST_PARAM_NAME, ST_MAX_ID_LEN },
		{ ST_PARAM_SPEC, ST_MAX_SPEC_LEN },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(limits); i++) {
		for (size_t beyond = 0; beyond <= 1; beyond++) {
			json_t *value = long_text(limits[i].limit + beyond,
						  limits[i].type == ST_PARAM_PATH);
			struct st_buf why = ST_BUF_INIT;

			EXPECT_EQ(beyond ? -EINVAL : 0, check(limits[i].type, value, &why))
			TH_LOG("%zu: %s", limits[i].limit, st_buf_text(&why));
			st_buf_done(&why);
			json_decref(value);
		}
	}
}

TEST(an_id_within_a_path_may_have_255_bytes)
{
	struct st_buf why = ST_BUF_INIT;
	json_t *value = long_text(ST_MAX_ID_LEN, false);

	EXPECT_EQ(0, check(ST_PARAM_PATH, value, &why));
	json_decref(value);
	value = long_text(ST_MAX_ID_LEN + 1, false);
	EXPECT_EQ(-EINVAL, check(ST_PARAM_PATH, value, &why));
	json_decref(value);
	st_buf_done(&why);
}

TEST(a_list_of_arguments_is_limited_in_number)
{
	struct st_buf why = ST_BUF_INIT;
	json_t *args = json_array();

	for (int i = 0; i < ST_MAX_ARGS; i++)
		json_array_append_new(args, json_string("x"));
	EXPECT_EQ(0, check(ST_PARAM_ARGS, args, &why));
	json_array_append_new(args, json_string("x"));
	EXPECT_EQ(-EINVAL, check(ST_PARAM_ARGS, args, &why));
	EXPECT_NE(NULL, strstr(st_buf_text(&why), "must be 0..4096 texts, not 4097"));
	st_buf_done(&why);
	json_decref(args);
}

/* What the columns of a parameter add to its type. */
static const struct st_param columns[] = {
	ST_PARAM("few", COUNT, OPTIONAL, OPTION, 0, NUMBER(20), "some", ST_BETWEEN(3, 7))
		ST_PARAM("short", TEXT, OPTIONAL, OPTION, 0, NONE, "a text", ST_BETWEEN(2, 4))
			ST_PARAM("form", WORD, OPTIONAL, OPTION, 0, TEXT("text"), "a form",
				 ST_ONLY("text", "csv")) ST_PARAM("kinds", WORDS, OPTIONAL, OPTION,
								  0, NONE, "kinds",
								  ST_ONLY("pipe", "unix"))
				ST_PARAM("timeout_ms", DURATION, OPTIONAL, OPTION, 0, NUMBER(5000),
					 "a time") ST_PARAM("pause_ms", DURATION, OPTIONAL, OPTION,
							    0, NUMBER(1500), "a time")
					ST_PARAM("all", FLAG, OPTIONAL, OPTION, 0, FALSE, "a flag")
						ST_PARAM("since", TIME_NS, OPTIONAL, OPTION, 0,
							 MEANS("now"), "a time")
};

TEST(a_parameter_may_have_narrower_limits_than_its_type_and_words_of_its_own)
{
	static const struct {
		unsigned int column;
		const char *value;
		const char *refusal; /* NULL: accepted */
	} cases[] = {
		{ 0, "3", NULL },
		{ 0, "7", NULL },
		{ 0, "2", "must be 3..7, not 2" },
		{ 0, "8", "must be 3..7, not 8" },
		{ 1, "\"ab\"", NULL },
		{ 1, "\"a\"", "must be 2..4 bytes, not 1" },
		{ 1, "\"abcde\"", "must be 2..4 bytes, not 5" },
		{ 2, "\"csv\"", NULL },
		{ 2, "\"cvs\"", "must be one of text, csv; did you mean csv?" },
		{ 2, "\"text,csv\"", "must be one of text, csv" },
		{ 3, "\"unix\"", NULL },
		{ 3, "\"unix,pipe,unix\"", NULL },
		{ 3, "\"unix,pip\"", "must be one of pipe, unix; did you mean pipe?" },
		{ 3, "\"unix,\"", "must be one of pipe, unix" },
		{ 3, "\"\"", "must be one of pipe, unix" },
		{ 3, "7", "must be a text, not a number" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		json_t *value = json_loads(cases[i].value, JSON_DECODE_ANY, NULL);
		struct st_buf why = ST_BUF_INIT;

		EXPECT_EQ(cases[i].refusal ? -EINVAL : 0,
			  st_value_check(&columns[cases[i].column], value, &why))
		TH_LOG("%s", cases[i].value);
		EXPECT_NE(NULL, strstr(st_buf_text(&why), cases[i].refusal ?: ""))
		TH_LOG("%s: %s", cases[i].value, st_buf_text(&why));
		st_buf_done(&why);
		json_decref(value);
	}
}

TEST(a_default_is_shown_in_the_unit_of_its_type)
{
	static const char *const texts[] = { "20", "", "text", "", "5s", "1500ms", "", "now" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(texts); i++) {
		struct st_buf out = ST_BUF_INIT;

		st_param_write_default(&columns[i], &out);
		EXPECT_STREQ(texts[i], st_buf_text(&out));
		st_buf_done(&out);
	}
}

/* An operation with two sets of which one is needed, and with an older name. */
static const struct st_param of_two_sets[] = {
	ST_PARAM("path", CHILD, ONE_OF, ARG, 0, NONE, "who", ST_ALIAS("name"), ST_SET(1))
		ST_PARAM("pid", PID, ONE_OF, OPTION, 0, NONE, "who", ST_SET(1))
			ST_PARAM("file", FILE, ONE_OF, OPTION, 0, NONE, "what", ST_SET(2))
				ST_PARAM("text", TEXT, ONE_OF, OPTION, 0, NONE, "what", ST_SET(2),
					 ST_IN(QUERY)){ .name = NULL }
};
static const struct st_operation_row two_sets = {
	.name = "two_sets",
	.params = of_two_sets,
	.rest = { .verb = ST_HTTP_POST, .path = "/things/{path}", .status = 200 },
};

TEST(of_each_set_exactly_one_parameter_is_needed)
{
	static const struct {
		const char *params;
		const char *refusal; /* NULL: accepted */
	} cases[] = {
		{ "{\"path\":\"a\",\"text\":\"b\"}", NULL },
		{ "{\"pid\":7,\"file\":\"/b\"}", NULL },
		{ "{\"pid\":7}", "needed of \"file\", \"text\", but 0 are given" },
		{ "{\"text\":\"b\"}", "needed of \"path\", \"pid\", but 0 are given" },
		{ "{\"path\":\"a\",\"pid\":7,\"text\":\"b\"}",
		  "needed of \"path\", \"pid\", but 2 are given" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		json_t *params = json_loads(cases[i].params, 0, NULL);
		struct st_rpc_error error = { .message = "" };

		EXPECT_EQ(cases[i].refusal ? -EINVAL : 0,
			  st_params_check(&two_sets, params, &error));
		EXPECT_NE(NULL, strstr(error.message, cases[i].refusal ?: ""))
		TH_LOG("%s: %s", cases[i].params, error.message);
		json_decref(params);
	}
}

TEST(an_older_name_of_a_parameter_is_taken_for_the_newer_one_but_not_beside_it)
{
	json_t *params = json_loads("{\"name\":\"/a\",\"text\":\"b\"}", 0, NULL);
	struct st_rpc_error error = { .message = "" };

	ASSERT_EQ(0, st_params_check(&two_sets, params, &error)) TH_LOG("%s", error.message);
	EXPECT_STREQ("a", json_string_value(json_object_get(params, "path")));
	EXPECT_EQ(NULL, json_object_get(params, "name"));
	json_object_set_new(params, "name", json_string("a"));
	ASSERT_EQ(-EINVAL, st_params_check(&two_sets, params, &error));
	EXPECT_STREQ("two_sets: \"name\" is an older name of \"path\": give one of them, not both",
		     error.message);
	EXPECT_STREQ("name", error.param);
	json_decref(params);
}

TEST(rest_has_a_parameter_in_the_path_the_query_or_the_body)
{
	struct st_operation_row row = two_sets;

	EXPECT_EQ(ST_REST_IN_PATH, st_operation_rest_in(&row, &of_two_sets[0]));
	EXPECT_EQ(ST_REST_IN_BODY, st_operation_rest_in(&row, &of_two_sets[1]));
	EXPECT_EQ(ST_REST_IN_QUERY, st_operation_rest_in(&row, &of_two_sets[3]));
	row.rest.verb = ST_HTTP_GET;
	EXPECT_EQ(ST_REST_IN_PATH, st_operation_rest_in(&row, &of_two_sets[0]));
	EXPECT_EQ(ST_REST_IN_QUERY, st_operation_rest_in(&row, &of_two_sets[1]));
	row.rest.verb = ST_HTTP_DELETE;
	EXPECT_EQ(ST_REST_IN_QUERY, st_operation_rest_in(&row, &of_two_sets[1]));
}

/* Whole sets of parameters: what the check says about them. */
static const struct {
	enum st_operation op;
	const char *params;
	const char *refusal; /* NULL: accepted */
	const char *param;
} sets[] = {
	{ ST_OPERATION_PING, "{}", NULL, "" },
	{ ST_OPERATION_PING, "{\"path\":\"a\"}", "ping: unknown parameter \"path\"", "path" },
	{ ST_OPERATION_INFO, "{\"pth\":\"a\"}", "\"pth\"; did you mean \"path\"?", "pth" },
	{ ST_OPERATION_INFO, "{}", "info: parameter \"path\" is missing: the child", "path" },
	{ ST_OPERATION_INFO, "{\"path\":7}", "info: parameter \"path\" must be a text", "path" },
	{ ST_OPERATION_START_CHILD, "{\"path\":\"a\",\"spec\":{}}", NULL, "" },
	{ ST_OPERATION_START_CHILD, "{\"path\":\"a\",\"name\":\"n\",\"args\":[\"x\"]}", NULL, "" },
	{ ST_OPERATION_START_CHILD, "{\"path\":\"a\"}",
	  "exactly one parameter is needed of \"spec\", \"name\", but 0 are given", "" },
	{ ST_OPERATION_START_CHILD, "{\"path\":\"a\",\"spec\":{},\"name\":\"n\"}",
	  "but 2 are given", "" },
	{ ST_OPERATION_KILL, "{\"pid\":7,\"signal\":\"TERM\"}", NULL, "" },
	{ ST_OPERATION_KILL, "{\"path\":\"a\"}", NULL, "" },
	{ ST_OPERATION_KILL, "{}", "but 0 are given", "" },
	{ ST_OPERATION_STRATEGY, "{\"path\":\"a\",\"period\":0}",
	  "strategy: parameter \"period\" must be 1..", "period" },
};

TEST(a_set_of_parameters_is_checked_against_its_operation)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(sets); i++) {
		json_t *params = json_loads(sets[i].params, 0, NULL);
		struct st_rpc_error error = { .message = "" };
		int ret = st_params_check(&st_operations[sets[i].op], params, &error);

		EXPECT_EQ(sets[i].refusal ? -EINVAL : 0, ret)
		TH_LOG("%s: %s", sets[i].params, error.message);
		EXPECT_NE(NULL, strstr(error.message, sets[i].refusal ?: ""))
		TH_LOG("%s: %s", sets[i].params, error.message);
		EXPECT_STREQ(sets[i].param, error.param) TH_LOG("%s", sets[i].params);
		json_decref(params);
	}
}

TEST_HARNESS_MAIN
