// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks values against shapes, and writes them anew; see shapes.h.
 *
 * The values come from services. A service may be wrong, or another program may have
 * taken its name. What it sends is never copied to a client as it is.
 */
#include <errno.h>
#include <jansson.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "proto/json.h"
#include "proto/shapes.h"

/*
 * Where a check has failed first. The texts are made from the inside out, so they are
 * gathered only when it has failed.
 */
struct check {
	struct st_buf *why;
	bool has_failed;
	bool has_no_memory;
};

static bool fail(struct check *check, const char *what)
{
	if (!check->has_failed)
		st_buf_add_text(check->why, what);
	check->has_failed = true;
	return false;
}

/* ---- patterns ---- */

#define MAX_PATTERNS 16
#define MAX_PATTERN_LEN 200

/* Turn \d of ECMA-262, which regcomp(3) does not know, into [0-9]. */
static bool translate(const char *pattern, char text[MAX_PATTERN_LEN])
{
	size_t len = 0;

	for (; *pattern; pattern++) {
		if (len + sizeof("[0-9]") > MAX_PATTERN_LEN)
			return false;
		if (pattern[0] == '\\' && pattern[1] == 'd') {
			memcpy(text + len, "[0-9]", 5);
			len += 5;
			pattern++;
		} else {
			text[len++] = *pattern;
		}
	}
	text[len] = '\0';
	return true;
}

/* Each pattern of the table is compiled once. Return: NULL: no memory. */
static const regex_t *compiled(const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t regex;
	} known[MAX_PATTERNS];
	char text[MAX_PATTERN_LEN];
	size_t i = 0;

	while (i < MAX_PATTERNS && known[i].pattern && strcmp(known[i].pattern, pattern))
		i++;
	if (i == MAX_PATTERNS || !translate(pattern, text))
		return NULL;
	if (!known[i].pattern) {
		if (regcomp(&known[i].regex, text, REG_EXTENDED | REG_NOSUB))
			return NULL;
		known[i].pattern = pattern;
	}
	return &known[i].regex;
}

static bool check_text(struct check *check, const struct st_value_type *type, const json_t *value)
{
	const char *text = json_string_value(value);
	const regex_t *regex;

	if (!text)
		return fail(check, "must be a text");
	if (!type->pattern)
		return true;
	regex = compiled(type->pattern);
	if (!regex) {
		check->has_no_memory = true;
		return fail(check, "no memory");
	}
	return !regexec(regex, text, 0, NULL, 0) || fail(check, "has a text of the wrong form");
}

/* ---- values ---- */

static bool is_word(const struct st_value_type *type, const json_t *value)
{
	const char *text = json_string_value(value);

	for (unsigned int i = 0; text && i < type->nr_words; i++)
		if (!strcmp(text, type->words[i]))
			return true;
	return false;
}

static bool check_shape(struct check *check, enum st_shape shape, const json_t *value);

static bool check_one(struct check *check, const struct st_value_type *type, const json_t *value)
{
	switch (type->kind) {
	case ST_VALUE_ANY:
		return true;
	case ST_VALUE_TEXT:
		return check_text(check, type, value);
	case ST_VALUE_WORD:
		return is_word(type, value) || fail(check, "is none of the words it can be");
	case ST_VALUE_INTEGER:
		return (json_is_integer(value) && json_integer_value(value) >= type->min &&
			json_integer_value(value) <= type->max) ||
		       fail(check, "must be a whole number in its range");
	case ST_VALUE_FLAG:
		return json_is_boolean(value) || fail(check, "must be true or false");
	case ST_VALUE_TRUE:
		return json_is_true(value) || fail(check, "must be true");
	case ST_VALUE_FALSE:
		return json_is_false(value) || fail(check, "must be false");
	case ST_VALUE_SHAPE:
		return check_shape(check, type->shape, value);
	}
	return false;
}

static bool check_elements(struct check *check, const struct st_value_type *type,
			   const json_t *value)
{
	json_t *element;
	size_t index;

	if (!json_is_array(value))
		return fail(check, "must be a list");
	json_array_foreach(value, index, element)
		if (!check_one(check, type, element))
			return false;
	return true;
}

/* jansson's iteration takes no const object, but changes nothing. */
static json_t *unconst(const json_t *value)
{
	return (json_t *)(uintptr_t)value;
}

static bool check_map(struct check *check, const struct st_value_type *type, const json_t *value)
{
	json_t *element;
	const char *key;

	if (!json_is_object(value))
		return fail(check, "must be an object");
	json_object_foreach(unconst(value), key, element)
		if (!check_one(check, type, element))
			return false;
	return true;
}

