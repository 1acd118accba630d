// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of the control protocol as results of steps: a generation becomes
 * the ordinal of its start attempt.
 */
#include <string.h>

#include "die.h"
#include "record.h"
#include "run.h"

static json_t *inc_of(const struct st_record *record, const json_t *process)
{
	json_int_t generation = json_integer_value(json_object_get(process, "generation"));
	const struct st_attempt *attempt = st_record_find(record, (uint64_t)generation);

	if (!attempt)
		st_die("generation %lld is in an answer, and was in no event",
		       (long long)generation);
	return json_integer(attempt->inc);
}

static json_t *error_result(const struct st_record *record, json_t *term)
{
	const json_t *process = json_object_get(term, "already_started");

	if (process)
		return json_pack("{s:{s:o}}", "error", "already_started", inc_of(record, process));
	return json_pack("{s:O}", "error", term);
}

static json_t *child_result(const struct st_record *record, const json_t *child)
{
	const char *state = st_need_text(child, "state");
	json_t *result = st_need(json_object());

	st_put(result, "id", json_incref(json_object_get(child, "id")));
	st_put(result, "state", json_string(state));
	st_put(result, "type", json_incref(json_object_get(child, "type")));
	if (!strcmp(state, "running"))
		st_put(result, "inc", inc_of(record, child));
	return result;
}

static json_t *children_result(const struct st_record *record, const json_t *children)
{
	json_t *result = st_need(json_array()), *child;
	size_t i;

	json_array_foreach(children, i, child)
		st_append(result, child_result(record, child));
	return result;
}

static json_t *pick(const json_t *from, const char *const *keys, size_t nr)
{
	json_t *result = st_need(json_object());

	for (size_t i = 0; i < nr; i++)
		st_put(result, keys[i], json_incref(json_object_get(from, keys[i])));
	return result;
}

static json_t *object_result(const struct st_record *record, const json_t *value)
{
	static const char *const counts[] = { "specs", "active", "supervisors", "workers" };
	static const char *const words[] = { "id", "restart", "significant", "shutdown", "type" };
	const json_t *process = json_object_get(value, "started");

	if (process)
		return json_pack("{s:s, s:o}", "ok", "started", "inc", inc_of(record, process));
	if (json_object_get(value, "ignored"))
		return json_pack("{s:s}", "ok", "ignored");
	if (json_object_get(value, "specs"))
		return pick(value, counts, ST_ARRAY_SIZE(counts));
	if (json_object_get(value, "shutdown"))
		return json_pack("{s:o}", "ok", pick(value, words, ST_ARRAY_SIZE(words)));
	return json_string("ok");
}

json_t *st_answer_result(const struct st_record *record, json_t *answer)
{
	json_t *error = json_object_get(answer, "error");
	json_t *value = json_object_get(answer, "result"), *result;

	if (error)
		result = error_result(record, error);
	else if (json_is_array(value))
		result = children_result(record, value);
	else
		result = object_result(record, value);
	json_decref(answer);
	return st_need(result);
}
