// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the causes of ends; see why.h. It goes back to the root first. Then it
 * goes forward over all events that belong to the root: an event belongs if it
 * names an end that belongs.
 */
#include "daemon/history/why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "core/cause.h"
#include "daemon/history/events_ring.h"
#include "daemon/history/events_write.h"
#include "daemon/history/history.h"
#include "daemon/history/sender.h"
#include "proto/path.h"

struct telling {
	const struct st_history *history;
	bool has_tracer;
	const struct st_events_ring *ring;
	struct st_json *json;
	struct st_map ends; /* generation -> number of its end, for ends that belong to the root */
	uint64_t token; /* of the request that caused everything; 0: none */
	uint64_t rule_for; /* the end that the last written rule is about */
	enum st_rule rule; /* the last rule written */
	uint32_t nr; /* steps counted, those left out included */
	uint32_t max;
	uint32_t nr_left_out;
};

static bool is_end(const struct st_event_record *record)
{
	return record->type == ST_FX_EXITED || record->type == ST_FX_START_FAILED ||
	       record->type == ST_FX_START_ABORTED;
}

/* ---- find the end that a name means ---- */

static bool is_named(const struct st_event_record *record, const char *name, size_t len,
		     bool is_whole)
{
	size_t path_len = record->path_len;

	if (path_len < len || memcmp(record->text + path_len - len, name, len) != 0)
		return false;
	return path_len == len || (!is_whole && record->text[path_len - len - 1] == '/');
}

static uint64_t find_end_of(const struct st_events_ring *ring, uint64_t generation, uint64_t before)
{
	for (uint64_t seq = before; seq > ring->first; seq--) {
		const struct st_event_record *record = st_events_ring_get(ring, seq - 1);

		if (record->generation == generation && is_end(record))
			return seq - 1;
	}
	return 0;
}

uint64_t st_why_find_end(const struct st_events_ring *ring, const char *name, bool is_whole)
{
	size_t len;

	if (name[0] == '#')
		return find_end_of(ring, strtoull(name + 1, NULL, 10), ring->last + 1);
	name = st_path_plain(name);
	len = strlen(name);
	for (uint64_t seq = ring->last + 1; seq > ring->first; seq--) {
		const struct st_event_record *record = st_events_ring_get(ring, seq - 1);

		if (is_end(record) && is_named(record, name, len, is_whole))
			return seq - 1;
	}
	return 0;
}

uint64_t st_why_find_end_below(const struct st_events_ring *ring, const char *path)
{
	size_t len;

	path = st_path_plain(path);
	len = strlen(path);
	for (uint64_t seq = ring->last + 1; seq > ring->first; seq--) {
		const struct st_event_record *record = st_events_ring_get(ring, seq - 1);

		if (is_end(record) && st_path_is_within(record->text, record->path_len, path, len))
			return seq - 1;
	}
	return 0;
}

/* Go back to the end that no other end caused, or as far as events are kept. */
uint64_t st_why_root(const struct st_events_ring *ring, uint64_t seq)
{
	for (;;) {
		const struct st_event_record *record = st_events_ring_get(ring, seq);
		uint64_t cause = st_event_cause(record).generation;
		uint64_t before = cause ? find_end_of(ring, cause, seq) : 0;

		if (!before)
			return seq;
		seq = before;
	}
}

/* ---- the ends that are written ---- */

static void write_event(const struct st_history *history, bool has_tracer, uint64_t seq,
			struct st_json *json)
{
	const struct st_event_record *record =
		st_events_ring_get(st_events_ring(history->events), seq);

	st_json_begin_object(json);
	st_event_record_write_members(history, record, seq, json);
	if (st_sender_is_unknown(history, record))
		st_json_text_field(json, "sender",
				   has_tracer ? "unknown: the tracer has not seen it" :
						"unknown: the tracer does not run");
	st_json_end_object(json);
}

void st_why_write_end(const struct st_history *history, bool has_tracer, uint64_t seq,
		      struct st_json *json)
{
	write_event(history, has_tracer, seq, json);
}

/* ---- why it runs ---- */

static uint64_t find_start_of(const struct st_events_ring *ring, uint64_t generation)
{
	for (uint64_t seq = ring->last + 1; seq > ring->first; seq--) {
		const struct st_event_record *record = st_events_ring_get(ring, seq - 1);

		if (record->generation == generation && record->type == ST_FX_STARTED)
			return seq - 1;
	}
	return 0;
}

void st_why_write_start(const struct st_history *history, bool has_tracer, uint64_t generation,
			struct st_json *json)
{
	const struct st_events_ring *ring = st_events_ring(history->events);
	uint64_t seq = find_start_of(ring, generation);
	struct st_cause cause;
	uint64_t end;

	if (!seq)
		return;
	cause = st_event_cause(st_events_ring_get(ring, seq));
	end = cause.generation ? find_end_of(ring, cause.generation, seq) : 0;
	st_json_key(json, "started");
	write_event(history, has_tracer, seq, json);
	if (cause.rule) {
		st_json_text_field(json, "rule", st_rules[cause.rule].id);
		st_json_text_field(json, "rule_text", st_rules[cause.rule].text);
	}
	if (end) {
		st_json_key(json, "because");
		write_event(history, has_tracer, end, json);
	}
}

