// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations table of ops.h as data, and look-ups in it.
 */
#include "proto/ops.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "proto/json.h"

#define ROLE_TEXT(member, text) [member] = text,
const char *const st_role_text[ST_ROLE__MAX] = { ST_ROLE_LIST(ROLE_TEXT) };
#undef ROLE_TEXT

#define PARAM(text, kind, needed, taken_from, option, standard, about) \
	{ .name = text, \
	  .type = ST_PARAM_##kind, \
	  .need = ST_NEED_##needed, \
	  .place = ST_PLACE_##taken_from, \
	  .letter = option, \
	  .fallback = standard, \
	  .help = about },
#define PARAMS(member, ...) \
	static const struct st_param params_##member[] = { ST_PARAMS_##member(PARAM){ \
		.name = NULL } }; \
	_Static_assert(ST_ARRAY_SIZE(params_##member) <= ST_OPERATION_MAX_PARAMS + 1, #member);
ST_OPERATION_LIST(PARAMS)
#undef PARAMS
#undef PARAM

#define ROW(member, id, cli_verb, who, what, about, gives, fails, like) \
	[ST_OPERATION_##member] = { .name = #id, \
				    .verb = cli_verb, \
				    .role = ST_ROLE_##who, \
				    .flags = what, \
				    .summary = about, \
				    .result = gives, \
				    .errors = fails, \
				    .example = like, \
				    .params = params_##member },
const struct st_operation_row st_operations[ST_OPERATION__MAX] = { ST_OPERATION_LIST(ROW) };
#undef ROW

#define NAME(member, id, ...) #id,

int st_operation_find(const char *name)
{
	for (int i = 0; i < ST_OPERATION__MAX; i++)
		if (!strcmp(st_operations[i].name, name) || !strcmp(st_operations[i].verb, name))
			return i;
	return -ENOENT;
}

const char *st_operation_nearest(const char *name)
{
	static const char *const names[] = { ST_OPERATION_LIST(NAME) };

	return st_text_nearest(name, names, ST_ARRAY_SIZE(names));
}

const struct st_param *st_operation_param(const struct st_operation_row *row, const char *name)
{
	for (const struct st_param *param = row->params; param->name; param++)
		if (!strcmp(param->name, name))
			return param;
	return NULL;
}

const char *st_operation_nearest_param(const struct st_operation_row *row, const char *name)
{
	const char *names[ST_OPERATION_MAX_PARAMS];
	size_t nr = 0;

	for (const struct st_param *param = row->params; param->name; param++)
		names[nr++] = param->name;
	return st_text_nearest(name, names, nr);
}

static void write_limits(struct st_json *json, const struct st_param *param)
{
	const struct st_param_type_row *type = &st_param_types[param->type];
	int nr;
	const char *const *words = st_param_words(param->type, &nr);

	if (words) {
		st_json_key(json, "words");
		st_json_begin_array(json);
		for (int i = 0; i < nr; i++)
			st_json_text(json, words[i]);
		st_json_end_array(json);
	} else if (type->max) {
		st_json_i64_field(json, "min", type->min);
		st_json_i64_field(json, "max", type->max);
	}
}

static void write_param(struct st_json *json, const struct st_param *param)
{
	st_json_begin_object(json);
	st_json_text_field(json, "name", param->name);
	st_json_text_field(json, "type", st_param_types[param->type].name);
	st_json_bool_field(json, "required", param->need == ST_NEED_REQUIRED);
	if (param->need == ST_NEED_ONE_OF)
		st_json_bool_field(json, "one_of", true);
	if (param->fallback)
		st_json_text_field(json, "default", param->fallback);
	write_limits(json, param);
	st_json_text_field(json, "help", param->help);
	st_json_end_object(json);
}

void st_operation_write(const struct st_operation_row *row, struct st_json *json)
{
	st_json_text_field(json, "name", row->name);
	st_json_text_field(json, "verb", row->verb);
	st_json_text_field(json, "summary", row->summary);
	st_json_text_field(json, "role", st_role_text[row->role]);
	st_json_bool_field(json, "changes", row->flags & ST_CHANGES);
	st_json_bool_field(json, "waits", row->flags & ST_WAITS);
	st_json_bool_field(json, "streams", row->flags & ST_STREAMS);
	if (row->flags & ST_OF_TRACER)
		st_json_text_field(json, "owner", "tracer");
	st_json_key(json, "params");
	st_json_begin_array(json);
	for (const struct st_param *param = row->params; param->name; param++)
		write_param(json, param);
	st_json_end_array(json);
	st_json_text_field(json, "result", row->result);
	st_json_key(json, "errors");
	st_json_begin_array(json);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (row->errors & UINT32_C(1) << i)
			st_json_text(json, st_errors[i].kind);
	st_json_end_array(json);
	st_json_text_field(json, "example", row->example);
}

void st_operations_write(struct st_json *json)
{
	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		st_json_begin_object(json);
		st_operation_write(&st_operations[i], json);
		st_json_end_object(json);
	}
}
