// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads requests; see rpc.h. Every error is a text with what is wrong and, if
 * that can be known, what was meant.
 */
#include "proto/rpc.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "proto/offer.h"
#include "proto/parse.h"

static const char *const members[] = { "jsonrpc", "id", "method", "params" };

/*
 * Do brackets nest too deep? Quotes are followed only as far as needed to know
 * whether a bracket is in a text. Whether the line is JSON is checked later.
 */
static bool is_too_deep(const char *line, size_t len)
{
	unsigned int depth = 0;
	bool in_text = false;

	for (size_t i = 0; i < len; i++) {
		char c = line[i];

		if (in_text && c == '\\')
			i++;
		else if (c == '"')
			in_text = !in_text;
		else if (!in_text && (c == '{' || c == '['))
			depth++;
		else if (!in_text && depth && (c == '}' || c == ']'))
			depth--;
		if (depth > ST_RPC_MAX_DEPTH)
			return true;
	}
	return false;
}

static int no_memory(struct st_rpc_error *ret_error)
{
	st_rpc_fail(ret_error, ST_ERROR_NO_MEMORY, "", "request: no memory");
	return -ENOMEM;
}

static int parse_json(const char *line, size_t len, json_t **ret_json,
		      struct st_rpc_error *ret_error)
{
	json_error_t error;

	if (is_too_deep(line, len)) {
		st_rpc_fail(ret_error, ST_ERROR_PARSE, "", "request: nested deeper than %d levels",
			    ST_RPC_MAX_DEPTH);
		return -EINVAL;
	}
	int ret = st_json_parse(line, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, ret_json,
				&error);

	if (!ret)
		return 0;
	if (ret == -ENOMEM)
		return no_memory(ret_error);
	st_rpc_fail(ret_error, ST_ERROR_PARSE, "", "request: not JSON at byte %d: %s",
		    error.position, error.text);
	return -EINVAL;
}

/* Return: -EINVAL: it is not a valid request. */
static int invalid(struct st_rpc_error *ret_error, const char *why)
{
	st_rpc_fail(ret_error, ST_ERROR_INVALID_REQUEST, "", "request: %s", why);
	return -EINVAL;
}

static int take_id(const json_t *json, struct st_rpc_id *ret_id, struct st_rpc_error *ret_error)
{
	const json_t *id = json_object_get(json, "id");
	size_t len;

	if (!id)
		return 0;
	if (!json_is_string(id) && !json_is_integer(id) && !json_is_null(id))
		return invalid(ret_error, "\"id\" must be a text, a whole number or null");
	errno = 0;
	len = json_dumpb(id, ret_id->text, sizeof(ret_id->text) - 1,
			 JSON_ENCODE_ANY | JSON_COMPACT);
	if (!len || len >= sizeof(ret_id->text)) {
		memset(ret_id, 0, sizeof(*ret_id));
		if (errno == ENOMEM)
			return no_memory(ret_error);
		return invalid(ret_error, "\"id\" is too long: at most 127 bytes");
	}
	ret_id->text[len] = '\0';
	return 0;
}

static bool is_member(const char *name)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(members); i++)
		if (!strcmp(name, members[i]))
			return true;
	return false;
}

static int check_members(json_t *json, struct st_rpc_error *ret_error)
{
	const char *version = json_string_value(json_object_get(json, "jsonrpc"));
	const char *name;
	json_t *value;

	json_object_foreach(json, name, value) {
		if (is_member(name))
			continue;
		st_rpc_fail(ret_error, ST_ERROR_INVALID_REQUEST, "",
			    "request: unknown member \"%.64s\"", name);
		st_rpc_hint(ret_error, st_text_nearest(name, members, ST_ARRAY_SIZE(members)));
		return -EINVAL;
	}
	if (!version || strcmp(version, "2.0"))
		return invalid(ret_error, "\"jsonrpc\" must be \"2.0\"");
	if (!json_is_string(json_object_get(json, "method")))
		return invalid(ret_error, "\"method\" must be a text");
	return 0;
}

static int find_method(const char *method, enum st_operation *ret_op,
		       struct st_rpc_error *ret_error)
{
	int op = st_operation_find(method);

