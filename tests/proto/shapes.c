// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of shapes is complete and consistent, and its schemas are what they say.
 * That answers have these shapes is proven by all tests that get one (tests/lib/shapes.py).
 */
#include "proto/shapes.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "kselftest_harness.h"
#include "proto/json.h"
#include "proto/ops.h"

#define FOR_EACH_SHAPE(row) \
	for (const struct st_shape_row *row = st_shapes; row < st_shapes + ST_SHAPE__MAX; row++)
#define FOR_EACH_FIELD(field, row) \
	for (const struct st_field *field = (row)->fields; field->name; field++)

static size_t nr_fields(const struct st_shape_row *row)
{
	size_t nr = 0;

	FOR_EACH_FIELD(field, row)
	nr++;
	return nr;
}

static bool has_right_number(const struct st_shape_row *row)
{
	size_t nr = nr_fields(row);

	if (row->form == ST_SHAPE_IS_PLAIN)
		return nr == 1;
	return nr >= (row->form == ST_SHAPE_IS_OBJECT ? 1 : 2);
}

TEST(every_shape_has_a_name_of_its_own_help_and_as_many_fields_as_its_form_has)
{
	FOR_EACH_SHAPE(row)
	{
		EXPECT_TRUE(isupper(row->name[0])) TH_LOG("%s", row->name);
		for (const char *c = row->name; *c; c++)
			EXPECT_TRUE(isalpha(*c)) TH_LOG("%s", row->name);
		EXPECT_GE(strlen(row->help), 4) TH_LOG("%s", row->name);
		EXPECT_NE('.', row->help[strlen(row->help) - 1]) TH_LOG("%s", row->name);
		for (const struct st_shape_row *other = st_shapes; other < row; other++) {
			EXPECT_STRNE(other->name, row->name);
		}
		EXPECT_TRUE(has_right_number(row)) TH_LOG("%s", row->name);
	}
}

TEST(every_field_has_help_and_a_name_of_its_own_in_its_shape)
{
	FOR_EACH_SHAPE(row)
	{
		FOR_EACH_FIELD(field, row)
		{
			EXPECT_GE(strlen(field->help), 4) TH_LOG("%s.%s", row->name, field->name);
			EXPECT_NE('.', field->help[strlen(field->help) - 1])
			TH_LOG("%s.%s", row->name, field->name);
			for (const struct st_field *other = row->fields; other < field; other++) {
				EXPECT_STRNE(other->name, field->name) TH_LOG("%s", row->name);
			}
			EXPECT_TRUE(row->form == ST_SHAPE_IS_OBJECT || field->is_required)
			TH_LOG("%s", row->name);
		}
	}
}

TEST(a_type_has_what_its_kind_needs_and_no_more)
{
	FOR_EACH_SHAPE(row)
	{
		FOR_EACH_FIELD(field, row)
		{
			const struct st_value_type *type = &field->type;

			EXPECT_EQ(type->kind == ST_VALUE_WORD, type->nr_words > 0)
			TH_LOG("%s.%s", row->name, field->name);
			for (unsigned int i = 0; i < type->nr_words; i++) {
				EXPECT_TRUE(type->words[i] && *type->words[i])
				TH_LOG("%s.%s", row->name, field->name);
			}
			EXPECT_TRUE(type->kind != ST_VALUE_INTEGER || type->min < type->max);
			EXPECT_TRUE(!type->pattern || type->pattern[0] == '^');
		}
	}
}

static void mark(enum st_shape shape, bool *is_used)
{
	if (is_used[shape])
		return;
	is_used[shape] = true;
	FOR_EACH_FIELD(field, &st_shapes[shape])
	if (field->type.kind == ST_VALUE_SHAPE)
		mark(field->type.shape, is_used);
}

TEST(every_shape_is_used_by_an_operation_a_notification_a_failure_or_a_parameter)
{
	bool is_used[ST_SHAPE__MAX] = { false };

	for (int i = 0; i < ST_OPERATION__MAX; i++)
		mark(st_operations[i].shape, is_used);
	for (unsigned int i = 0; i < st_nr_notifications; i++)
		mark(st_notifications[i].shape, is_used);
	mark(ST_SHAPE_FAILURE, is_used);
	mark(ST_SHAPE_PROBLEM, is_used);
	mark(ST_SHAPE_STOP_REASON, is_used);
	FOR_EACH_SHAPE(row)
	{
		EXPECT_TRUE(is_used[row - st_shapes]) TH_LOG("%s", row->name);
	}
}

static bool streams_or_connects(const char *name)
{
	int op = st_operation_find(name);

	return op == ST_OPERATION_CONNECT ||
	       (op >= 0 && (st_operations[op].flags & ST_STREAMS) != 0);
}

TEST(a_notification_names_operations_that_stream_or_connect)
{
	for (unsigned int i = 0; i < st_nr_notifications; i++) {
		char after[128];

		ASSERT_LT(strlen(st_notifications[i].after), sizeof(after));
		strcpy(after, st_notifications[i].after);
		for (char *word = strtok(after, ", "); word; word = strtok(NULL, ", ")) {
			EXPECT_TRUE(streams_or_connects(word)) TH_LOG("%s", word);
		}
	}
}

