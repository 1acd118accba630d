// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes and parameters; see route.h.
 */
#include "web/route.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/openapi.h"
#include "proto/parse.h"
#include "proto/rpc.h"

#define BASE_SEGMENTS 2 /* those of ST_REST_BASE: api, v1 */

/* The paths of features that are an operation under a second name. */
static const struct {
	enum st_http verb;
	const char *path;
	enum st_operation op;
	bool only_supervisors;
} more_routes[] = {
	{ ST_HTTP_GET, "/supervisors", ST_OPERATION_PS, true },
	{ ST_HTTP_GET, "/supervisors/{path}", ST_OPERATION_TREE, false },
	{ ST_HTTP_GET, "/processes/{path}/messages", ST_OPERATION_TRACE_HISTORY, false },
	{ ST_HTTP_DELETE, "/processes/{path}/trace", ST_OPERATION_TRACE_STOP, false },
};

static size_t segment_len(const char *segment)
{
	return strcspn(segment, "/");
}

/* Does the path of the target fit "/processes/{path}/info"? */
static bool fits(const char *pattern, const struct st_uri *uri)
{
	size_t index = BASE_SEGMENTS;

	while (*pattern == '/') {
		const char *segment = pattern + 1;
		size_t len = segment_len(segment);

		if (index >= uri->nr_segments)
			return false;
		if (*segment != '{' && (strlen(uri->segments[index]) != len ||
					strncmp(uri->segments[index], segment, len) != 0))
			return false;
		index++;
		pattern = segment + len;
	}
	return index == uri->nr_segments;
}

static bool is_method(const char *method, enum st_http verb)
{
	return !strcmp(method, st_http_text[verb]) ||
	       (verb == ST_HTTP_GET && !strcmp(method, "HEAD"));
}

static void allow(char *allowed, enum st_http verb)
{
	size_t len = strlen(allowed);

	if (strstr(allowed, st_http_text[verb]))
		return;
	(void)snprintf(allowed + len, ST_ROUTE_MAX_ALLOWED - len, "%s%s%s", len ? ", " : "",
		       st_http_text[verb], verb == ST_HTTP_GET ? ", HEAD" : "");
}

/* A literal segment wins over one in braces: /arsenal/offered is no {operation}. */
static size_t nr_braces(const char *pattern)
{
	size_t nr = 0;

	for (; *pattern; pattern++)
		nr += *pattern == '{';
	return nr;
}

struct search {
	const char *method;
	const struct st_uri *uri;
	struct st_web_route found;
	char *allowed;
};

static void try_route(struct search *search, enum st_http verb, const struct st_web_route *route)
{
	if (!fits(route->pattern, search->uri))
		return;
	allow(search->allowed, verb);
	if (!is_method(search->method, verb))
		return;
	if (search->found.row && nr_braces(search->found.pattern) <= nr_braces(route->pattern))
		return;
	search->found = *route;
}

static bool is_below_base(const struct st_uri *uri)
{
	return uri->nr_segments > BASE_SEGMENTS && !strcmp(uri->segments[0], "api") &&
	       !strcmp(uri->segments[1], "v1");
}

int st_web_route_find(const char *method, const struct st_uri *uri, struct st_web_route *ret_route,
		      char ret_allowed[ST_ROUTE_MAX_ALLOWED])
{
	struct search search = { .method = method, .uri = uri, .allowed = ret_allowed };

	*ret_allowed = '\0';
	if (!is_below_base(uri))
		return -ENOENT;
	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		const struct st_operation_row *row = &st_operations[i];

		if (row->rest.path)
			try_route(&search, row->rest.verb,
				  &(struct st_web_route){ .row = row, .pattern = row->rest.path });
	}
	for (size_t i = 0; i < ST_ARRAY_SIZE(more_routes); i++)
		try_route(&search, more_routes[i].verb,
			  &(struct st_web_route){ .row = &st_operations[more_routes[i].op],
						  .pattern = more_routes[i].path,
						  .only_supervisors =
							  more_routes[i].only_supervisors });
	if (!search.found.row)
		return *ret_allowed ? -EPERM : -ENOENT;
	*ret_route = search.found;
	return 0;
}

