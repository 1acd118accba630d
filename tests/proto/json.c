// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON writer: what it writes, jansson reads back as the same values.
 */
#include "proto/json.h"

#include <errno.h>
#include <jansson.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

TEST(commas_stand_between_values_and_nowhere_else)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &out);
	st_json_begin_object(&json);
	st_json_key(&json, "empty");
	st_json_begin_array(&json);
	st_json_end_array(&json);
	st_json_key(&json, "list");
	st_json_begin_array(&json);
	st_json_u64(&json, UINT64_MAX);
	st_json_i64(&json, INT64_MIN);
	st_json_begin_object(&json);
	st_json_end_object(&json);
	st_json_bool(&json, true);
	st_json_null(&json);
	st_json_raw(&json, "{\"a\":1}", 7);
	st_json_end_array(&json);
	st_json_text_field(&json, "t", "x");
	st_json_text_field(&json, "none", NULL);
	st_json_bool_field(&json, "b", false);
	st_json_i64_field(&json, "i", -1);
	st_json_u64_field(&json, "u", 1);
	st_json_end_object(&json);
	EXPECT_STREQ("{\"empty\":[],\"list\":[18446744073709551615,-9223372036854775808,{},"
		     "true,null,{\"a\":1}],\"t\":\"x\",\"none\":null,\"b\":false,\"i\":-1,"
		     "\"u\":1}",
		     st_buf_text(&out));
	st_buf_done(&out);
}

TEST(any_bytes_become_a_text_that_a_parser_accepts)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;
	char bytes[256];
	json_t *parsed;

	for (int i = 0; i < 256; i++)
		bytes[i] = (char)(i ? i : 1);
	st_json_init(&json, &out);
	st_json_begin_array(&json);
	st_json_text_len(&json, bytes, sizeof(bytes));
	st_json_text_len(&json, "", 0);
	st_json_end_array(&json);
	EXPECT_EQ(NULL, strchr(st_buf_text(&out), '\n'));
	parsed = json_loadb(out.data, out.len, 0, NULL);
	ASSERT_NE(NULL, parsed);
	EXPECT_EQ(0, memcmp(bytes, json_string_value(json_array_get(parsed, 0)), 128));
	json_decref(parsed);
	st_buf_done(&out);
}

TEST(a_key_is_escaped_as_well)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &out);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "a\"\n", 1);
	st_json_end_object(&json);
	EXPECT_STREQ("{\"a\\\"\\n\":1}", st_buf_text(&out));
	st_buf_done(&out);
}

TEST(a_failed_append_is_seen_at_the_end)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &out);
	st_alloc_fail_at(1);
	st_json_begin_object(&json);
	st_json_text_field(&json, "a", "b");
	st_json_end_object(&json);
	st_alloc_fail_at(0);
	EXPECT_EQ(-ENOMEM, st_buf_error(&out));
	st_buf_done(&out);
}

TEST_HARNESS_MAIN
