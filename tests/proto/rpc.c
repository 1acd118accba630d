// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON-RPC 2.0: each line is answered as the specification says, and a refusal
 * says what was meant.
 */
#include "proto/rpc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

/* Lines that are refused: the code, the id answered with, a part of the text. */
static const struct {
	const char *line;
	int code;
	const char *id; /* "": no answer */
	const char *text;
} refused[] = {
	{ "", -32700, "null", "not JSON" },
	{ "   ", -32700, "null", "not JSON" },
	{ "{", -32700, "null", "not JSON at byte" },
	{ "{\"a\":1}x", -32700, "null", "not JSON" },
	{ "nonsense", -32700, "null", "not JSON" },
	{ "{'a':1}", -32700, "null", "not JSON" },
	{ "{\"a\":\"\xff\"}", -32700, "null", "not JSON" },
	{ "{\"a\":\"\\u0000\"}", -32700, "null", "not JSON" },
	{ "{\"a\":1,\"a\":2}", -32700, "null", "duplicate" },
	{ "{\"a\":{\"b\":1,\"b\":2}}", -32700, "null", "duplicate" },
	{ "{\"a\":99999999999999999999}", -32700, "null", "too big" },
	{ "[]", -32600, "null", "batches are not served" },
	{ "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600, "null", "batches" },
	{ "1", -32600, "null", "must be an object" },
	{ "null", -32600, "null", "must be an object" },
	{ "\"ping\"", -32600, "null", "must be an object" },
	{ "{}", -32600, "null", "\"jsonrpc\" must be" },
	{ "{\"jsonrpc\":\"2.0\"}", -32600, "null", "\"method\" must be" },
	{ "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}", -32600, "7", "\"2.0\"" },
	{ "{\"jsonrpc\":2.0,\"id\":7,\"method\":\"ping\"}", -32600, "7", "\"2.0\"" },
	{ "{\"id\":7,\"method\":\"ping\"}", -32600, "7", "\"2.0\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":1}", -32600, "7", "must be a text" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600, "null", "\"id\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", -32600, "null", "\"id\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}", -32600, "null", "\"id\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"parms\":{}}", -32600, "1",
	  "unknown member \"parms\"; did you mean \"params\"?" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}", -32601, "1", "no operation \"\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"method\":\"pong\"}", -32601, "\"a\\\"b\"",
	  "no operation \"pong\" (\"operations\" lists all); did you mean \"ping\"?" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"which-children\"}", -32601, "1",
	  "did you mean \"which_children\"?" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"events\"}", -32601, "1",
	  "did you mean \"subscribe\"?" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"pong\"}", -32601, "", "" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602, "1",
	  "parameters are given by name" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", -32602, "1",
	  "must be an object" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"info\"}", -32602, "1",
	  "info: parameter \"path\" is missing" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"info\"}", -32602, "", "" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"info\"}", -32602, "null", "missing" },
};

TEST(each_bad_line_gets_its_error_its_id_and_a_reason)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(refused); i++) {
		struct st_rpc_request request;
		struct st_rpc_error error;
		int ret = st_rpc_parse(refused[i].line, strlen(refused[i].line), &request, &error);

		ASSERT_EQ(-EINVAL, ret) TH_LOG("line %zu: %s", i, refused[i].line);
		EXPECT_EQ(refused[i].code, st_errors[error.kind].code)
		TH_LOG("line %zu: %s: %s", i, refused[i].line, error.message);
		EXPECT_STREQ(refused[i].id, request.id.text) TH_LOG("line %zu", i);
		EXPECT_NE(NULL, strstr(error.message, refused[i].text))
		TH_LOG("line %zu: %s", i, error.message);
		EXPECT_EQ(NULL, request.params);
		st_rpc_request_done(&request);
	}
}

static int parse(const char *line, struct st_rpc_request *ret_request)
{
	struct st_rpc_error error;

	return st_rpc_parse(line, strlen(line), ret_request, &error);
}

