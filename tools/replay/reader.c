// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pieces of a line, the header and the events but requests. See reader.h.
 */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_WORD 64

void st_reader_init(struct st_reader *reader, const char *line)
{
	memset(reader, 0, sizeof(*reader));
	reader->line = line;
	reader->at = line;
}

void st_reader_done(struct st_reader *reader)
{
	while (reader->nr_values)
		json_decref(reader->values[--reader->nr_values]);
	st_free(reader->term);
	st_free(reader->args);
	st_child_spec_put(reader->child_spec);
	st_sup_spec_put(reader->sup_spec);
}

bool st_read_fail(struct st_reader *reader, const char *mistake)
{
	if (!reader->mistake)
		reader->mistake = mistake;
	return false;
}

bool st_read_literal(struct st_reader *reader, const char *literal)
{
	size_t len = strlen(literal);

	if (strncmp(reader->at, literal, len))
		return false;
	reader->at += len;
	return true;
}

bool st_read_number(struct st_reader *reader, const char *before, uint64_t *ret_number)
{
	uint64_t number = 0;
	const char *first;

	if (!st_read_literal(reader, before))
		return st_read_fail(reader, "a number is missing");
	for (first = reader->at; *reader->at >= '0' && *reader->at <= '9'; reader->at++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*reader->at - '0'), &number))
			return st_read_fail(reader, "a number is too large");
	if (reader->at == first)
		return st_read_fail(reader, "a number is missing");
	*ret_number = number;
	return true;
}

/* A word ends at a space or at the end of the line; the space before it is skipped. */
bool st_read_word(struct st_reader *reader, char *word, size_t size)
{
	size_t len;

	st_read_literal(reader, " ");
	len = strcspn(reader->at, " ");
	if (!len || len >= size)
		return st_read_fail(reader, "a word is missing");
	memcpy(word, reader->at, len);
	word[len] = '\0';
	reader->at += len;
	return true;
}

bool st_read_json(struct st_reader *reader, json_t **ret_value)
{
	json_error_t error;
	json_t *value;

	if (!st_read_literal(reader, " "))
		return st_read_fail(reader, "a JSON value is missing");
	value = json_loads(reader->at, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &error);
	if (!value)
		return st_read_fail(reader, "this is no JSON");
	if (reader->nr_values == ST_READER_VALUES) {
		json_decref(value);
		return st_read_fail(reader, "there are too many JSON values");
	}
	reader->values[reader->nr_values++] = value;
	reader->at += error.position;
	*ret_value = value;
	return true;
}

bool st_read_text(struct st_reader *reader, const char **ret_text)
{
	json_t *value;

	if (!st_read_json(reader, &value))
		return false;
	if (!json_is_string(value))
		return st_read_fail(reader, "this should be a text");
	*ret_text = json_string_value(value);
	return true;
}

static bool word_to_reason(const char *word, struct st_reason *ret_reason)
{
	static const enum st_reason_type types[] = { ST_REASON_NORMAL, ST_REASON_SHUTDOWN,
						     ST_REASON_KILLED, ST_REASON_UNKNOWN_END };
	static const char *const words[] = { "normal", "shutdown", "killed", "unknown_end" };
	int index = st_text_index(words, ST_ARRAY_SIZE(words), word);

	if (index >= 0)
		*ret_reason = (struct st_reason){ .type = types[index] };
	return index >= 0;
}

static bool pair_to_reason(const json_t *value, struct st_reason *ret_reason)
{
	static const enum st_reason_type types[] = { ST_REASON_SHUTDOWN_TERM, ST_REASON_CODE,
						     ST_REASON_SIGNAL };
	static const char *const keys[] = { "shutdown", "code", "signal" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++) {
		json_t *number = json_object_get(value, keys[i]);

		if (!number)
			continue;
		*ret_reason = (struct st_reason){ .type = types[i],
						  .value = (int)json_integer_value(number) };
		if (types[i] == ST_REASON_SIGNAL && json_is_string(number))
			ret_reason->value = st_signal_number(json_string_value(number));
		else if (!json_is_integer(number))
			return false;
		return ret_reason->value >= 0;
	}
	return false;
}

