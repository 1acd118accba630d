// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of shapes.h as data, and as text for people. shape_schema.c writes
 * schemas.
 */
#include "proto/shapes.h"

#include "core/effect.h"
#include "core/limits.h"
#include "core/spec.h"
#include "core/types.h"
#include "proto/errors.h"
#include "proto/ops.h"

/* clang-format off */

#define ST_TYPE_ANY .kind = ST_VALUE_ANY
#define ST_TYPE_TEXT .kind = ST_VALUE_TEXT
#define ST_TYPE_MATCHING(regex) .kind = ST_VALUE_TEXT, .pattern = (regex)
#define ST_TYPE_WALL \
	ST_TYPE_MATCHING("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z$")
#define ST_TYPE_RULE ST_TYPE_MATCHING("^[A-Z]\\d+$")
#define ST_TYPE_WORDS_OF(table, nr) .kind = ST_VALUE_WORD, .words = (table), .nr_words = (nr)
#define ST_TYPE_WORDS(...) \
	ST_TYPE_WORDS_OF(((const char *const[]){ __VA_ARGS__ }), \
			 ST_ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))
#define ST_TYPE_INTEGER ST_TYPE_BETWEEN(INT64_MIN, INT64_MAX)
#define ST_TYPE_COUNT ST_TYPE_BETWEEN(0, INT64_MAX)
#define ST_TYPE_BETWEEN(least, most) .kind = ST_VALUE_INTEGER, .min = (least), .max = (most)
#define ST_TYPE_FLAG .kind = ST_VALUE_FLAG
#define ST_TYPE_TRUE .kind = ST_VALUE_TRUE
#define ST_TYPE_FALSE .kind = ST_VALUE_FALSE
#define ST_TYPE_SHAPE(member) .kind = ST_VALUE_SHAPE, .shape = ST_SHAPE_##member
#define ST_TYPE_LIST(type) ST_TYPE_##type, .many = ST_VALUE_LIST
#define ST_TYPE_MAP(type) ST_TYPE_##type, .many = ST_VALUE_MAP
#define ST_TYPE_NULLABLE(type) ST_TYPE_##type, .is_nullable = true

#define ST_TYPE_OWNER ST_TYPE_WORDS_OF(owners, ST_OWNER__MAX)
#define ST_TYPE_GROUP ST_TYPE_WORDS_OF(groups, ST_GROUP__MAX)
#define ST_TYPE_ROLE ST_TYPE_WORDS_OF(st_role_text, ST_ROLE__MAX)
#define ST_TYPE_FAILURE_KIND ST_TYPE_WORDS_OF(failures, ST_ERROR__MAX)
#define ST_TYPE_PARAMETER_TYPE ST_TYPE_WORDS_OF(param_types, ST_PARAM__MAX)
#define ST_TYPE_KIND ST_TYPE_WORDS(ST_TRACE_KIND_WORDS)

/* clang-format on */

#define WORD(member, word, ...) word,
static const char *const owners[] = { ST_OWNER_LIST(WORD) };
static const char *const groups[] = { ST_GROUP_LIST(WORD) };
static const char *const failures[] = { ST_ERROR_LIST(WORD) };
static const char *const param_types[] = { ST_PARAM_TYPE_LIST(WORD) };
#undef WORD

#define REQ true
#define OPT false
#define FIELD(text, of, need, about) \
	{ .name = text, .type = { ST_TYPE_##of }, .is_required = need, .help = about },
#define FIELDS(member, ...) \
	static const struct st_field fields_##member[] = { ST_FIELDS_##member(FIELD){ \
		.name = NULL } };
ST_SHAPE_LIST(FIELDS)
#undef FIELDS
#undef FIELD
#undef OPT
#undef REQ

#define ROW(member, text, is, about) \
	[ST_SHAPE_##member] = { \
		.name = text, .form = ST_SHAPE_IS_##is, .help = about, .fields = fields_##member \
	},
