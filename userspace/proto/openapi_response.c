// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what an operation of REST answers: its result in an envelope, its
 * notifications, and its failures as problems of RFC 9457, with one response
 * for each status; see openapi.h.
 */
#include <string.h>

#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/ops.h"

#define CREATED 201
#define UNAUTHORIZED 401
#define FIRST_FAILURE 400
#define LAST_FAILURE 599

/* The failures that every request can have. */
#define COMMON \
	(ST_ON(PARSE) | ST_ON(INVALID_REQUEST) | ST_ON(INVALID_PARAMS) | ST_ON(INTERNAL) | \
	 ST_ON(REFUSED) | ST_ON(LIMIT) | ST_ON(NO_MEMORY))

static void begin(const char *key, struct st_json *json)
{
	st_json_key(json, key);
	st_json_begin_object(json);
}

static void begin_status(unsigned int status, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_u64(&text, status);
	begin(st_buf_text(&text), json);
	json->out->failed |= text.failed;
	st_buf_done(&text);
}

/* Write {"result": ...}: other members can be added beside it later. */
static void write_envelope(enum st_shape shape, struct st_json *json)
{
	begin("application/json", json);
	begin("schema", json);
	st_json_text_field(json, "type", "object");
	st_json_bool_field(json, "additionalProperties", false);
	begin("properties", json);
	st_json_key(json, "result");
	st_shape_write_ref(shape, json);
	st_json_end_object(json);
	st_json_key(json, "required");
	st_json_begin_array(json);
	st_json_text(json, "result");
	st_json_end_array(json);
	st_json_end_object(json);
	st_json_end_object(json);
}

/* Is the word in a list with commas, such as "subscribe, logs"? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ','))
			return true;
	return false;
}

static void write_stream(const struct st_operation_row *row, struct st_json *json)
{
	begin("text/event-stream", json);
	begin("schema", json);
	st_json_text_field(json, "type", "string");
	st_json_text_field(json, "description",
			   "server-sent events: event is the notification's name, data its params, "
			   "id INCARNATION-SEQ of the daemon and of the event");
	st_json_end_object(json);
	begin("x-suptree-notifications", json);
	for (unsigned int i = 0; i < st_nr_notifications; i++) {
		if (!has_word(st_notifications[i].after, row->name))
			continue;
		st_json_key(json, st_notifications[i].name);
		st_shape_write_ref(st_notifications[i].shape, json);
	}
	st_json_end_object(json);
	st_json_end_object(json);
}

static void write_location(struct st_json *json)
{
	begin("headers", json);
	begin("Location", json);
	st_json_text_field(json, "description", "where to look at what was made");
	st_json_bool_field(json, "required", true);
	begin("schema", json);
	st_json_text_field(json, "type", "string");
	st_json_text_field(json, "format", "uri-reference");
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_object(json);
}

/*
 * A stream that also works without "follow" begins with its lines as a plain
 * answer.
 */
static void write_success(const struct st_operation_row *row, struct st_json *json)
{
	bool is_stream = row->flags & ST_STREAMS;

	begin_status(row->rest.status, json);
	st_json_text_field(json, "description", st_shapes[row->shape].help);
	if (row->rest.status == CREATED)
		write_location(json);
	begin("content", json);
	if (!is_stream || st_operation_param(row, "follow"))
		write_envelope(row->shape, json);
	if (is_stream)
		write_stream(row, json);
	st_json_end_object(json);
	st_json_end_object(json);
}

static bool has_failure(uint64_t errors, int error, unsigned int status)
{
	return (errors >> error & 1) && st_errors[error].http == status;
}

static void write_meanings(uint64_t errors, unsigned int status, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;

	for (int i = 0; i < ST_ERROR__MAX; i++) {
		if (!has_failure(errors, i, status))
			continue;
		if (text.len)
			st_buf_add_text(&text, "; ");
		st_buf_add_text(&text, st_errors[i].kind);
		st_buf_add_text(&text, ": ");
		st_buf_add_text(&text, st_errors[i].meaning);
	}
	st_json_text_field(json, "description", st_buf_text(&text));
	json->out->failed |= text.failed;
	st_buf_done(&text);
}

/* Write a Problem whose kind is one of these errors. */
static void write_problem(uint64_t errors, unsigned int status, struct st_json *json)
{
	begin("content", json);
	begin("application/problem+json", json);
	begin("schema", json);
	st_json_key(json, "allOf");
	st_json_begin_array(json);
	st_shape_write_ref(ST_SHAPE_PROBLEM, json);
	st_json_begin_object(json);
	begin("properties", json);
	begin("kind", json);
	st_json_key(json, "enum");
	st_json_begin_array(json);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (has_failure(errors, i, status))
			st_json_text(json, st_errors[i].kind);
	st_json_end_array(json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_array(json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_object(json);
}

static void write_failure(uint64_t errors, unsigned int status, struct st_json *json)
{
	bool has_any = false;

	for (int i = 0; i < ST_ERROR__MAX; i++)
		has_any |= has_failure(errors, i, status);
	if (!has_any)
		return;
	begin_status(status, json);
	write_meanings(errors, status, json);
	write_problem(errors, status, json);
	st_json_end_object(json);
}

/* Write the failure of a request that has no valid token. */
static void write_unauthorized(struct st_json *json)
{
	begin_status(UNAUTHORIZED, json);
	st_json_text_field(json, "description", "refused: the request has no valid token");
	begin("content", json);
	begin("application/problem+json", json);
	st_json_key(json, "schema");
	st_shape_write_ref(ST_SHAPE_PROBLEM, json);
	st_json_end_object(json);
	st_json_end_object(json);
	st_json_end_object(json);
}

void st_openapi_write_responses(const struct st_operation_row *row, struct st_json *json)
{
	begin("responses", json);
	write_success(row, json);
	for (unsigned int status = FIRST_FAILURE; status <= LAST_FAILURE; status++)
		if (status == UNAUTHORIZED)
			write_unauthorized(json);
		else
			write_failure(row->errors | COMMON, status, json);
	st_json_end_object(json);
}
