// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that processes offer: a description becomes a row or an error; a method is
 * split; parameters become words.
 */
#include "proto/offer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "proto/json.h"

#define N63 "a23456789012345678901234567890123456789012345678901234567890123"
#define T200 \
	"12345678901234567890123456789012345678901234567890" \
	"12345678901234567890123456789012345678901234567890" \
	"12345678901234567890123456789012345678901234567890" \
	"12345678901234567890123456789012345678901234567890"
#define P(name) "{\"name\":\"" name "\"}"

static const char *const good[] = {
	"{\"name\":\"a\",\"summary\":\"s\"}",
	"{\"name\":\"" N63 "\",\"summary\":\"" T200 "\"}",
	"{\"name\":\"a_1\",\"summary\":\"gr\xc3\xbc\xc3\x9f\x65\",\"changes\":false,\"params\":[]}",
	"{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"" N63 "\",\"help\":\"" T200
	"\",\"type\":\"word\",\"required\":true},{\"name\":\"b\",\"type\":\"integer\"},"
	"{\"name\":\"c\",\"required\":false,\"type\":\"text\"}]}",
	"{\"name\":\"a\",\"summary\":\"s\",\"params\":[" P("a") "," P("b") "," P("c") "," P(
		"d") "," P("e") "," P("f") "," P("g") "]}",
};

static const struct {
	const char *described;
	const char *why;
} bad[] = {
	{ "{}", "operation \"\" must have a name" },
	{ "[]", "operation \"\" must have a name" },
	{ "{\"name\":1,\"summary\":\"s\"}", "must have a name" },
	{ "{\"name\":\"\",\"summary\":\"s\"}", "must have a name" },
	{ "{\"name\":\"A\",\"summary\":\"s\"}", "operation \"A\" must have a name of a-z" },
	{ "{\"name\":\"1a\",\"summary\":\"s\"}", "must have a name" },
	{ "{\"name\":\"a.b\",\"summary\":\"s\"}", "must have a name" },
	{ "{\"name\":\"a b\",\"summary\":\"s\"}", "must have a name" },
	{ "{\"name\":\"" N63 "4\",\"summary\":\"s\"}", "at most 63 bytes" },
	{ "{\"name\":\"a\"}", "offer a: member \"summary\" must be one line" },
	{ "{\"name\":\"a\",\"summary\":\"\"}", "must be one line" },
	{ "{\"name\":\"a\",\"summary\":\"\\u001b[2J\"}", "must be one line" },
	{ "{\"name\":\"a\",\"summary\":\"a\\nb\"}", "must be one line" },
	{ "{\"name\":\"a\",\"summary\":\"" T200 "1\"}", "at most 200 bytes" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"help\":1}", "member \"help\" is unknown" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"parms\":[]}", "did you mean \"params\"?" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"changes\":1}", "must be true or false" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":{}}", "must be a list of objects" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[1]}", "must be a list of objects" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{}]}", "parameter \"\" must have a name" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[" P("timeout_ms") "]}",
	  "one that all operations have" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[" P("b") "," P("b") "]}",
	  "is there twice" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"type\":\"path\"}]}",
	  "one of the types word, integer, text" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"type\":1}]}", "types" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"required\":1}]}",
	  "true or false" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"help\":\"\\t\"}]}",
	  "a help of one line" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"hlp\":\"\"}]}",
	  "did you mean \"help\"?" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"required\":false}," P(
		  "c") "]}",
	  "parameter \"c\" is required, and stands behind one that is not" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[{\"name\":\"b\",\"type\":\"text\"}," P(
		  "c") "]}",
	  "stands behind a text" },
	{ "{\"name\":\"a\",\"summary\":\"s\",\"params\":[" P("a") "," P("b") "," P("c") "," P(
		  "d") "," P("e") "," P("f") "," P("g") "," P("h") "]}",
	  "more than 7" },
};

static json_t *parse(const char *text)
{
	return json_loads(text, 0, NULL);
}

TEST(a_description_makes_a_row_with_a_time_limit_at_its_end)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(good); i++) {
		json_t *described = parse(good[i]);
		struct st_rpc_error error = { .message = "" };
		struct st_offer *offer = NULL;

		ASSERT_NE(NULL, described);
		EXPECT_EQ(0, st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error));
		ASSERT_NE(NULL, offer)
		{
			TH_LOG("%s: %s", good[i], error.message);
		}
		EXPECT_EQ(json_array_size(json_object_get(described, "params")), offer->nr_params);
		EXPECT_STREQ("timeout_ms", offer->params[offer->nr_params].name);
		EXPECT_EQ(NULL, offer->params[offer->nr_params + 1].name);
		EXPECT_EQ(ST_ROLE_OPERATOR, offer->row.role);
		st_offer_free(offer);
		json_decref(described);
	}
}

TEST(a_description_that_is_wrong_is_refused_with_what_and_why)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(bad); i++) {
		json_t *described = parse(bad[i].described);
		struct st_rpc_error error = { .message = "" };
		struct st_offer *offer = NULL;

		ASSERT_NE(NULL, described);
		EXPECT_EQ(-EINVAL, st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error));
		EXPECT_EQ(NULL, offer);
		EXPECT_NE(NULL, strstr(error.message, bad[i].why))
		{
			TH_LOG("%s: %s", bad[i].described, error.message);
		}
		json_decref(described);
	}
}

