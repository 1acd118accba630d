// SPDX-License-Identifier: GPL-2.0-only
/*
 * The document of OpenAPI in itself; that it says what the table says, and that validators
 * accept it, is proven by tests/openapi/.
 */
#include "proto/openapi.h"

#include <jansson.h>
#include <string.h>

#include "kselftest_harness.h"
#include "proto/json.h"
#include "proto/ops.h"

/* Every "$ref" of a value leads to a schema of the document. */
static size_t nr_references(const json_t *document, const json_t *value, bool *ret_all_lead)
{
	const json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
	const char *prefix = "#/components/schemas/", *name;
	size_t nr = 0, index;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, name, member) {
		if (!strcmp(name, "$ref")) {
			const char *to = json_string_value(member);

			nr++;
			if (strncmp(to, prefix, strlen(prefix)) != 0 ||
			    !json_object_get(schemas, to + strlen(prefix)))
				*ret_all_lead = false;
			continue;
		}
		nr += nr_references(document, member, ret_all_lead);
	}
	json_array_foreach(value, index, member)
		nr += nr_references(document, member, ret_all_lead);
	return nr;
}

TEST(the_document_of_openapi_is_json_whose_references_lead_somewhere)
{
	struct st_buf text = ST_BUF_INIT;
	bool all_lead = true;
	struct st_json json;
	json_t *document;

	st_json_init(&json, &text);
	st_openapi_write(&json);
	ASSERT_EQ(0, st_buf_error(&text));
	document = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	ASSERT_NE(NULL, document);
	EXPECT_GT(nr_references(document, document, &all_lead), ST_OPERATION__MAX);
	EXPECT_TRUE(all_lead);
	json_decref(document);
	st_buf_done(&text);
}

/* The schema of a parameter of that operation. */
static bool is_param_schema(enum st_operation op, const char *name, const char *expected)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	bool is_same;

	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_param_write_schema(st_operation_param(&st_operations[op], name), &json);
	st_json_end_object(&json);
	is_same = !strcmp(st_buf_text(&text), expected);
	if (!is_same)
		printf("# %s\n", st_buf_text(&text));
	st_buf_done(&text);
	return is_same;
}

TEST(a_parameter_has_the_schema_of_its_type_with_its_own_bounds_words_and_default)
{
	EXPECT_TRUE(is_param_schema(ST_OPERATION_TREE, "path",
				    "{\"type\":\"string\",\"minLength\":1,\"maxLength\":4095,"
				    "\"default\":\"/\"}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_TRACE_SUMMARY, "top",
				    "{\"type\":\"integer\",\"minimum\":0,\"maximum\":100,"
				    "\"default\":20}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_STRATEGY, "auto_shutdown",
				    "{\"type\":\"string\",\"enum\":[\"never\",\"any_significant\","
				    "\"all_significant\"]}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_RELOAD, "dry_run",
				    "{\"type\":\"boolean\",\"default\":false}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_START_CHILD, "args",
				    "{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
				    "\"maxItems\":4096}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_START_CHILD, "spec",
				    "{\"type\":[\"object\",\"string\"]}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_KILL, "signal",
				    "{\"type\":[\"string\",\"integer\"],\"default\":\"KILL\"}"));
	EXPECT_TRUE(is_param_schema(ST_OPERATION_STOP_SUPERVISOR, "reason",
				    "{\"$ref\":\"#/components/schemas/StopReason\","
				    "\"default\":\"normal\"}"));
}

TEST_HARNESS_MAIN