static bool is_in_braces(const char *pattern, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strchr(pattern, '{'); at; at = strchr(at, '{'))
		if (!strncmp(++at, name, len) && at[len] == '}')
			return true;
	return false;
}

static enum st_rest_in place_of(const struct st_web_route *route, const struct st_param *param)
{
	enum st_http verb = route->row->rest.verb;

	if (is_in_braces(route->pattern, param->name))
		return ST_REST_IN_PATH;
	if (param->rest_in != ST_REST_IN_DERIVED)
		return param->rest_in;
	return verb == ST_HTTP_GET || verb == ST_HTTP_DELETE ? ST_REST_IN_QUERY : ST_REST_IN_BODY;
}

void st_web_route_pointer(const struct st_web_route *route, const char *name, char ret_pointer[160])
{
	static const char *const places[] = {
		[ST_REST_IN_PATH] = "path",
		[ST_REST_IN_QUERY] = "query",
		[ST_REST_IN_BODY] = "body",
	};
	const struct st_param *param = st_operation_param(route->row, name);
	enum st_http verb = route->row->rest.verb;
	enum st_rest_in place = verb == ST_HTTP_GET || verb == ST_HTTP_DELETE ? ST_REST_IN_QUERY :
										ST_REST_IN_BODY;
	char *to = ret_pointer;

	*ret_pointer = '\0';
	if (!*name)
		return;
	if (param)
		place = place_of(route, param);
	to += snprintf(to, 16, "/%s/", places[place]);
	/* RFC 6901: ~ is ~0, and / is ~1 */
	for (; *name && to < ret_pointer + 156; name++) {
		if (*name == '~' || *name == '/') {
			*to++ = '~';
			*to++ = *name == '~' ? '0' : '1';
		} else {
			*to++ = *name;
		}
	}
	*to = '\0';
}

static int fail(const struct st_web_route *route, struct st_web_route_error *error,
		const char *name)
{
	st_web_route_pointer(route, name, error->pointer);
	return -EINVAL;
}

static json_t *read_integer(const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || strchr("+ \t\n\v\f\r", *text))
		return NULL;
	return json_integer(value);
}

/* A text of a path or a query as the value of a parameter. Return: NULL: it is none. */
static json_t *read_text(const struct st_param *param, const char *text)
{
	json_t *value = NULL;

	switch (st_param_types[param->type].form) {
	case ST_FORM_INTEGER:
		return read_integer(text);
	case ST_FORM_FLAG:
		if (!strcmp(text, "true") || !*text)
			return json_true();
		return !strcmp(text, "false") ? json_false() : NULL;
	case ST_FORM_SIGNAL:
		value = read_integer(text);
		return value ? value : json_string(text);
	case ST_FORM_REASON:
	case ST_FORM_SPEC:
	case ST_FORM_SPECS:
	case ST_FORM_OBJECT:
	case ST_FORM_OBJECTS:
	case ST_FORM_TEXTS:
		if (*text == '{' || *text == '[' || *text == '"')
			return st_json_parse(text, strlen(text),
					     JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &value,
					     NULL) ?
				       NULL :
				       value;
		return json_string(text);
	case ST_FORM_TEXT:
	case ST_FORM_WORD:
	case ST_FORM_WORDS:
	default:
		return json_string(text);
	}
}

static int set(const struct st_web_route *route, json_t *params, const struct st_param *param,
	       const char *text, struct st_web_route_error *error)
{
	json_t *value = read_text(param, text);

	if (!value) {
		st_rpc_fail(&error->error, ST_ERROR_INVALID_PARAMS, param->name,
			    "%s: %s: it is not of the type %s", route->row->verb, param->name,
			    st_param_types[param->type].name);
		return fail(route, error, param->name);
	}
	return json_object_set_new(params, param->name, value) ? -ENOMEM : 0;
}