TEST(a_good_request_gives_its_operation_id_and_parameters)
{
	struct st_rpc_request request;

	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"logs\","
			   "\"params\":{\"path\":\"/a/b\",\"lines\":3,\"follow\":true}}\r",
			   &request));
	EXPECT_EQ(ST_OPERATION_LOGS, request.op);
	EXPECT_STREQ("\"x\"", request.id.text);
	EXPECT_STREQ("a/b", st_rpc_text(&request, "path", "/"));
	EXPECT_EQ(3, st_rpc_integer(&request, "lines", 10));
	EXPECT_TRUE(st_rpc_flag(&request, "follow"));
	EXPECT_STREQ("fallback", st_rpc_text(&request, "lines", "fallback"));
	EXPECT_EQ(10, st_rpc_integer(&request, "path", 10));
	EXPECT_FALSE(st_rpc_flag(&request, "path"));
	st_rpc_request_done(&request);
}

TEST(a_method_that_a_process_offers_is_the_operation_invoke)
{
	struct st_rpc_request request;

	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x.demo/a.add\","
			   "\"params\":{\"n\":5}}",
			   &request));
	EXPECT_EQ(ST_OPERATION_INVOKE, request.op);
	EXPECT_STREQ("x.demo/a.add", st_rpc_text(&request, "operation", ""));
	EXPECT_EQ(5, json_integer_value(
			     json_object_get(json_object_get(request.params, "params"), "n")));
	st_rpc_request_done(&request);
	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x.a.get\"}", &request));
	EXPECT_EQ(0, json_object_size(json_object_get(request.params, "params")));
	st_rpc_request_done(&request);
	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"invoke\","
			   "\"params\":{\"operation\":\"x.a.get\"}}",
			   &request));
	EXPECT_STREQ("x.a.get", st_rpc_text(&request, "operation", ""));
	st_rpc_request_done(&request);
	EXPECT_EQ(-EINVAL, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x.a.get\","
				 "\"params\":[1]}",
				 &request));
	st_rpc_request_done(&request);
}

TEST(a_request_without_id_is_a_notification_and_one_with_null_is_not)
{
	struct st_rpc_request request;

	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", &request));
	EXPECT_STREQ("", request.id.text);
	st_rpc_request_done(&request);
	ASSERT_EQ(0, parse("{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":null}", &request));
	EXPECT_STREQ("null", request.id.text);
	st_rpc_request_done(&request);
}

TEST(an_id_may_have_127_bytes_of_json_and_no_more)
{
	static const char form[] = "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":\"%s\"}";
	struct st_rpc_request request;
	char id[ST_RPC_MAX_ID] = { 0 };
	char line[512];

	memset(id, 'x', ST_RPC_MAX_ID - 3); /* and two quotes */
	snprintf(line, sizeof(line), form, id);
	ASSERT_EQ(0, parse(line, &request));
	EXPECT_EQ(ST_RPC_MAX_ID - 1, strlen(request.id.text));
	st_rpc_request_done(&request);

	id[ST_RPC_MAX_ID - 3] = 'x';
	snprintf(line, sizeof(line), form, id);
	EXPECT_EQ(-EINVAL, parse(line, &request));
	EXPECT_STREQ("null", request.id.text);
}

/* A request whose deepest list is at a level; the object itself is level 1. */
static char *nested(int level)
{
	struct st_buf line = ST_BUF_INIT;

	st_buf_add_text(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":");
	for (int i = 1; i < level; i++)
		st_buf_add_char(&line, '[');
	for (int i = 1; i < level; i++)
		st_buf_add_char(&line, ']');
	st_buf_add_char(&line, '}');
	return line.data;
}

TEST(nesting_is_refused_before_it_is_parsed)
{
	static const struct {
		int level;
		enum st_error kind;
	} levels[] = {
		{ ST_RPC_MAX_DEPTH, ST_ERROR_INVALID_PARAMS },
		{ ST_RPC_MAX_DEPTH + 1, ST_ERROR_PARSE },
		{ 1000, ST_ERROR_PARSE },
		{ 500000, ST_ERROR_PARSE },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(levels); i++) {
		char *line = nested(levels[i].level);
		struct st_rpc_request request;
		struct st_rpc_error error;

		ASSERT_NE(NULL, line);
		ASSERT_EQ(-EINVAL, st_rpc_parse(line, strlen(line), &request, &error));
		EXPECT_EQ(levels[i].kind, error.kind) TH_LOG("level %d", levels[i].level);
		st_free(line);
	}
}

TEST(brackets_inside_a_text_are_no_nesting)
{
	struct st_buf line = ST_BUF_INIT;
	struct st_rpc_request request;
	struct st_rpc_error error;

	st_buf_add_text(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"info\",\"id\":1,"
			       "\"params\":{\"path\":\"\\\"");
	for (int i = 0; i < 200; i++)
		st_buf_add_text(&line, "[{");
	st_buf_add_text(&line, "\\\\\"}}");
	EXPECT_EQ(-EINVAL, st_rpc_parse(line.data, line.len, &request, &error));
	EXPECT_EQ(ST_ERROR_INVALID_PARAMS, error.kind) TH_LOG("%s", error.message);
	st_buf_done(&line);
}

static json_t *written(struct st_buf *out)
{
	json_t *json;

	if (out->len < 2 || strchr(out->data, '\n') != out->data + out->len - 1)
		return NULL;
	json = json_loadb(out->data, out->len, JSON_REJECT_DUPLICATES, NULL);
	st_buf_done(out);
	return json;
}

TEST(an_answer_is_one_line_with_the_id_as_it_came)
{
	const struct st_rpc_id id = { "\"a\\\"\"" };
	struct st_buf out = ST_BUF_INIT;
	json_t *json;

	st_rpc_write_result(&out, &id, "[1,2]", 5);
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"\",\"result\":[1,2]}\n", out.data);
	json = written(&out);
	EXPECT_NE(NULL, json);
	json_decref(json);
}