	if (!strncmp(method, ST_OFFER_PREFIX, strlen(ST_OFFER_PREFIX))) {
		*ret_op = ST_OPERATION_INVOKE;
		return 0;
	}
	if (op >= 0 && !strcmp(st_operations[op].name, method)) {
		*ret_op = (enum st_operation)op;
		return 0;
	}
	st_rpc_fail(ret_error, ST_ERROR_METHOD_NOT_FOUND, "",
		    "no operation \"%.64s\" (\"operations\" lists all)", method);
	st_rpc_hint(ret_error, op >= 0 ? st_operations[op].name : st_operation_nearest(method));
	return -EINVAL;
}

/*
 * Wrap the params of x.NAME.OP as the operation invoke takes them. @params:
 * taken. NULL: no memory.
 */
static json_t *wrap(const json_t *json, json_t *params)
{
	json_t *method = json_object_get(json, "method");
	json_t *wrapped;

	if (!strcmp(json_string_value(method), st_operations[ST_OPERATION_INVOKE].name))
		return params;
	wrapped = json_object();
	if (wrapped && (json_object_set(wrapped, "operation", method) ||
			json_object_set(wrapped, "params", params))) {
		json_decref(wrapped);
		wrapped = NULL;
	}
	json_decref(params);
	return wrapped;
}

static int take_params(const json_t *json, struct st_rpc_request *request,
		       struct st_rpc_error *ret_error)
{
	json_t *params = json_object_get(json, "params");

	if (params && !json_is_object(params)) {
		st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, "",
			    "%s: \"params\" must be an object: parameters are given by name",
			    st_operations[request->op].name);
		return -EINVAL;
	}
	request->params = params ? json_incref(params) : json_object();
	if (request->params && request->op == ST_OPERATION_INVOKE)
		request->params = wrap(json, request->params);
	if (!request->params)
		return no_memory(ret_error);
	return st_params_check(&st_operations[request->op], request->params, ret_error);
}

static int read_request(json_t *json, struct st_rpc_request *request,
			struct st_rpc_error *ret_error)
{
	int ret;

	if (json_is_array(json))
		return invalid(ret_error, "batches are not served; send one object a line");
	if (!json_is_object(json))
		return invalid(ret_error, "must be an object");
	ret = take_id(json, &request->id, ret_error);
	if (!ret)
		ret = check_members(json, ret_error);
	if (!ret)
		ret = find_method(json_string_value(json_object_get(json, "method")), &request->op,
				  ret_error);
	return ret ? ret : take_params(json, request, ret_error);
}

/*
 * JSON-RPC: a line that is not a request at all is answered with the id null.
 */
static bool wants_answer_always(enum st_error kind)
{
	return kind == ST_ERROR_PARSE || kind == ST_ERROR_INVALID_REQUEST;
}

int st_rpc_parse(const char *line, size_t len, struct st_rpc_request *ret_request,
		 struct st_rpc_error *ret_error)
{
	json_t *json = NULL;
	int ret;

	memset(ret_request, 0, sizeof(*ret_request));
	ret = parse_json(line, len, &json, ret_error);
	if (!ret)
		ret = read_request(json, ret_request, ret_error);
	bool is_read = json;
	bool wants_id = json_object_get(json, "id");

	json_decref(json);
	if (!ret)
		return 0;
	st_rpc_request_done(ret_request);
	/* the id is not known either if there was no memory to read the line */
	if (!ret_request->id.text[0] &&
	    (!is_read || wants_id || wants_answer_always(ret_error->kind)))
		memcpy(ret_request->id.text, "null", sizeof("null"));
	return ret;
}

void st_rpc_request_done(struct st_rpc_request *request)
{
	json_decref(request->params);
	request->params = NULL;
}

const char *st_rpc_text(const struct st_rpc_request *request, const char *name,
			const char *fallback)
{
	const char *text = json_string_value(json_object_get(request->params, name));

	return text ? text : fallback;
}

int64_t st_rpc_integer(const struct st_rpc_request *request, const char *name, int64_t fallback)
{
	const json_t *value = json_object_get(request->params, name);

	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool st_rpc_flag(const struct st_rpc_request *request, const char *name)
{
	return json_is_true(json_object_get(request->params, name));
}