/* Take the segments that braces name. A child may be meant by the pid of its process. */
static int take_path(const struct st_web_route *route, const struct st_uri *uri, json_t *params,
		     struct st_web_route_error *error)
{
	const char *pattern = route->pattern;
	size_t index = BASE_SEGMENTS;
	int ret = 0;

	for (; !ret && *pattern == '/'; index++) {
		const char *segment = pattern + 1;
		size_t len = segment_len(segment);
		char name[32] = "";

		pattern = segment + len;
		if (*segment != '{' || len < 3 || len > sizeof(name))
			continue;
		memcpy(name, segment + 1, len - 2);
		ret = set(route, params, st_operation_param(route->row, name), uri->segments[index],
			  error);
	}
	return ret;
}

static int take_query(const struct st_web_route *route, const struct st_uri *uri, json_t *params,
		      struct st_web_route_error *error)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < uri->nr_query; i++) {
		const char *name = uri->query[i].name;
		const struct st_param *param = st_operation_param(route->row, name);

		if (route->row == &st_operations[ST_OPERATION_PS] &&
		    (!strcmp(name, "filter") || !strcmp(name, "sort")))
			continue;
		if (param && place_of(route, param) == ST_REST_IN_QUERY) {
			ret = set(route, params, param, uri->query[i].value, error);
			continue;
		}
		st_rpc_fail(&error->error, ST_ERROR_INVALID_PARAMS, "",
			    "%s: the query has no parameter %s", route->row->verb, name);
		(void)fail(route, error, name);
		(void)snprintf(error->pointer, sizeof(error->pointer), "/query/%.120s", name);
		ret = -EINVAL;
	}
	return ret;
}

static int take_body(const struct st_web_route *route, const char *body, size_t len, json_t *params,
		     struct st_web_route_error *error)
{
	json_error_t why;
	json_t *object = NULL, *value;
	const char *name;
	int ret;

	if (!len)
		return 0;
	ret = st_json_parse(body, len, JSON_REJECT_DUPLICATES, &object, &why);
	if (ret == -EINVAL) {
		st_rpc_fail(&error->error, ST_ERROR_PARSE, "",
			    "the body is not JSON: line %d, column %d: %s", why.line, why.column,
			    why.text);
		return -EINVAL;
	}
	if (ret)
		return ret;
	if (!json_is_object(object)) {
		st_rpc_fail(&error->error, ST_ERROR_INVALID_REQUEST, "",
			    "the body is JSON, but no object");
		json_decref(object);
		return -EINVAL;
	}
	json_object_foreach(object, name, value) {
		const struct st_param *param = st_operation_param(route->row, name);

		if (param && place_of(route, param) == ST_REST_IN_BODY) {
			ret = json_object_set(params, name, value) ? -ENOMEM : 0;
		} else {
			st_rpc_fail(&error->error, ST_ERROR_INVALID_PARAMS, "",
				    "%s: the body has no member %s", route->row->verb, name);
			ret = fail(route, error, name);
			memcpy(error->pointer, "/body/", 6);
		}
		if (ret)
			break;
	}
	json_decref(object);
	return ret;
}

int st_web_route_params(const struct st_web_route *route, const struct st_uri *uri,
			const char *body, size_t len, json_t **ret_params,
			struct st_web_route_error *ret_error)
{
	json_t *params = json_object();
	int ret;

	*ret_error = (struct st_web_route_error){ 0 };
	if (!params)
		return -ENOMEM;
	ret = take_body(route, body, len, params, ret_error);
	if (!ret)
		ret = take_query(route, uri, params, ret_error);
	if (!ret)
		ret = take_path(route, uri, params, ret_error);
	if (!ret && st_params_check(route->row, params, &ret_error->error))
		ret = fail(route, ret_error, ret_error->error.param);
	if (ret) {
		json_decref(params);
		return ret;
	}
	*ret_params = params;
	return 0;
}