/* What the daemon lists is what the CLI reads. */
TEST(a_row_that_was_listed_is_the_same_when_it_is_read)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(good); i++) {
		json_t *described = parse(good[i]), *listed;
		struct st_rpc_error error = { .message = "" };
		struct st_buf text = ST_BUF_INIT;
		struct st_offer *offer = NULL, *read = NULL;
		struct st_operation_row row;
		struct st_json json;

		ASSERT_EQ(0, st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error));
		row = offer->row;
		row.name = row.verb = "x.demo/a.b.op";
		row.example = "";
		st_json_init(&json, &text);
		st_json_begin_object(&json);
		st_operation_write(&row, &json);
		st_json_u64_field(&json, "generation", 7);
		st_json_end_object(&json);
		listed = parse(st_buf_text(&text));
		ASSERT_EQ(0, st_offer_read(listed, ST_OFFER_FROM_LISTING, &read, &error))
		{
			TH_LOG("%s: %s", good[i], error.message);
		}
		EXPECT_STREQ("op", read->row.name);
		EXPECT_STREQ(offer->row.summary, read->row.summary);
		EXPECT_EQ(offer->row.flags, read->row.flags);
		ASSERT_EQ(offer->nr_params, read->nr_params);
		for (unsigned int j = 0; j < read->nr_params; j++) {
			EXPECT_STREQ(offer->params[j].name, read->params[j].name);
			EXPECT_STREQ(offer->params[j].help, read->params[j].help);
			EXPECT_EQ(offer->params[j].type, read->params[j].type);
			EXPECT_EQ(offer->params[j].need, read->params[j].need);
		}
		st_offer_free(offer);
		st_offer_free(read);
		st_buf_done(&text);
		json_decref(listed);
		json_decref(described);
	}
}

TEST(without_memory_there_is_no_row)
{
	json_t *described = parse(good[3]);
	struct st_rpc_error error = { .message = "" };
	struct st_offer *offer = NULL;

	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error));
	st_alloc_fail_at(0);
	EXPECT_EQ(ST_ERROR_NO_MEMORY, error.kind);
	json_decref(described);
}

TEST(a_method_is_a_name_and_an_operation_and_the_name_may_have_dots)
{
	static const struct {
		const char *method;
		const char *name; /* NULL: it is none */
		const char *op;
	} methods[] = {
		{ "x.a.b", "a", "b" },
		{ "x.demo/a.get_value", "demo/a", "get_value" },
		{ "x.version.2.get", "version.2", "get" },
		{ "x.#7.get", "#7", "get" },
		{ "x.a..b", "a.", "b" },
		{ "x", NULL, NULL },
		{ "x.", NULL, NULL },
		{ "x..", NULL, NULL },
		{ "x.a", NULL, NULL },
		{ "x.a.", NULL, NULL },
		{ "x..b", NULL, NULL },
		{ "y.a.b", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(methods); i++) {
		size_t len = st_offer_name_len(methods[i].method);

		if (!methods[i].name) {
			EXPECT_EQ(0, len);
			continue;
		}
		ASSERT_EQ(strlen(methods[i].name), len);
		EXPECT_EQ(0, strncmp(methods[i].method + 2, methods[i].name, len));
		EXPECT_STREQ(methods[i].op, st_offer_op(methods[i].method));
	}
}

TEST(parameters_become_words_in_their_order)
{
	static const struct {
		const char *params;
		const char *words;
		const char *missing;
	} calls[] = {
		{ "{\"" N63 "\":\"w\",\"b\":-5,\"c\":\"a  b\\nc\"}", "a w -5 a  b\nc", NULL },
		{ "{\"c\":\"\",\"b\":9223372036854775807,\"" N63 "\":\"w\",\"timeout_ms\":1}",
		  "a w 9223372036854775807 ", NULL },
		{ "{\"" N63 "\":\"w\",\"b\":1}", "a w 1", NULL },
		{ "{\"" N63 "\":\"w\",\"c\":\"t\"}", NULL, "b" },
		{ "{}", "a", NULL },
	};
	json_t *described = parse(good[3]);
	struct st_rpc_error error;
	struct st_offer *offer = NULL;

	ASSERT_EQ(0, st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error));
	for (size_t i = 0; i < ST_ARRAY_SIZE(calls); i++) {
		json_t *params = parse(calls[i].params);
		struct st_buf words = ST_BUF_INIT;
		const char *missing = st_offer_words(offer, params, &words);

		EXPECT_STREQ(calls[i].missing ? calls[i].missing : "", missing ? missing : "");
		if (!calls[i].missing) {
			EXPECT_STREQ(calls[i].words, st_buf_text(&words));
		}
		st_buf_done(&words);
		json_decref(params);
	}
	st_offer_free(offer);
	json_decref(described);
}

TEST_HARNESS_MAIN
