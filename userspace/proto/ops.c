// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations table of ops.h as data, and look-ups in it.
 */
#include "proto/ops.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "proto/json.h"

#define ROLE_TEXT(member, text, help) [member] = text,
const char *const st_role_text[ST_ROLE__MAX] = { ST_ROLE_LIST(ROLE_TEXT) };
#undef ROLE_TEXT

#define ROLE_HELP(member, text, help) [member] = help,
const char *const st_role_help[ST_ROLE__MAX] = { ST_ROLE_LIST(ROLE_HELP) };
#undef ROLE_HELP

#define OWNER(member, word, time, how) \
	[ST_OWNER_##member] = { .name = word, .timeout_ms = time, .start = how },
const struct st_owner_row st_owners[ST_OWNER__MAX] = { ST_OWNER_LIST(OWNER) };
#undef OWNER

#define GROUP(member, word, text) [ST_GROUP_##member] = { .name = word, .title = text },
const struct st_group_row st_groups[ST_GROUP__MAX] = { ST_GROUP_LIST(GROUP) };
#undef GROUP

#define HTTP(member, text) [ST_HTTP_##member] = text,
const char *const st_http_text[ST_HTTP__MAX] = { ST_HTTP_LIST(HTTP) };
#undef HTTP

#define PARAMS(member, ...) \
	static const struct st_param params_##member[] = { ST_PARAMS_##member(ST_PARAM){ \
		.name = NULL } }; \
	_Static_assert(ST_ARRAY_SIZE(params_##member) <= ST_OPERATION_MAX_PARAMS + 1, #member);
ST_OPERATION_LIST(PARAMS)
#undef PARAMS

#define REST_NO_REST \
	{ \
		.verb = ST_HTTP_NONE \
	}
#define REST_GET(where, code) \
	{ \
		.verb = ST_HTTP_GET, .path = where, .status = code \
	}
#define REST_PUT(where, code) \
	{ \
		.verb = ST_HTTP_PUT, .path = where, .status = code \
	}
#define REST_POST(where, code) \
	{ \
		.verb = ST_HTTP_POST, .path = where, .status = code \
	}
#define REST_DELETE(where, code) \
	{ \
		.verb = ST_HTTP_DELETE, .path = where, .status = code \
	}
#define ROW(member, id, cli_verb, service, section, who, what, about, gives, fails, where, like) \
	[ST_OPERATION_##member] = { .name = #id, \
				    .verb = cli_verb, \
				    .owner = ST_OWNER_##service, \
				    .group = ST_GROUP_##section, \
				    .role = ST_ROLE_##who, \
				    .flags = what, \
				    .summary = about, \
				    .shape = ST_SHAPE_##gives, \
				    .errors = (fails) | ST_IF_DAEMON(service, 0, ST_ON_RELAY), \
				    .rest = REST_##where, \
				    .example = like, \
				    .params = params_##member },
const struct st_operation_row st_operations[ST_OPERATION__MAX] = { ST_OPERATION_LIST(ROW) };
#undef ROW

/* GET changes nothing: a page may be loaded twice, or ahead of time. */
#define MAY_CHANGE_NO_REST true
#define MAY_CHANGE_GET(where, code) false
#define MAY_CHANGE_PUT(where, code) true
#define MAY_CHANGE_POST(where, code) true
#define MAY_CHANGE_DELETE(where, code) true
#define GETS(member, id, cli_verb, service, section, who, what, about, gives, fails, where, like) \
	_Static_assert(MAY_CHANGE_##where || !((what)&ST_CHANGES), \
		       #id " changes something: its REST verb must not be GET");
ST_OPERATION_LIST(GETS)
#undef GETS

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

/* Is the parameter in braces? "/processes/{path}/info" has "path". */
static bool is_in_braces(const char *path, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strchr(path, '{'); at; at = strchr(at, '{'))
		if (!strncmp(++at, name, len) && at[len] == '}')
			return true;
	return false;
}

enum st_rest_in st_operation_rest_in(const struct st_operation_row *row,
				     const struct st_param *param)
{
	if (param->rest_in != ST_REST_IN_DERIVED)
		return param->rest_in;
	if (is_in_braces(row->rest.path, param->name))
		return ST_REST_IN_PATH;
	return row->rest.verb == ST_HTTP_GET || row->rest.verb == ST_HTTP_DELETE ?
		       ST_REST_IN_QUERY :
		       ST_REST_IN_BODY;
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
	const char *const *words = st_param_words(param, &nr);

	if (words) {
		st_json_key(json, "words");
		st_json_begin_array(json);
		for (int i = 0; i < nr; i++)
			st_json_text(json, words[i]);
		st_json_end_array(json);
	} else if (type->max) {
		st_json_i64_field(json, "min", param->is_bounded ? param->min : type->min);
		st_json_i64_field(json, "max", param->is_bounded ? param->max : type->max);
	}
}

static void write_default(struct st_json *json, const struct st_default *fallback)
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
		st_json_text_field(json, "default_means", fallback->text);
		break;
	case ST_DEFAULT_IS_NONE:
		break;
	}
}

static void write_param(struct st_json *json, const struct st_operation_row *row,
			const struct st_param *param)
{
	static const char *const places[] = { "", "path", "query", "body" };

	st_json_begin_object(json);
	st_json_text_field(json, "name", param->name);
	st_json_text_field(json, "type", st_param_types[param->type].name);
	st_json_bool_field(json, "required", param->need == ST_NEED_REQUIRED);
	if (param->need == ST_NEED_ONE_OF) {
		st_json_bool_field(json, "one_of", true);
		st_json_u64_field(json, "set", param->set);
	}
	if (param->alias)
		st_json_text_field(json, "alias", param->alias);
	write_default(json, &param->fallback);
	write_limits(json, param);
	if (row->rest.path)
		st_json_text_field(json, "in", places[st_operation_rest_in(row, param)]);
	st_json_text_field(json, "help", param->help);
	st_json_end_object(json);
}

static void write_rest(struct st_json *json, const struct st_operation_row *row)
{
	if (!row->rest.path)
		return;
	st_json_key(json, "rest");
	st_json_begin_object(json);
	st_json_text_field(json, "method", st_http_text[row->rest.verb]);
	st_json_text_field(json, "path", row->rest.path);
	st_json_u64_field(json, "status", row->rest.status);
	st_json_key(json, "errors");
	st_json_begin_object(json);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (row->errors & UINT64_C(1) << i)
			st_json_u64_field(json, st_errors[i].kind, st_errors[i].http);
	st_json_end_object(json);
	st_json_end_object(json);
}

void st_params_write(const struct st_operation_row *row, struct st_json *json)
{
	for (const struct st_param *param = row->params; param->name; param++)
		write_param(json, row, param);
}

void st_operation_write(const struct st_operation_row *row, struct st_json *json)
{
	st_json_text_field(json, "name", row->name);
	st_json_text_field(json, "verb", row->verb);
	st_json_text_field(json, "summary", row->summary);
	st_json_text_field(json, "owner", st_owners[row->owner].name);
	st_json_text_field(json, "group", st_groups[row->group].name);
	st_json_text_field(json, "role", st_role_text[row->role]);
	if (row->flags & ST_FOR_CHILDREN)
		st_json_bool_field(json, "for_children", true);
	st_json_bool_field(json, "changes", row->flags & ST_CHANGES);
	st_json_bool_field(json, "waits", row->flags & ST_WAITS);
	st_json_bool_field(json, "streams", row->flags & ST_STREAMS);
	st_json_key(json, "params");
	st_json_begin_array(json);
	st_params_write(row, json);
	st_json_end_array(json);
	st_json_text_field(json, "result", st_shapes[row->shape].name);
	st_json_key(json, "errors");
	st_json_begin_array(json);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (row->errors & UINT64_C(1) << i)
			st_json_text(json, st_errors[i].kind);
	st_json_end_array(json);
	write_rest(json, row);
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