/* ---- the chain ---- */

static bool has_room(struct telling *telling)
{
	if (telling->nr++ < telling->max)
		return true;
	telling->nr_left_out++;
	return false;
}

/* @of: an end; the supervisor above it applies the rule. NULL: not known */
static void tell_rule(struct telling *telling, enum st_rule rule, const struct st_event_record *of,
		      const struct st_cause *counted)
{
	const char *slash = of ? memrchr(of->text, '/', of->path_len) : NULL;
	struct st_json *json = telling->json;

	if (!has_room(telling))
		return;
	st_json_begin_object(json);
	st_json_text_field(json, "rule", st_rules[rule].id);
	st_json_text_field(json, "text", st_rules[rule].text);
	if (of) {
		st_json_key(json, "sup");
		if (slash && slash != of->text)
			st_json_text_len(json, of->text, (size_t)(slash - of->text));
		else
			st_json_text(json, "/");
	}
	if (counted && counted->nr_restarts) {
		st_json_u64_field(json, "restarts", counted->nr_restarts);
		st_json_u64_field(json, "intensity", counted->intensity);
		st_json_u64_field(json, "period", counted->period_s);
	}
	st_json_end_object(json);
}

/*
 * Write the rule that caused an event, before the first event that it explains.
 */
static void tell_cause(struct telling *telling, const struct st_event_record *record)
{
	struct st_cause cause = st_event_cause(record);
	uint64_t seq = (uintptr_t)st_map_get(&telling->ends, cause.generation);

	if (!cause.rule || (cause.rule == telling->rule && cause.generation == telling->rule_for))
		return;
	telling->rule = cause.rule;
	telling->rule_for = cause.generation;
	tell_rule(telling, cause.rule, seq ? st_events_ring_get(telling->ring, seq) : NULL, &cause);
}

static bool is_told(const struct st_event_record *record)
{
	switch ((enum st_effect_type)record->type) {
	case ST_FX_STARTED:
	case ST_FX_IGNORED:
	case ST_FX_DONE:
	case ST_FX_START_FAILED:
	case ST_FX_START_ABORTED:
	case ST_FX_EXITED:
	case ST_FX_REMOVED:
	case ST_FX_DELAYED:
	case ST_FX_HALTED:
		return true;
	case ST_FX_REPORT:
		return record->context == ST_CONTEXT_SHUTDOWN;
	case ST_FX_SPAWN:
	case ST_FX_SIGNAL:
	case ST_FX_STARTING:
	case ST_FX_ADDED:
	case ST_FX_CHANGED:
	case ST_FX_REPLY:
	case ST_FX__MAX:
		break;
	}
	return false;
}

/* An event without a cause of its own belongs if its process's end belongs. */
static bool belongs(const struct telling *telling, const struct st_event_record *record)
{
	struct st_cause cause = st_event_cause(record);

	if (cause.token)
		return cause.token == telling->token;
	if (cause.generation)
		return st_map_get(&telling->ends, cause.generation);
	return !is_end(record) && record->type != ST_FX_STARTED &&
	       st_map_get(&telling->ends, record->generation);
}

static int tell(struct telling *telling, uint64_t seq)
{
	const struct st_event_record *record = st_events_ring_get(telling->ring, seq);

	if (is_end(record)) {
		if (st_map_reserve(&telling->ends, telling->ends.nr + 1))
			return -ENOMEM;
		st_map_put(&telling->ends, record->generation, (void *)(uintptr_t)seq);
	}
	tell_cause(telling, record);
	if (has_room(telling))
		write_event(telling->history, telling->has_tracer, seq, telling->json);
	if (record->applied) {
		tell_rule(telling, record->applied, record, NULL);
		telling->rule = record->applied; /* the events that it causes do not repeat it */
		telling->rule_for = record->generation;
	}
	return 0;
}

static int tell_steps(struct telling *telling, uint64_t root)
{
	uint64_t seq = telling->token ? telling->ring->first : root;
	int err = 0;

	st_json_key(telling->json, "steps");
	st_json_begin_array(telling->json);
	for (; seq <= telling->ring->last && !err; seq++) {
		const struct st_event_record *record = st_events_ring_get(telling->ring, seq);

		if (seq == root || (is_told(record) && belongs(telling, record)))
			err = tell(telling, seq);
	}
	st_json_end_array(telling->json);
	st_json_u64_field(telling->json, "left_out", telling->nr_left_out);
	return err;
}

int st_why_write_chain(const struct st_history *history, bool has_tracer, uint64_t seq,
		       uint32_t max, struct st_json *json)
{
	const struct st_events_ring *ring = st_events_ring(history->events);
	struct telling telling = {
		.history = history,
		.has_tracer = has_tracer,
		.ring = ring,
		.json = json,
		.max = max,
	};
	uint64_t root = st_why_root(ring, seq);
	const struct st_event_record *first;
	int err;

	first = st_events_ring_get(ring, root);
	telling.token = st_event_cause(first).token;
	if (root != seq) {
		st_json_key(json, "root");
		write_event(history, has_tracer, root, json);
	}
	st_sender_write_asked_by(st_event_part(first, ST_EVENT_ASKED_BY), json);
	err = tell_steps(&telling, root);
	st_map_done(&telling.ends);
	return err;
}
