// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of the control protocol to events of a trace; see record.h.
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

void st_record_init(struct st_record *record)
{
	memset(record, 0, sizeof(*record));
	record->events = st_need(json_array());
}

void st_record_done(struct st_record *record)
{
	for (size_t i = 0; i < record->nr; i++) {
		free(record->attempts[i]->path);
		free(record->attempts[i]);
	}
	free(record->attempts);
	st_map_done(&record->by_generation);
	json_decref(record->events);
}

struct st_attempt *st_record_find(const struct st_record *record, uint64_t generation)
{
	return st_map_get(&record->by_generation, generation);
}

const struct st_attempt *st_record_last(const struct st_record *record, const char *path)
{
	for (size_t i = record->nr; i--;)
		if (record->attempts[i]->has_started && !strcmp(record->attempts[i]->path, path))
			return record->attempts[i];
	return NULL;
}

json_t *st_record_take_events(struct st_record *record)
{
	json_t *events = record->events;

	record->events = st_need(json_array());
	return events;
}

static unsigned int count_attempts(const struct st_record *record, const char *path)
{
	unsigned int count = 0;

	for (size_t i = 0; i < record->nr; i++)
		count += !strcmp(record->attempts[i]->path, path);
	return count;
}

static void make_room(struct st_record *record)
{
	if (st_map_reserve(&record->by_generation, (uint32_t)record->nr + 1))
		st_die("out of memory");
	if (record->nr < record->cap)
		return;
	record->cap = record->cap * 2 + 16;
	record->attempts =
		st_need(reallocarray(record->attempts, record->cap, sizeof(*record->attempts)));
}

static struct st_attempt *add_attempt(struct st_record *record, const json_t *event)
{
	const char *path = st_need_text(event, "path");
	struct st_attempt *attempt = st_need(calloc(1, sizeof(*attempt)));

	make_room(record);
	attempt->generation = (uint64_t)json_integer_value(json_object_get(event, "generation"));
	attempt->pid = (int)json_integer_value(json_object_get(event, "pid"));
	attempt->path = st_need(strdup(path));
	attempt->inc = count_attempts(record, path) + 1;
	record->attempts[record->nr++] = attempt;
	st_map_put(&record->by_generation, attempt->generation, attempt);
	return attempt;
}

static void add_child_event(struct st_record *record, const char *ev,
			    const struct st_attempt *attempt, json_t *reason)
{
	json_t *out = st_need(json_object());

	st_put(out, "ev", json_string(ev));
	st_put(out, "child", json_string(attempt->path));
	st_put(out, "inc", json_integer(attempt->inc));
	if (reason)
		st_put(out, "reason", json_incref(reason));
	st_append(record->events, out);
}

static void take_started(struct st_record *record, const json_t *event)
{
	struct st_attempt *attempt = add_attempt(record, event);

	attempt->has_started = true;
	add_child_event(record, "started", attempt, NULL);
}

static void take_ignored(struct st_record *record, const json_t *event)
{
	add_child_event(record, "ignored", add_attempt(record, event), NULL);
}

static void take_start_failed(struct st_record *record, const json_t *event)
{
	add_child_event(record, "start_failed", add_attempt(record, event),
			json_object_get(event, "reason"));
}

/* Killed with its supervisor before it was ready: an attempt, and no event. */
static void take_start_aborted(struct st_record *record, const json_t *event)
{
	(void)add_attempt(record, event);
}

static void take_exited(struct st_record *record, const json_t *event)
{
	json_int_t generation = json_integer_value(json_object_get(event, "generation"));
	struct st_attempt *attempt = st_record_find(record, (uint64_t)generation);

	if (!attempt || attempt->has_ended)
		st_die("generation %lld exited, which was not running", (long long)generation);
	attempt->has_ended = true;
	add_child_event(record, "exited", attempt, json_object_get(event, "reason"));
}

static void take_report(struct st_record *record, const json_t *event)
{
	json_t *out, *path = json_object_get(event, "path");

	if (!strcmp(st_need_text(event, "sup"), "/"))
		return;
	out = st_need(json_object());
	st_put(out, "ev", json_string("report"));
	st_put(out, "sup", json_incref(json_object_get(event, "sup")));
	st_put(out, "context", json_incref(json_object_get(event, "context")));
	st_put(out, "reason", json_incref(json_object_get(event, "reason")));
	if (path)
		st_put(out, "child", json_incref(path));
	else
		st_put(out, "count", json_incref(json_object_get(event, "count")));
	st_append(record->events, out);
}

void st_record_event(struct st_record *record, const json_t *event)
{
	static const struct {
		const char *name;
		void (*take)(struct st_record *record, const json_t *event);
	} kinds[] = {
		{ "started", take_started },
		{ "ignored", take_ignored },
		{ "start_failed", take_start_failed },
		{ "start_aborted", take_start_aborted },
		{ "exited", take_exited },
		{ "report", take_report },
	};
	const char *name = st_need_text(event, "event");
	const char *path = json_string_value(json_object_get(event, "path"));

	if (path && !strcmp(path, "/"))
		return;
	for (size_t i = 0; i < ST_ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			kinds[i].take(record, event);
}
