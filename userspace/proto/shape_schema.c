// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes shapes as JSON schemas; see shapes.h.
 */
#include "proto/json.h"
#include "proto/shapes.h"

static void write_type(const struct st_value_type *type, const char *name, struct st_json *json)
{
	st_json_key(json, "type");
	if (!type->is_nullable) {
		st_json_text(json, name);
		return;
	}
	st_json_begin_array(json);
	st_json_text(json, name);
	st_json_text(json, "null");
	st_json_end_array(json);
}

static void write_words(const struct st_value_type *type, struct st_json *json)
{
	st_json_key(json, "enum");
	st_json_begin_array(json);
	for (unsigned int i = 0; i < type->nr_words; i++)
		st_json_text(json, type->words[i]);
	if (type->is_nullable)
		st_json_null(json);
	st_json_end_array(json);
}

static void write_range(const struct st_value_type *type, struct st_json *json)
{
	if (type->min != INT64_MIN)
		st_json_i64_field(json, "minimum", type->min);
	if (type->max != INT64_MAX)
		st_json_i64_field(json, "maximum", type->max);
}

void st_shape_write_ref_member(enum st_shape shape, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, "#/components/schemas/");
	st_buf_add_text(&text, st_shapes[shape].name);
	st_json_text_field(json, "$ref", st_buf_text(&text));
	json->out->failed |= text.failed;
	st_buf_done(&text);
}

void st_shape_write_ref(enum st_shape shape, struct st_json *json)
{
	st_json_begin_object(json);
	st_shape_write_ref_member(shape, json);
	st_json_end_object(json);
}

static void write_shape(const struct st_value_type *type, struct st_json *json)
{
	if (!type->is_nullable) {
		st_shape_write_ref_member(type->shape, json);
		return;
	}
	st_json_key(json, "oneOf");
	st_json_begin_array(json);
	st_shape_write_ref(type->shape, json);
	st_json_begin_object(json);
	st_json_text_field(json, "type", "null");
	st_json_end_object(json);
	st_json_end_array(json);
}

/* Write the members of the schema of one value. */
static void write_one(const struct st_value_type *type, struct st_json *json)
{
	switch (type->kind) {
	case ST_VALUE_ANY:
		break;
	case ST_VALUE_TEXT:
		write_type(type, "string", json);
		if (type->pattern)
			st_json_text_field(json, "pattern", type->pattern);
		break;
	case ST_VALUE_WORD:
		write_type(type, "string", json);
		write_words(type, json);
		break;
	case ST_VALUE_INTEGER:
		write_type(type, "integer", json);
		write_range(type, json);
		break;
	case ST_VALUE_FLAG:
		write_type(type, "boolean", json);
		break;
	case ST_VALUE_TRUE:
	case ST_VALUE_FALSE:
		write_type(type, "boolean", json);
		st_json_bool_field(json, "const", type->kind == ST_VALUE_TRUE);
		break;
	case ST_VALUE_SHAPE:
		write_shape(type, json);
		break;
	}
}

static void write_value(const struct st_value_type *type, struct st_json *json)
{
	struct st_value_type one = *type;

	if (type->many == ST_VALUE_ONE) {
		write_one(type, json);
		return;
	}
	one.is_nullable = false;
	write_type(type, type->many == ST_VALUE_LIST ? "array" : "object", json);
	st_json_key(json, type->many == ST_VALUE_LIST ? "items" : "additionalProperties");
	st_json_begin_object(json);
	write_one(&one, json);
	st_json_end_object(json);
}

static void write_members(const struct st_field *fields, struct st_json *json)
{
	st_json_text_field(json, "type", "object");
	st_json_bool_field(json, "additionalProperties", false);
	st_json_key(json, "properties");
	st_json_begin_object(json);
	for (const struct st_field *field = fields; field->name; field++) {
		st_json_key(json, field->name);
		st_json_begin_object(json);
		write_value(&field->type, json);
		st_json_text_field(json, "description", field->help);
		st_json_end_object(json);
	}
	st_json_end_object(json);
	st_json_key(json, "required");
	st_json_begin_array(json);
	for (const struct st_field *field = fields; field->name; field++)
		if (field->is_required)
			st_json_text(json, field->name);
	st_json_end_array(json);
}

static void write_alternatives(const struct st_shape_row *row, struct st_json *json)
{
	st_json_key(json, row->form == ST_SHAPE_IS_EITHER ? "oneOf" : "anyOf");
	st_json_begin_array(json);
	for (const struct st_field *field = row->fields; field->name; field++) {
		st_json_begin_object(json);
		write_value(&field->type, json);
		st_json_text_field(json, "description", field->help);
		st_json_end_object(json);
	}
	st_json_end_array(json);
}

void st_shape_write_schema(enum st_shape shape, struct st_json *json)
{
	const struct st_shape_row *row = &st_shapes[shape];

	st_json_begin_object(json);
	st_json_text_field(json, "description", row->help);
	switch (row->form) {
	case ST_SHAPE_IS_OBJECT:
		write_members(row->fields, json);
		break;
	case ST_SHAPE_IS_EITHER:
	case ST_SHAPE_IS_ANY_OF:
		write_alternatives(row, json);
		break;
	case ST_SHAPE_IS_PLAIN:
		write_value(&row->fields->type, json);
		break;
	}
	st_json_end_object(json);
}