const struct st_shape_row st_shapes[ST_SHAPE__MAX] = { ST_SHAPE_LIST(ROW) };
#undef ROW

#define ROW(method, member, operations) \
	{ .name = #method, .shape = ST_SHAPE_##member, .after = operations },
const struct st_notification_row st_notifications[] = { ST_NOTIFICATION_LIST(ROW) };
const unsigned int st_nr_notifications = ST_ARRAY_SIZE(st_notifications);
#undef ROW

static void add_words(const struct st_value_type *type, struct st_buf *out)
{
	for (unsigned int i = 0; i < type->nr_words; i++) {
		if (i)
			st_buf_add_char(out, '|');
		st_buf_add_char(out, '"');
		st_buf_add_text(out, type->words[i]);
		st_buf_add_char(out, '"');
	}
}

static void add_range(const struct st_value_type *type, struct st_buf *out)
{
	st_buf_add_text(out, "number");
	if (type->min == INT64_MIN || type->max == INT64_MAX)
		return;
	st_buf_add_text(out, " from ");
	st_buf_add_i64(out, type->min);
	st_buf_add_text(out, " to ");
	st_buf_add_i64(out, type->max);
}

static void add_one(const struct st_value_type *type, struct st_buf *out)
{
	switch (type->kind) {
	case ST_VALUE_ANY:
		st_buf_add_text(out, "any value");
		break;
	case ST_VALUE_TEXT:
		st_buf_add_text(out, "text");
		break;
	case ST_VALUE_WORD:
		add_words(type, out);
		break;
	case ST_VALUE_INTEGER:
		add_range(type, out);
		break;
	case ST_VALUE_FLAG:
		st_buf_add_text(out, "true or false");
		break;
	case ST_VALUE_TRUE:
		st_buf_add_text(out, "true");
		break;
	case ST_VALUE_FALSE:
		st_buf_add_text(out, "false");
		break;
	case ST_VALUE_SHAPE:
		st_buf_add_text(out, st_shapes[type->shape].name);
		break;
	}
}

void st_value_type_write_text(const struct st_value_type *type, struct st_buf *out)
{
	static const char *const begin[] = { "", "[", "{NAME: " };
	static const char *const end[] = { "", "]", "}" };

	st_buf_add_text(out, begin[type->many]);
	add_one(type, out);
	st_buf_add_text(out, end[type->many]);
	if (type->is_nullable)
		st_buf_add_text(out, " or null");
}

static bool is_plain(const struct st_value_type *type)
{
	return type->many == ST_VALUE_ONE && type->kind != ST_VALUE_SHAPE &&
	       type->kind != ST_VALUE_TRUE && type->kind != ST_VALUE_FALSE;
}

/*
 * Write a member, with its type where a reader cannot guess it; lists of words
 * are too long for a line.
 */
static void add_member(const struct st_field *field, struct st_buf *out)
{
	struct st_value_type type = field->type;

	if (type.kind == ST_VALUE_WORD)
		type.kind = ST_VALUE_TEXT;
	st_buf_add_text(out, field->name);
	if (!field->is_required)
		st_buf_add_char(out, '?');
	if (is_plain(&type))
		return;
	st_buf_add_text(out, ": ");
	st_value_type_write_text(&type, out);
}

void st_shape_write_text(enum st_shape shape, struct st_buf *out)
{
	const struct st_shape_row *row = &st_shapes[shape];
	bool is_object = row->form == ST_SHAPE_IS_OBJECT;

	if (is_object)
		st_buf_add_char(out, '{');
	for (const struct st_field *field = row->fields; field->name; field++) {
		if (field != row->fields)
			st_buf_add_text(out, is_object ? ", " : " or ");
		if (is_object)
			add_member(field, out);
		else
			st_value_type_write_text(&field->type, out);
	}
	if (is_object)
		st_buf_add_char(out, '}');
}