TEST(an_error_has_code_message_kind_parameter_and_the_term_of_otp)
{
	const struct st_rpc_id id = { "1" };
	struct st_rpc_error error;
	struct st_buf out = ST_BUF_INIT;
	json_t *json, *found, *data;

	st_rpc_fail(&error, ST_ERROR_START_ERROR, "spec", "start \"%s\"\n: no", "a");
	st_rpc_write_error(&out, &id, &error, "{\"code\":3}");
	json = written(&out);
	ASSERT_NE(NULL, json);
	found = json_object_get(json, "error");
	data = json_object_get(found, "data");
	EXPECT_EQ(st_errors[ST_ERROR_START_ERROR].code,
		  json_integer_value(json_object_get(found, "code")));
	EXPECT_STREQ("start \"a\"\n: no", json_string_value(json_object_get(found, "message")));
	EXPECT_STREQ("start_error", json_string_value(json_object_get(data, "kind")));
	EXPECT_STREQ("spec", json_string_value(json_object_get(data, "param")));
	EXPECT_EQ(3, json_integer_value(json_object_get(json_object_get(data, "otp"), "code")));
	json_decref(json);
}

TEST(a_notification_is_never_answered)
{
	const struct st_rpc_id none = { "" };
	struct st_rpc_error error = { .kind = ST_ERROR_FAILED };
	struct st_buf out = ST_BUF_INIT;

	st_rpc_write_result(&out, &none, "1", 1);
	st_rpc_write_error(&out, &none, &error, NULL);
	EXPECT_EQ(0, out.len);
}

TEST(a_request_that_is_written_is_read_as_the_same)
{
	json_t *params = json_pack("{s:s, s:i}", "path", "a", "pid", 7);
	struct st_rpc_request request;
	struct st_rpc_error error;
	struct st_buf out = ST_BUF_INIT;

	ASSERT_EQ(0, st_rpc_write_request(&out, 42, "terminate_child", params));
	ASSERT_EQ(0, st_rpc_parse(out.data, out.len, &request, &error));
	EXPECT_EQ(ST_OPERATION_TERMINATE_CHILD, request.op);
	EXPECT_STREQ("42", request.id.text);
	EXPECT_TRUE(json_equal(params, request.params));
	st_rpc_request_done(&request);
	json_decref(params);
	st_buf_done(&out);
}

TEST(a_long_text_of_an_error_is_cut_and_stays_valid)
{
	struct st_rpc_error error;
	char text[4096];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	st_rpc_fail(&error, ST_ERROR_FAILED, text, "%s", text);
	st_rpc_hint(&error, text);
	EXPECT_EQ(sizeof(error.message) - 1, strlen(error.message));
	EXPECT_EQ(sizeof(error.param) - 1, strlen(error.param));
}

TEST_HARNESS_MAIN
