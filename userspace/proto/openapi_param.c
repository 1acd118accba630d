// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the types of parameters as JSON schemas; see openapi.h.
 */
#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/params.h"
#include "proto/shapes.h"

static void write_types(const char *one, const char *other, struct st_json *json)
{
	st_json_key(json, "type");
	st_json_begin_array(json);
	st_json_text(json, one);
	st_json_text(json, other);
	st_json_end_array(json);
}

static void write_range(const struct st_param *param, struct st_json *json)
{
	const struct st_param_type_row *type = &st_param_types[param->type];
	int64_t min = param->is_bounded ? param->min : type->min;
	int64_t max = param->is_bounded ? param->max : type->max;

	st_json_text_field(json, "type", "integer");
	if (min != INT64_MIN)
		st_json_i64_field(json, "minimum", min);
	if (max != INT64_MAX)
		st_json_i64_field(json, "maximum", max);
}

static void write_text(const struct st_param *param, struct st_json *json)
{
	const struct st_param_type_row *type = &st_param_types[param->type];
	int nr;
	const char *const *words = st_param_words(param, &nr);

	st_json_text_field(json, "type", "string");
	if (!words) {
		st_json_i64_field(json, "minLength", type->min);
		st_json_i64_field(json, "maxLength", type->max);
		return;
	}
	st_json_key(json, "enum");
	st_json_begin_array(json);
	for (int i = 0; i < nr; i++)
		st_json_text(json, words[i]);
	st_json_end_array(json);
}

/* Write the pattern of words joined by commas: "^(a|b)(,(a|b))*$". */
static void write_words(const struct st_param *param, struct st_json *json)
{
	struct st_buf one = ST_BUF_INIT, pattern = ST_BUF_INIT;
	int nr = 0;
	const char *const *words = st_param_words(param, &nr);

	st_json_text_field(json, "type", "string");
	for (int i = 0; i < nr; i++) {
		if (i)
			st_buf_add_char(&one, '|');
		st_buf_add_text(&one, words[i]);
	}
	if (nr) {
		st_buf_add_text(&pattern, "^(");
		st_buf_add_text(&pattern, st_buf_text(&one));
		st_buf_add_text(&pattern, ")(,(");
		st_buf_add_text(&pattern, st_buf_text(&one));
		st_buf_add_text(&pattern, "))*$");
		st_json_text_field(json, "pattern", st_buf_text(&pattern));
	}
	json->out->failed |= one.failed || pattern.failed;
	st_buf_done(&one);
	st_buf_done(&pattern);
}

static void write_list(const char *of, int64_t max, struct st_json *json)
{
	st_json_key(json, "items");
	st_json_begin_object(json);
	st_json_text_field(json, "type", of);
	st_json_end_object(json);
	if (max)
		st_json_i64_field(json, "maxItems", max);
}

static void write_default(const struct st_default *fallback, struct st_json *json)
{
	switch (fallback->kind) {
	case ST_DEFAULT_IS_NUMBER:
		st_json_i64_field(json, "default", fallback->number);
		break;
	case ST_DEFAULT_IS_TEXT:
		st_json_text_field(json, "default", fallback->text);
		break;
	case ST_DEFAULT_IS_FALSE:
		st_json_bool_field(json, "default", false);
		break;
	case ST_DEFAULT_IS_MEANING:
	case ST_DEFAULT_IS_NONE:
		break;
	}
}

void st_param_write_schema(const struct st_param *param, struct st_json *json)
{
	switch (st_param_types[param->type].form) {
	case ST_FORM_TEXT:
	case ST_FORM_WORD:
		write_text(param, json);
		break;
	case ST_FORM_WORDS:
		write_words(param, json);
		break;
	case ST_FORM_INTEGER:
		write_range(param, json);
		break;
	case ST_FORM_FLAG:
		st_json_text_field(json, "type", "boolean");
		break;
	case ST_FORM_TEXTS:
		st_json_text_field(json, "type", "array");
		write_list("string", st_param_types[param->type].max, json);
		break;
	case ST_FORM_SIGNAL:
		write_types("string", "integer", json);
		break;
	case ST_FORM_SPEC:
		write_types("object", "string", json);
		break;
	case ST_FORM_SPECS:
		write_types("array", "string", json);
		write_list("object", 0, json);
		break;
	case ST_FORM_REASON:
		st_shape_write_ref_member(ST_SHAPE_STOP_REASON, json);
		break;
	case ST_FORM_OBJECT:
		st_json_text_field(json, "type", "object");
		break;
	case ST_FORM_OBJECTS:
		st_json_text_field(json, "type", "array");
		write_list("object", 0, json);
		break;
	}
	write_default(&param->fallback, json);
}
