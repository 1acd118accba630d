// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of services are checked against their shapes, and written anew.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/compiler.h"
#include "kselftest_harness.h"
#include "proto/json.h"
#include "proto/shapes.h"

static int check(enum st_shape shape, const char *text, struct st_buf *why)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
	int ret = value ? st_shape_check(shape, value, why) : -EBADMSG;

	json_decref(value);
	return ret;
}

#define END "{\"pid\":1,\"name\":\"a\"}"
#define RECORD(more) \
	"{\"seq\":1,\"time_ns\":2,\"cpu\":0,\"sequence\":3,\"from\":" END ",\"to\":null," \
	"\"flags\":[\"kernel\"]," more "}"
#define SIGNAL RECORD("\"kind\":\"signal\",\"action\":\"sent\",\"signal\":15,\"code\":0")
#define PACKET(payload) \
	RECORD("\"kind\":\"unix\",\"action\":\"message\",\"source\":1,\"channel\":2,\"serial\":3," \
	       "\"size\":2,\"payload\":\"" payload "\",\"offset\":0")

static const struct {
	enum st_shape shape;
	const char *text;
	const char *why; /* NULL: it has the shape */
} values[] = {
	{ ST_SHAPE_OK, "{\"ok\":true}", NULL },
	{ ST_SHAPE_OK, "{\"ok\":false}", "ok: must be true" },
	{ ST_SHAPE_OK, "{}", "ok: is missing" },
	{ ST_SHAPE_OK, "[]", "must be an object" },
	{ ST_SHAPE_OK, "{\"ok\":true,\"id\":1}", "has an unknown member" },
	{ ST_SHAPE_PERCENTILES, "{\"p50\":1,\"p90\":2,\"p99\":3,\"largest\":4}", NULL },
	{ ST_SHAPE_PERCENTILES, "{\"p50\":-1,\"p90\":2,\"p99\":3,\"largest\":4}",
	  "p50: must be a whole number in its range" },
	{ ST_SHAPE_PERCENTILES, "{\"p50\":1.0,\"p90\":2,\"p99\":3,\"largest\":4}",
	  "p50: must be a whole number in its range" },
	{ ST_SHAPE_TRACE_RECORDS, "[]", NULL },
	{ ST_SHAPE_TRACE_RECORDS, "[" SIGNAL "," PACKET("00ff") "]", NULL },
	{ ST_SHAPE_TRACE_RECORDS, "[" PACKET("0") "]", "payload: has a text of the wrong form" },
	{ ST_SHAPE_TRACE_RECORDS, "[" PACKET("00\\n") "]",
	  "payload: has a text of the wrong form" },
	{ ST_SHAPE_TRACE_RECORDS, "[" RECORD("\"kind\":\"voice\"") "]",
	  "is none of the alternatives" },
	{ ST_SHAPE_TRACE_RECORDS, "{}", "must be a list" },
	{ ST_SHAPE_BACKOFF, "{\"min\":1,\"max\":2,\"jitter\":101}",
	  "jitter: must be a whole number in its range" },
	{ ST_SHAPE_LOG_SPEC, "\"none\"", NULL },
	{ ST_SHAPE_LOG_SPEC, "{\"keep\":1}", NULL },
	{ ST_SHAPE_LOG_SPEC, "\"some\"", "is none of the words it can be" },
	{ ST_SHAPE_VARIABLE, "null", NULL },
	{ ST_SHAPE_VARIABLE, "\"x\"", NULL },
	{ ST_SHAPE_VARIABLE, "7", "must be a text" },
};

TEST(a_value_has_a_shape_or_it_is_said_where_not)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(values); i++) {
		struct st_buf why = ST_BUF_INIT;

		EXPECT_EQ(values[i].why ? -EINVAL : 0, check(values[i].shape, values[i].text, &why))
		TH_LOG("%s: %s", values[i].text, st_buf_text(&why));
		EXPECT_STREQ(values[i].why ? values[i].why : "", st_buf_text(&why));
		st_buf_done(&why);
	}
}

TEST(a_place_inside_is_named_by_its_path)
{
	struct st_buf why = ST_BUF_INIT;

	EXPECT_EQ(-EINVAL,
		  check(ST_SHAPE_TRACE_CALLS,
			"{\"answered\":1,\"unanswered\":0,\"latency_ns\":{\"p50\":\"x\"}}", &why));
	EXPECT_STREQ("latency_ns.p50: must be a whole number in its range", st_buf_text(&why));
	st_buf_done(&why);
}

TEST(a_value_is_written_on_one_line_with_all_texts_escaped)
{
	static const char text[] = "{ \"a\" : [ 1, -2, true, false, null ],\n"
				   "\"b\":\"x\\ny\\u202e\\u009b\", \"c\" : {} }";
	json_t *value = json_loads(text, 0, NULL);
	struct st_buf out = ST_BUF_INIT;
	struct st_json json;

	ASSERT_NE(NULL, value);
	st_json_init(&json, &out);
	st_shape_write_value(value, &json);
	EXPECT_STREQ("{\"a\":[1,-2,true,false,null],\"b\":\"x\\ny\\u202e\\u009b\",\"c\":{}}",
		     st_buf_text(&out));
	st_buf_done(&out);
	json_decref(value);
}

TEST_HARNESS_MAIN
