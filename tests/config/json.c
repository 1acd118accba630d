// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON to tree, and mistakes as JSON.
 */
#include "config/json.h"

#include <errno.h>
#include <string.h>

#include "config/config.h"
#include "kselftest_harness.h"

FIXTURE(json)
{
	struct st_doc *doc;
	struct st_diags diags;
	struct st_buf out;
	struct st_doc_node *root;
};

FIXTURE_SETUP(json)
{
	self->doc = st_doc_new();
	ASSERT_NE(NULL, self->doc);
	st_diags_init(&self->diags);
	st_buf_init(&self->out);
}

FIXTURE_TEARDOWN(json)
{
	st_doc_free(self->doc);
	st_diags_done(&self->diags);
	st_buf_done(&self->out);
}

/* Read a text; with JSON_ALLOW_NUL, for that is the reader's worst case. */
static int read_text(struct _test_data_json *self, const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	int err = st_json_read(self->doc, "request", value, &self->diags, &self->root);

	json_decref(value);
	return err;
}

TEST_F(json, a_value_becomes_a_tree_and_the_same_value_again)
{
	static const char text[] =
		"{\"z\":[1,-2,2.5,1e30,true,false,null],\"a\":{\"\":\"\xc3\xa9\"}}";

	ASSERT_EQ(0, read_text(self, text));
	st_doc_write_json(self->root, &self->out);
	EXPECT_STREQ("{\"z\":[1,-2,2.5,1e+30,true,false,null],\"a\":{\"\":\"\xc3\xa9\"}}",
		     st_buf_text(&self->out));
}

TEST_F(json, a_node_knows_its_pointer)
{
	const struct st_doc_node *node;

	ASSERT_EQ(0, read_text(self, "{\"a\":[0,{\"b/c~d\":1}]}"));
	st_doc_write_pointer(self->root, &self->out);
	EXPECT_STREQ("", st_buf_text(&self->out));
	node = st_doc_find(st_doc_find(self->root, "a")->last, "b/c~d");
	ASSERT_NE(NULL, node);
	st_doc_write_pointer(node, &self->out);
	EXPECT_STREQ("/a/1/b~1c~0d", st_buf_text(&self->out));
}

TEST_F(json, a_nul_character_is_refused_in_texts_and_keys)
{
	json_t *value = json_object();

	EXPECT_EQ(-EINVAL, read_text(self, "[\"a\\u0000b\"]"));
	/* jansson reads no such key, but can be given one */
	ASSERT_EQ(0, json_object_setn_new(value, "a\0b", 3, json_true()));
	EXPECT_EQ(-EINVAL, st_json_read(self->doc, "request", value, &self->diags, &self->root));
	json_decref(value);
	st_diags_write_text(&self->diags, &self->out);
	EXPECT_STREQ("request: error: a text must not hold a NUL character\n"
		     "request: error: a key must not hold a NUL character\n",
		     st_buf_text(&self->out));
}

static void add_nested(struct st_buf *out, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_char(out, '[');
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_char(out, ']');
}

TEST_F(json, objects_and_arrays_nest_up_to_the_limit_and_no_deeper)
{
	add_nested(&self->out, ST_DOC_MAX_DEPTH);
	EXPECT_EQ(0, read_text(self, st_buf_text(&self->out)));
	st_buf_reset(&self->out);
	add_nested(&self->out, ST_DOC_MAX_DEPTH + 1);
	EXPECT_EQ(-EINVAL, read_text(self, st_buf_text(&self->out)));
	EXPECT_STREQ("maps and lists are nested too deep", self->diags.items[0].message);
}

TEST_F(json, a_request_has_values_up_to_the_limit_and_no_more)
{
	st_buf_add_text(&self->out, "[1");
	for (unsigned int i = 2; i < ST_DOC_MAX_NODES; i++)
		st_buf_add_text(&self->out, ",1");
	st_buf_add_text(&self->out, "]");
	EXPECT_EQ(0, read_text(self, st_buf_text(&self->out)));
	EXPECT_EQ(-EINVAL, read_text(self, "1"));
	EXPECT_STREQ("too many values for one request", self->diags.items[0].message);
}

TEST_F(json, mistakes_are_told_as_json_with_all_their_parts)
{
	static const char yaml[] = "strategy: one_for_al\n"
				   "period: 5\n"
				   "period: 6\n";
	struct st_sup_spec *spec;

	EXPECT_EQ(-EINVAL, st_config_parse("t.yaml", yaml, strlen(yaml), &self->diags, &spec));
	st_diags_write_json(&self->diags, &self->out);
	EXPECT_STREQ(
		"{\"errors\":2,\"warnings\":0,\"diagnostics\":["
		"{\"severity\":\"error\",\"file\":\"t.yaml\","
		"\"line\":1,\"column\":11,\"pointer\":\"/strategy\","
		"\"message\":\"unknown strategy \\\"one_for_al\\\"\",\"expected\":"
		"\"one_for_one, one_for_all, rest_for_one, simple_one_for_one or dynamic\","
		"\"did_you_mean\":\"one_for_all\",\"otp\":\"invalid_strategy\","
		"\"value\":\"one_for_al\",\"source\":\"strategy: one_for_al\"},"
		"{\"severity\":\"error\",\"file\":\"t.yaml\","
		"\"line\":3,\"column\":1,\"pointer\":\"/period\","
		"\"message\":\"the key \\\"period\\\" is given twice\",\"source\":\"period: 6\","
		"\"note\":{\"message\":\"it was first given here\",\"file\":\"t.yaml\","
		"\"line\":2,\"column\":1}}]}",
		st_buf_text(&self->out));
}

TEST_F(json, no_mistake_is_an_empty_list)
{
	st_diags_write_json(&self->diags, &self->out);
	EXPECT_STREQ("{\"errors\":0,\"warnings\":0,\"diagnostics\":[]}", st_buf_text(&self->out));
	EXPECT_EQ(0, st_diags_error(&self->diags));
}

TEST_HARNESS_MAIN