static bool check_type(struct check *check, const struct st_value_type *type, const json_t *value)
{
	if (type->is_nullable && json_is_null(value))
		return true;
	switch (type->many) {
	case ST_VALUE_ONE:
		return check_one(check, type, value);
	case ST_VALUE_LIST:
		return check_elements(check, type, value);
	case ST_VALUE_MAP:
		return check_map(check, type, value);
	}
	return false;
}

/* ---- shapes ---- */

/* Add the place of a failure in front of the reason. */
static void add_place(struct check *check, const char *name)
{
	struct st_buf rest = *check->why;

	*check->why = (struct st_buf)ST_BUF_INIT;
	st_buf_add_text(check->why, name);
	st_buf_add_text(check->why, strchr(st_buf_text(&rest), ':') ? "." : ": ");
	st_buf_add(check->why, st_buf_text(&rest), rest.len);
	check->why->failed |= rest.failed;
	st_buf_done(&rest);
}

static bool check_object(struct check *check, const struct st_field *fields, const json_t *value)
{
	size_t nr_known = 0;

	if (!json_is_object(value))
		return fail(check, "must be an object");
	for (const struct st_field *field = fields; field->name; field++) {
		const json_t *member = json_object_get(value, field->name);

		nr_known += member != NULL;
		if (member ? check_type(check, &field->type, member) : !field->is_required)
			continue;
		fail(check, "is missing");
		add_place(check, field->name);
		return false;
	}
	return nr_known == json_object_size(value) || fail(check, "has an unknown member");
}

/*
 * Can it be this alternative? The words that it must have tell most alternatives apart,
 * so one is checked completely.
 */
static bool may_be(const struct st_field *alternative, const json_t *value)
{
	const struct st_value_type *type = &alternative->type;

	if (type->kind != ST_VALUE_SHAPE || type->many != ST_VALUE_ONE ||
	    st_shapes[type->shape].form != ST_SHAPE_IS_OBJECT)
		return true;
	for (const struct st_field *field = st_shapes[type->shape].fields; field->name; field++)
		if (field->is_required && field->type.kind == ST_VALUE_WORD &&
		    field->type.many == ST_VALUE_ONE && !field->type.is_nullable &&
		    !is_word(&field->type, json_object_get(value, field->name)))
			return false;
	return true;
}

static bool check_alternatives(struct check *check, const struct st_field *fields,
			       const json_t *value, bool is_exact)
{
	struct st_buf first = ST_BUF_INIT;
	unsigned int nr = 0;

	for (const struct st_field *field = fields; field->name; field++) {
		struct st_buf why = ST_BUF_INIT;
		struct check inner = { .why = &why };

		if (!may_be(field, value))
			continue;
		nr += check_type(&inner, &field->type, value);
		check->has_no_memory |= inner.has_no_memory;
		if (!first.len)
			st_buf_add(&first, st_buf_text(&why), why.len);
		st_buf_done(&why);
	}
	if (!nr)
		fail(check, first.len ? st_buf_text(&first) : "is none of the alternatives");
	else if (is_exact && nr > 1)
		fail(check, "is more than one of the alternatives");
	st_buf_done(&first);
	return !check->has_failed;
}

static bool check_shape(struct check *check, enum st_shape shape, const json_t *value)
{
	const struct st_shape_row *row = &st_shapes[shape];

	switch (row->form) {
	case ST_SHAPE_IS_OBJECT:
		return check_object(check, row->fields, value);
	case ST_SHAPE_IS_EITHER:
		return check_alternatives(check, row->fields, value, true);
	case ST_SHAPE_IS_ANY_OF:
		return check_alternatives(check, row->fields, value, false);
	case ST_SHAPE_IS_PLAIN:
		return check_type(check, &row->fields->type, value);
	}
	return false;
}

int st_shape_check(enum st_shape shape, const json_t *value, struct st_buf *why)
{
	struct check check = { .why = why };

	if (check_shape(&check, shape, value))
		return 0;
	return check.has_no_memory || st_buf_error(why) ? -ENOMEM : -EINVAL;
}

/* ---- writing ---- */

void st_shape_write_value(const json_t *value, struct st_json *json)
{
	json_t *element;
	const char *key;
	size_t index;

	if (json_is_object(value)) {
		st_json_begin_object(json);
		json_object_foreach(unconst(value), key, element) {
			st_json_key(json, key);
			st_shape_write_value(element, json);
		}
		st_json_end_object(json);
	} else if (json_is_array(value)) {
		st_json_begin_array(json);
		json_array_foreach(value, index, element)
			st_shape_write_value(element, json);
		st_json_end_array(json);
	} else if (json_is_string(value)) {
		st_json_text_len(json, json_string_value(value), json_string_length(value));
	} else if (json_is_integer(value)) {
		st_json_i64(json, json_integer_value(value));
	} else if (json_is_boolean(value)) {
		st_json_bool(json, json_is_true(value));
	} else {
		st_json_null(json); /* the protocol has no fractions */
	}
}