static bool reads(enum st_shape shape, const char *expected)
{
	struct st_buf text = ST_BUF_INIT;
	bool is_same;

	st_shape_write_text(shape, &text);
	is_same = !strcmp(st_buf_text(&text), expected);
	if (!is_same)
		printf("# %s\n", st_buf_text(&text));
	st_buf_done(&text);
	return is_same;
}

TEST(a_shape_in_one_line_shows_what_is_inside_it)
{
	EXPECT_TRUE(reads(ST_SHAPE_OK, "{ok: true}"));
	EXPECT_TRUE(reads(ST_SHAPE_TREE, "{seq, root: Node, seq_end, next?}"));
	EXPECT_TRUE(reads(ST_SHAPE_NODES, "[Row]"));
	EXPECT_TRUE(reads(ST_SHAPE_START, "Started or Ignored or Finished or Added"));
	EXPECT_TRUE(reads(ST_SHAPE_INCARNATION, "{pid?, generation}"));
	EXPECT_TRUE(reads(ST_SHAPE_DEFAULT, "number or text or true or false"));
	EXPECT_TRUE(reads(ST_SHAPE_LOADED, "{started: [text]}"));
	EXPECT_TRUE(reads(ST_SHAPE_INIT, "\"ignore\" or InitError"));
	EXPECT_TRUE(reads(ST_SHAPE_TRACE_CALLS,
			  "{answered, unanswered, latency_ns: Percentiles or null}"));
}

static json_t *schema_of(enum st_shape shape)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	json_t *schema;

	st_json_init(&json, &text);
	st_shape_write_schema(shape, &json);
	schema = json_loadb(st_buf_text(&text), text.len, JSON_REJECT_DUPLICATES, NULL);
	st_buf_done(&text);
	return schema;
}

static bool is_schema(enum st_shape shape, const char *expected)
{
	json_t *schema = schema_of(shape), *wanted = json_loads(expected, 0, NULL);
	bool is_same = schema && wanted && json_equal(schema, wanted);
	char *text = json_dumps(schema, JSON_ENCODE_ANY);

	if (!is_same)
		printf("# %s\n", text);
	free(text);
	json_decref(schema);
	json_decref(wanted);
	return is_same;
}

TEST(an_object_has_these_members_and_no_others)
{
	EXPECT_TRUE(is_schema(ST_SHAPE_INCARNATION,
			      "{\"description\":\"A process of a child\",\"type\":\"object\","
			      "\"additionalProperties\":false,\"properties\":{"
			      "\"pid\":{\"type\":\"integer\",\"minimum\":0,"
			      "\"description\":\"its number; a supervisor has none\"},"
			      "\"generation\":{\"type\":\"integer\",\"minimum\":0,"
			      "\"description\":\"the number of the incarnation\"}},"
			      "\"required\":[\"generation\"]}"));
}

TEST(alternatives_exclude_each_other_but_where_one_takes_any_value)
{
	EXPECT_TRUE(is_schema(ST_SHAPE_START,
			      "{\"description\":\"The result of a start\",\"oneOf\":["
			      "{\"$ref\":\"#/components/schemas/Started\","
			      "\"description\":\"it runs\"},"
			      "{\"$ref\":\"#/components/schemas/Ignored\","
			      "\"description\":\"it does not\"},"
			      "{\"$ref\":\"#/components/schemas/Finished\","
			      "\"description\":\"it has done its work\"},"
			      "{\"$ref\":\"#/components/schemas/Added\","
			      "\"description\":\"it was not started\"}]}"));
	FOR_EACH_SHAPE(row)
	{
		json_t *schema = schema_of((enum st_shape)(row - st_shapes));

		ASSERT_NE(NULL, schema) TH_LOG("%s", row->name);
		EXPECT_EQ(row->form == ST_SHAPE_IS_EITHER, !!json_object_get(schema, "oneOf"));
		EXPECT_EQ(row->form == ST_SHAPE_IS_ANY_OF, !!json_object_get(schema, "anyOf"));
		EXPECT_EQ(row->form == ST_SHAPE_IS_OBJECT,
			  json_is_false(json_object_get(schema, "additionalProperties")));
		json_decref(schema);
	}
}

TEST(lists_maps_and_values_that_may_be_null_are_schemas)
{
	json_t *status = schema_of(ST_SHAPE_STATUS), *reload = schema_of(ST_SHAPE_RELOADED);
	json_t *calls = schema_of(ST_SHAPE_TRACE_CALLS);
	json_t *features, *file, *added, *latency;

	file = json_object_get(json_object_get(status, "properties"), "configuration");
	features = json_object_get(json_object_get(status, "properties"), "features");
	added = json_object_get(json_object_get(reload, "properties"), "added");
	latency = json_object_get(json_object_get(calls, "properties"), "latency_ns");
	EXPECT_STREQ("null", json_string_value(json_array_get(json_object_get(file, "type"), 1)));
	EXPECT_STREQ("boolean",
		     json_string_value(json_object_get(
			     json_object_get(features, "additionalProperties"), "type")));
	EXPECT_STREQ("string",
		     json_string_value(json_object_get(json_object_get(added, "items"), "type")));
	EXPECT_EQ(2, json_array_size(json_object_get(latency, "oneOf")));
	json_decref(status);
	json_decref(reload);
	json_decref(calls);
}

TEST_HARNESS_MAIN
