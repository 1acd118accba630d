// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what an operation of REST takes: parameters in its path and query, and
 * its body; see openapi.h. The place of a parameter is not written anywhere:
 * st_operation_rest_in() derives it.
 */
#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/ops.h"

/* Is a parameter of this set in the path? Then the path chooses it. */
static bool is_chosen_by_path(const struct st_operation_row *row, unsigned int set)
{
	for (const struct st_param *param = row->params; param->name; param++)
		if (param->need == ST_NEED_ONE_OF && param->set == set &&
		    st_operation_rest_in(row, param) == ST_REST_IN_PATH)
			return true;
	return false;
}

/* Is the parameter in this place in REST? */
static bool is_in(const struct st_operation_row *row, const struct st_param *param,
		  enum st_rest_in where)
{
	return st_operation_rest_in(row, param) == where &&
	       (where == ST_REST_IN_PATH || param->need != ST_NEED_ONE_OF ||
		!is_chosen_by_path(row, param->set));
}

static bool has_any_in(const struct st_operation_row *row, enum st_rest_in where)
{
	for (const struct st_param *param = row->params; param->name; param++)
		if (is_in(row, param, where))
			return true;
	return false;
}

/*
 * Write the help, the meaning of a missing value, and the parameters that
 * exclude this one.
 */
static void write_description(const struct st_operation_row *row, const struct st_param *param,
			      enum st_rest_in where, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, param->help);
	if (param->fallback.kind == ST_DEFAULT_IS_MEANING) {
		st_buf_add_text(&text, "; without it: ");
		st_buf_add_text(&text, param->fallback.text);
	}
	if (param->need == ST_NEED_ONE_OF && where == ST_REST_IN_QUERY) {
		const char *before = "; exactly one is required of ";

		for (const struct st_param *other = row->params; other->name; other++) {
			if (other->need != ST_NEED_ONE_OF || other->set != param->set)
				continue;
			st_buf_add_text(&text, before);
			st_buf_add_text(&text, other->name);
			before = ", ";
		}
	}
	st_json_text_field(json, "description", st_buf_text(&text));
	json->out->failed |= text.failed;
	st_buf_done(&text);
}

/* Is it written in a query as JSON? Yes, if it is not a plain value. */
static bool is_json(const struct st_param *param)
{
	enum st_form form = st_param_types[param->type].form;

	return form == ST_FORM_REASON || form == ST_FORM_OBJECT || form == ST_FORM_OBJECTS ||
	       form == ST_FORM_SPEC || form == ST_FORM_SPECS;
}

static void write_schema(const struct st_param *param, struct st_json *json)
{
	st_json_key(json, "schema");
	st_json_begin_object(json);
	st_param_write_schema(param, json);
	st_json_end_object(json);
}

static void write_parameter(const struct st_operation_row *row, const struct st_param *param,
			    enum st_rest_in where, struct st_json *json)
{
	bool is_in_path = where == ST_REST_IN_PATH;

	st_json_begin_object(json);
	st_json_text_field(json, "name", param->name);
	st_json_text_field(json, "in", is_in_path ? "path" : "query");
	st_json_bool_field(json, "required", is_in_path || param->need == ST_NEED_REQUIRED);
	write_description(row, param, where, json);
	if (is_json(param)) {
		st_json_key(json, "content");
		st_json_begin_object(json);
		st_json_key(json, "application/json");
		st_json_begin_object(json);
		write_schema(param, json);
		st_json_end_object(json);
		st_json_end_object(json);
	} else {
		write_schema(param, json);
	}
	st_json_end_object(json);
}

static void write_parameters_in(const struct st_operation_row *row, enum st_rest_in where,
				struct st_json *json)
{
	for (const struct st_param *param = row->params; param->name; param++)
		if (is_in(row, param, where))
			write_parameter(row, param, where, json);
}

/*
 * Write the header by which a stream goes on: browsers send it when they
 * connect again.
 */
