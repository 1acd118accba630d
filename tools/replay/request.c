// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of a request. See reader.h, and write_request() of core/text.c.
 */
#include <string.h>

#include "base/alloc.h"
#include "reader.h"

#define MAX_WORD 64

/* The value that follows, also as it is written. */
static bool read_term(struct st_reader *reader, const char **ret_term)
{
	const char *first = reader->at + 1;
	json_t *value;
	size_t len;

	if (!st_read_json(reader, &value))
		return false;
	if (json_is_null(value))
		return true;
	len = (size_t)(reader->at - first);
	reader->term = st_alloc(len + 1);
	if (!reader->term)
		return st_read_fail(reader, "there is no memory");
	memcpy(reader->term, first, len);
	*ret_term = reader->term;
	return true;
}

/* Behind "invalid=": the name of an error of core/spec.h without ST_SPEC_. */
static bool read_invalid(struct st_reader *reader, struct st_request *request)
{
#define ST_ENUM_NAME(name, text) [name] = #name,
	static const char *const names[] = { ST_SPEC_ERROR_LIST(ST_ENUM_NAME) };
#undef ST_ENUM_NAME
	char word[MAX_WORD] = "ST_SPEC_";
	int error;

	if (!st_read_word(reader, word + strlen(word), sizeof(word) - strlen(word)))
		return false;
	error = st_text_index(names, ST_ARRAY_SIZE(names), word);
	if (error < 0)
		return st_read_fail(reader, "this error is not known");
	request->error = (enum st_spec_error)error;
	return read_term(reader, &request->error_json);
}

static bool read_args(struct st_reader *reader, struct st_request *request)
{
	json_t *value, *arg;
	size_t i;

	if (!st_read_json(reader, &value))
		return false;
	reader->args = st_alloc_array(json_array_size(value) + 1, sizeof(*reader->args));
	if (!reader->args)
		return st_read_fail(reader, "there is no memory");
	json_array_foreach(value, i, arg) {
		reader->args[i] = json_string_value(arg);
		if (!reader->args[i])
			return st_read_fail(reader, "an argument should be a text");
	}
	request->start.args = reader->args;
	request->start.nr_args = (uint32_t)json_array_size(value);
	return true;
}

static bool read_start_child(struct st_reader *reader, struct st_request *request)
{
	request->start.significant = st_read_literal(reader, " significant");
	if (st_read_literal(reader, " invalid="))
		return read_invalid(reader, request);
	if (reader->at[0] && reader->at[1] == '[')
		return read_args(reader, request);
	if (!st_read_child_spec(reader))
		return false;
	request->start.spec = reader->child_spec;
	return true;
}

static bool read_change(struct st_reader *reader, struct st_request *request)
{
	if (st_read_literal(reader, " invalid="))
		return read_invalid(reader, request);
	if (st_read_literal(reader, " null"))
		return true;
	request->change.flags_only = st_read_literal(reader, " flags_only");
	request->change.whole = !request->change.flags_only && st_read_literal(reader, " whole");
	if (request->change.flags_only ? !st_read_sup_flags(reader) : !st_read_sup_spec(reader))
		return false;
	request->change.to = reader->sup_spec;
	return true;
}

static bool read_terminate(struct st_reader *reader, struct st_request *request)
{
	if (!strncmp(reader->at, " #", 2) &&
	    !st_read_number(reader, " #", &request->terminate.generation))
		return false;
	request->terminate.foreign = st_read_literal(reader, " foreign");
	return true;
}

static bool read_rest(struct st_reader *reader, struct st_request *request)
{
	switch (request->type) {
	case ST_REQUEST_START_CHILD:
		return read_start_child(reader, request);
	case ST_REQUEST_CHANGE:
		return read_change(reader, request);
	case ST_REQUEST_TERMINATE_CHILD:
		return read_terminate(reader, request);
	case ST_REQUEST_STOP:
		return st_read_reason(reader, &request->stop.reason);
	case ST_REQUEST_RESTART_CHILD:
	case ST_REQUEST_DELETE_CHILD:
	case ST_REQUEST_RESTART:
	case ST_REQUEST_WHICH_CHILDREN:
	case ST_REQUEST_COUNT_CHILDREN:
	case ST_REQUEST_GET_CHILDSPEC:
	case ST_REQUEST_SETTLE:
	case ST_REQUEST__MAX:
		break;
	}
	return true;
}

bool st_read_request(struct st_reader *reader, struct st_request *request)
{
	char word[MAX_WORD];
	int type;

	if (!st_read_word(reader, word, sizeof(word)))
		return false;
	type = st_text_index(st_request_text, ST_REQUEST__MAX, word);
	if (type < 0)
		return st_read_fail(reader, "this request is not known");
	request->type = (enum st_request_type)type;
	if (!st_read_number(reader, " ", &request->token) || !st_read_text(reader, &request->sup) ||
	    !st_read_text(reader, &request->id))
		return false;
	return read_rest(reader, request);
}
