// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading JSON while each allocation fails in turn: it is read completely, or not at all.
 */
#include "proto/parse.h"

#include <errno.h>

#include "base/alloc.h"
#include "kselftest_harness.h"

#define TEXT \
	"{\"method\":\"terminate_child\",\"params\":{\"path\":\"a/rather/long/path/to/web-10\"," \
	"\"list\":[1,2.5,\"three\",null,true,{}]}}"

TEST(out_of_memory_no_character_is_left_out)
{
	json_error_t error;
	json_t *json = NULL;
	json_t *whole;
	int ret;

	st_json_init_memory();
	ASSERT_EQ(0, st_json_parse(TEXT, sizeof(TEXT) - 1, 0, &whole, &error));
	for (unsigned long nth = 1;; nth++) {
		st_alloc_fail_at(nth);
		ret = st_json_parse(TEXT, sizeof(TEXT) - 1, 0, &json, &error);
		st_alloc_fail_at(0);
		if (!ret)
			break;
		EXPECT_EQ(-ENOMEM, ret);
		EXPECT_EQ(NULL, json);
		ASSERT_LT(nth, 1000);
	}
	EXPECT_EQ(1, json_equal(whole, json));
	json_decref(json);
	json_decref(whole);
}

TEST(what_is_not_json_is_EINVAL_with_a_place)
{
	json_error_t error;
	json_t *json;

	st_json_init_memory();
	EXPECT_EQ(-EINVAL, st_json_parse("{\"a\":}", 6, 0, &json, &error));
	EXPECT_EQ(6, error.position);
}

TEST(what_was_read_outlives_the_reading_in_any_order)
{
	json_error_t error;
	json_t *first, *second;

	st_json_init_memory();
	ASSERT_EQ(0, st_json_parse("[\"one\"]", 7, 0, &first, &error));
	ASSERT_EQ(0, st_json_parse("[\"two\"]", 7, 0, &second, &error));
	json_t *item = json_incref(json_array_get(first, 0));

	json_decref(first);
	ASSERT_EQ(0, json_array_append(second, item));
	json_decref(item);
	EXPECT_STREQ("one", json_string_value(json_array_get(second, 1)));
	json_decref(second);
}

TEST_HARNESS_MAIN