static void write_last_event_id(struct st_json *json)
{
	st_json_begin_object(json);
	st_json_text_field(json, "name", "Last-Event-ID");
	st_json_text_field(json, "in", "header");
	st_json_bool_field(json, "required", false);
	st_json_text_field(json, "description",
			   "the id of the last event that was received; those after it come first");
	st_json_key(json, "schema");
	st_json_begin_object(json);
	st_json_text_field(json, "type", "string");
	st_json_end_object(json);
	st_json_end_object(json);
}

static void write_properties(const struct st_operation_row *row, struct st_json *json)
{
	st_json_key(json, "properties");
	st_json_begin_object(json);
	for (const struct st_param *param = row->params; param->name; param++) {
		if (!is_in(row, param, ST_REST_IN_BODY))
			continue;
		st_json_key(json, param->name);
		st_json_begin_object(json);
		st_param_write_schema(param, json);
		write_description(row, param, ST_REST_IN_BODY, json);
		st_json_end_object(json);
	}
	st_json_end_object(json);
}

/* Return: whether there are any. */
static bool write_required(const struct st_operation_row *row, struct st_json *json)
{
	bool has_any = false;

	st_json_key(json, "required");
	st_json_begin_array(json);
	for (const struct st_param *param = row->params; param->name; param++) {
		if (param->need != ST_NEED_REQUIRED || !is_in(row, param, ST_REST_IN_BODY))
			continue;
		st_json_text(json, param->name);
		has_any = true;
	}
	st_json_end_array(json);
	return has_any;
}

/* {"oneOf": [{"required": [A]}, {"required": [B]}]} */
static void write_set(const struct st_operation_row *row, unsigned int set, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_key(json, "oneOf");
	st_json_begin_array(json);
	for (const struct st_param *param = row->params; param->name; param++) {
		if (param->need != ST_NEED_ONE_OF || param->set != set)
			continue;
		st_json_begin_object(json);
		st_json_key(json, "required");
		st_json_begin_array(json);
		st_json_text(json, param->name);
		st_json_end_array(json);
		st_json_end_object(json);
	}
	st_json_end_array(json);
	st_json_end_object(json);
}

/* Is there no parameter of the same set before it? */
static bool is_first_of_set(const struct st_operation_row *row, const struct st_param *param)
{
	for (const struct st_param *before = row->params; before < param; before++)
		if (before->need == ST_NEED_ONE_OF && before->set == param->set)
			return false;
	return true;
}

/* Return: whether there are any. */
static bool write_sets(const struct st_operation_row *row, struct st_json *json)
{
	bool has_any = false;

	for (const struct st_param *param = row->params; param->name; param++) {
		if (param->need != ST_NEED_ONE_OF || !is_in(row, param, ST_REST_IN_BODY) ||
		    !is_first_of_set(row, param))
			continue;
		if (!has_any) {
			st_json_key(json, "allOf");
			st_json_begin_array(json);
		}
		write_set(row, param->set, json);
		has_any = true;
	}
	if (has_any)
		st_json_end_array(json);
	return has_any;
}

static void write_body(const struct st_operation_row *row, struct st_json *json)
{
	bool is_required;

	st_json_key(json, "requestBody");
	st_json_begin_object(json);
	st_json_key(json, "content");
	st_json_begin_object(json);
	st_json_key(json, "application/json");
	st_json_begin_object(json);
	st_json_key(json, "schema");
	st_json_begin_object(json);
	st_json_text_field(json, "type", "object");
	st_json_bool_field(json, "additionalProperties", false);
	write_properties(row, json);
	is_required = write_required(row, json);
	is_required |= write_sets(row, json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_bool_field(json, "required", is_required);
	st_json_end_object(json);
}

void st_openapi_write_request(const struct st_operation_row *row, struct st_json *json)
{
	st_json_key(json, "parameters");
	st_json_begin_array(json);
	write_parameters_in(row, ST_REST_IN_PATH, json);
	write_parameters_in(row, ST_REST_IN_QUERY, json);
	if (row->flags & ST_STREAMS)
		write_last_event_id(json);
	st_json_end_array(json);
	if (has_any_in(row, ST_REST_IN_BODY))
		write_body(row, json);
}