bool st_read_reason(struct st_reader *reader, struct st_reason *ret_reason)
{
	json_t *value;

	if (!st_read_json(reader, &value))
		return false;
	if (json_is_string(value) ? word_to_reason(json_string_value(value), ret_reason) :
				    pair_to_reason(value, ret_reason))
		return true;
	return st_read_fail(reader, "this is no reason of a process");
}

bool st_read_end(struct st_reader *reader)
{
	return !*reader->at || st_read_fail(reader, "the line should end here");
}

bool st_reader_is_header(const char *line)
{
	return !strncmp(line, "suptree-log ", 12);
}

bool st_reader_is_state(const char *line)
{
	return !strncmp(line, "suptree-state ", 14);
}

bool st_reader_is_state_end(const char *line)
{
	return !strncmp(line, "end ", 4);
}

bool st_read_header(struct st_reader *reader, struct st_transcript_header *ret_header)
{
	uint64_t version;

	ret_header->max_fds = 0;
	if (!st_read_number(reader, "suptree-log ", &version))
		return false;
	if (version != 1)
		return st_read_fail(reader, "only version 1 can be read");
	if (!st_read_number(reader, " seed=", &ret_header->seed))
		return false;
	if (!strncmp(reader->at, " max_fds=", 9) &&
	    !st_read_number(reader, " max_fds=", &ret_header->max_fds))
		return false;
	if (!st_read_sup_spec(reader))
		return false;
	ret_header->spec = reader->sup_spec;
	return st_read_end(reader);
}

static bool read_time(struct st_reader *reader, uint64_t *ret_now_ns)
{
	const char *point;
	uint64_t s, ns;

	if (!st_read_number(reader, "", &s))
		return false;
	point = reader->at;
	if (!st_read_number(reader, ".", &ns) || reader->at - point != 10)
		return st_read_fail(reader, "a time has nine digits after the point");
	*ret_now_ns = s * ST_NSEC_PER_SEC + ns;
	return true;
}

static bool read_spawned(struct st_reader *reader, struct st_event *event)
{
	uint64_t pid;

	if (!st_read_number(reader, " pid=", &pid))
		return false;
	event->pid = (int32_t)pid;
	return true;
}

/* The status of an end, which only an input has. */
static bool read_status(struct st_reader *reader, struct st_event *event)
{
	uint64_t status;

	event->status = -1;
	if (!*reader->at)
		return true;
	if (!st_read_number(reader, " status=", &status))
		return false;
	event->status = (int)status;
	return status <= INT32_MAX || st_read_fail(reader, "a status is too large");
}

static bool read_rest(struct st_reader *reader, struct st_event *event)
{
	switch (event->type) {
	case ST_EV_SPAWNED:
		return st_read_number(reader, " #", &event->generation) &&
		       read_spawned(reader, event);
	case ST_EV_READY:
	case ST_EV_IGNORE:
	case ST_EV_UNHEALTHY:
		return st_read_number(reader, " #", &event->generation);
	case ST_EV_ERROR:
	case ST_EV_SPAWN_FAILED:
		return st_read_number(reader, " #", &event->generation) &&
		       st_read_text(reader, &event->text);
	case ST_EV_EXITED:
		return st_read_number(reader, " #", &event->generation) &&
		       st_read_reason(reader, &event->reason) && read_status(reader, event);
	case ST_EV_REQUEST:
		event->request = &reader->request;
		return st_read_request(reader, &reader->request);
	case ST_EV_BOOT:
	case ST_EV_STOP:
	case ST_EV_KILL:
	case ST_EV_TICK:
	case ST_EV__MAX:
		break;
	}
	return true;
}

bool st_read_event(struct st_reader *reader, uint64_t *ret_now_ns, struct st_event *ret_event)
{
	char word[MAX_WORD];
	int type;

	*ret_event = (struct st_event){ .type = ST_EV_TICK };
	if (!read_time(reader, ret_now_ns) || !st_read_word(reader, word, sizeof(word)))
		return false;
	type = st_text_index(st_event_text, ST_EV__MAX, word);
	if (type < 0)
		return st_read_fail(reader, "this event is not known");
	ret_event->type = (enum st_event_type)type;
	return read_rest(reader, ret_event) && st_read_end(reader);
}
