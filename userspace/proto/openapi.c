// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the document of openapi.h. Paths come in the order in which the table
 * first has them, the operations of a path in the table's order.
 */
#include "proto/openapi.h"

#include <string.h>

#include "proto/json.h"
#include "proto/ops.h"
#include "proto/version.h"

static void begin(const char *key, struct st_json *json)
{
	st_json_key(json, key);
	st_json_begin_object(json);
}

static void write_info(struct st_json *json)
{
	begin("info", json);
	st_json_text_field(json, "title", "suptree");
	st_json_text_field(json, "summary", "Supervision trees of processes");
	st_json_text_field(json, "description",
			   "Each operation is a row of the operations table, and has the name of "
			   "its method of JSON-RPC. A path in an address has its / as %2F.");
	st_json_text_field(json, "version", ST_VERSION);
	begin("license", json);
	st_json_text_field(json, "name", "GNU General Public License, version 2");
	st_json_text_field(json, "identifier", "GPL-2.0-only");
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_key(json, "servers");
	st_json_begin_array(json);
	st_json_begin_object(json);
	st_json_text_field(json, "url", ST_REST_BASE);
	st_json_end_object(json);
	st_json_end_array(json);
}

static bool has_operations(enum st_group group)
{
	for (int i = 0; i < ST_OPERATION__MAX; i++)
		if (st_operations[i].rest.path && st_operations[i].group == group)
			return true;
	return false;
}

static void write_tags(struct st_json *json)
{
	st_json_key(json, "tags");
	st_json_begin_array(json);
	for (int group = 0; group < ST_GROUP__MAX; group++) {
		if (!has_operations((enum st_group)group))
			continue;
		st_json_begin_object(json);
		st_json_text_field(json, "name", st_groups[group].name);
		st_json_text_field(json, "description", st_groups[group].title);
		st_json_end_object(json);
	}
	st_json_end_array(json);
}

/* Write "stop a child [C5]" without the rule, which only RULES.md explains. */
static void write_summary(const struct st_operation_row *row, struct st_json *json)
{
	size_t len = strcspn(row->summary, "[");

	while (len && row->summary[len - 1] == ' ')
		len--;
	st_json_key(json, "summary");
	st_json_text_len(json, row->summary, len);
}

/*
 * Write the ways to log in, one of which is enough, with the role that is
 * needed.
 */
static void write_security(const struct st_operation_row *row, struct st_json *json)
{
	static const char *const schemes[] = { "token", "cookie" };

	st_json_key(json, "security");
	st_json_begin_array(json);
	for (size_t i = 0; i < ST_ARRAY_SIZE(schemes); i++) {
		st_json_begin_object(json);
		st_json_key(json, schemes[i]);
		st_json_begin_array(json);
		st_json_text(json, st_role_text[row->role]);
		st_json_end_array(json);
		st_json_end_object(json);
	}
	st_json_end_array(json);
}

static void write_operation(const struct st_operation_row *row, struct st_json *json)
{
	char method[16];
	size_t len = 0;

	for (const char *c = st_http_text[row->rest.verb]; *c && len + 1 < sizeof(method); c++)
		method[len++] = (char)(*c - 'A' + 'a');
	method[len] = '\0';
	begin(method, json);
	st_json_text_field(json, "operationId", row->name);
	write_summary(row, json);
	st_json_key(json, "tags");
	st_json_begin_array(json);
	st_json_text(json, st_groups[row->group].name);
	st_json_end_array(json);
	write_security(row, json);
	st_json_text_field(json, "x-suptree-owner", st_owners[row->owner].name);
	st_json_text_field(json, "x-suptree-role", st_role_text[row->role]);
	st_json_text_field(json, "x-suptree-command", row->example);
	st_openapi_write_request(row, json);
	st_openapi_write_responses(row, json);
	st_json_end_object(json);
}

/*
 * Does an earlier row have the same path? Then the path was written with that
 * row.
 */
static bool is_written(int index)
{
	const char *path = st_operations[index].rest.path;

	for (int i = 0; i < index; i++)
		if (st_operations[i].rest.path && !strcmp(st_operations[i].rest.path, path))
			return true;
	return false;
}

static void write_paths(struct st_json *json)
{
	begin("paths", json);
	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		const char *path = st_operations[i].rest.path;

		if (!path || is_written(i))
			continue;
		begin(path, json);
		for (int k = i; k < ST_OPERATION__MAX; k++)
			if (st_operations[k].rest.path && !strcmp(st_operations[k].rest.path, path))
				write_operation(&st_operations[k], json);
		st_json_end_object(json);
	}
	st_json_end_object(json);
}

static void write_security_schemes(struct st_json *json)
{
	begin("securitySchemes", json);
	begin("token", json);
	st_json_text_field(json, "type", "http");
	st_json_text_field(json, "scheme", "bearer");
	st_json_text_field(json, "description", "of programs");
	st_json_end_object(json);
	begin("cookie", json);
	st_json_text_field(json, "type", "apiKey");
	st_json_text_field(json, "in", "cookie");
	st_json_text_field(json, "name", "suptree");
	st_json_text_field(json, "description", "of browsers, after a login");
	st_json_end_object(json);
	st_json_end_object(json);
}

static void write_components(struct st_json *json)
{
	begin("components", json);
	begin("schemas", json);
	for (int shape = 0; shape < ST_SHAPE__MAX; shape++) {
		st_json_key(json, st_shapes[shape].name);
		st_shape_write_schema((enum st_shape)shape, json);
	}
	st_json_end_object(json);
	write_security_schemes(json);
	st_json_end_object(json);
}

static void write_failures(const struct st_operation_row *row, struct st_json *json)
{
	st_json_key(json, "failures");
	st_json_begin_array(json);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (row->errors >> i & 1)
			st_json_text(json, st_errors[i].kind);
	st_json_end_array(json);
}

/*
 * Write about the control protocol: it has the same shapes, and operations
 * without a REST path.
 */
static void write_protocol(struct st_json *json)
{
	begin("x-suptree-protocol", json);
	begin("operations", json);
	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		begin(st_operations[i].name, json);
		st_json_key(json, "result");
		st_shape_write_ref(st_operations[i].shape, json);
		write_failures(&st_operations[i], json);
		st_json_end_object(json);
	}
	st_json_end_object(json);
	begin("notifications", json);
	for (unsigned int i = 0; i < st_nr_notifications; i++) {
		st_json_key(json, st_notifications[i].name);
		st_shape_write_ref(st_notifications[i].shape, json);
	}
	st_json_end_object(json);
	st_json_key(json, "failure");
	st_shape_write_ref(ST_SHAPE_FAILURE, json);
	st_json_end_object(json);
}

void st_openapi_write(struct st_json *json)
{
	st_json_begin_object(json);
	st_json_text_field(json, "openapi", "3.1.0");
	write_info(json);
	write_tags(json);
	write_paths(json);
	write_components(json);
	write_protocol(json);
	st_json_end_object(json);
}
