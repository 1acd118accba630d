// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes events of effects, and histories of events; see events.h. Their followers are in
 * events_follow.c.
 *
 * Adding an event happens during every restart, so it must be fast. It writes
 * the path and the reason into a buffer that is always large enough, and copies
 * both into the ring. All other work is done at the end of a turn.
 */
#include "daemon/history/events.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "core/types.h"
#include "daemon/history/events_internal.h"
#include "daemon/history/events_write.h"
#include "daemon/history/history.h"
#include "proto/path.h"

/*
 * The longest text in a reason: the ids of all supervisors above, and the
 * error.
 */
#define MAX_REASON_TEXT (ST_MAX_DEPTH * ST_MAX_ID_LEN + 2 * ST_MAX_ERROR_LEN)

/*
 * As JSON a reason is at most six times as long, plus a frame for each
 * supervisor.
 */
#define SCRATCH_SIZE (ST_PATH_ROOM + 6 * MAX_REASON_TEXT + ST_MAX_DEPTH * 128)

static const char long_reason[] = "{\"error\":\"too long to be kept\"}";

int st_events_new(const struct st_history *history, struct st_events **ret_events)
{
	struct st_events *events = st_alloc(sizeof(*events));

	if (!events)
		return -ENOMEM;
	events->history = history;
	st_list_init(&events->subscribers);
	if (st_events_ring_init(&events->ring, ST_EVENTS_MAX, ST_EVENTS_MAX_BYTES) ||
	    st_buf_reserve(&events->scratch, SCRATCH_SIZE)) {
		st_events_free(events);
		return -ENOMEM;
	}
	*ret_events = events;
	return 0;
}

void st_events_free(struct st_events *events)
{
	if (!events)
		return;
	while (!st_list_is_empty(&events->subscribers))
		st_events_unsubscribe(events, st_subscriber_of(events->subscribers.next)->client);
	st_events_ring_done(&events->ring);
	st_events_ring_done(&events->inputs);
	st_buf_done(&events->scratch);
	st_buf_done(&events->params);
	st_buf_done(&events->line);
	st_free(events);
}

const struct st_events_ring *st_events_ring(const struct st_events *events)
{
	return &events->ring;
}

uint64_t st_events_seq(const struct st_events *events)
{
	return events->ring.last;
}

/* ---- adding ---- */

static bool is_event(const struct st_effect *effect)
{
	return effect->type != ST_FX_SPAWN && effect->type != ST_FX_SIGNAL &&
	       effect->type != ST_FX_REPLY;
}

static bool has_reason(const struct st_effect *effect)
{
	return effect->type == ST_FX_START_FAILED || effect->type == ST_FX_EXITED ||
	       effect->type == ST_FX_REPORT || effect->type == ST_FX_HALTED;
}

static uint32_t value_of(const struct st_effect *effect)
{
	if (effect->type == ST_FX_DELAYED)
		return (uint32_t)effect->value;
	return effect->type == ST_FX_REPORT && !effect->child ? effect->count : 0;
}

/* All events of a step have one time, so read the wall clock once a step. */
static void read_wall(struct st_events *events, uint64_t now_ns)
{
	struct timespec now;

	if (events->time_ns == now_ns)
		return;
	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail on Linux */
	events->time_ns = now_ns;
	events->wall_ns = (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

/*
 * The text fits into the scratch buffer; only a foreign term can be too long.
 */
static void write_reason(const struct st_reason *reason, struct st_buf *out)
{
	size_t len = 0;

	for (const struct st_reason *at = reason; at; at = at->inner)
		len += at->text ? strlen(at->text) : 0;
	if (len <= MAX_REASON_TEXT)
		st_reason_write(reason, out);
	else
		st_buf_add(out, long_reason, sizeof(long_reason) - 1);
}

bool st_event_matches(const struct st_event_record *record, const char *path, size_t len)
{
	return st_path_is_within(record->text, record->path_len, path, len);
}

static bool is_end(const struct st_effect *effect)
{
	return effect->type == ST_FX_EXITED || effect->type == ST_FX_START_FAILED ||
	       effect->type == ST_FX_START_ABORTED || effect->type == ST_FX_DONE;
}

static bool is_more_than_rule(const struct st_cause *cause)
{
	return cause->generation || cause->token || cause->nr_restarts;
}

/* The client that had the daemon send the signal by which a process has ended. */
static const struct st_asked *find_signaller(const struct st_history *history,
					     const struct st_effect *effect)
{
	if (!is_end(effect) || effect->status < 0 || !WIFSIGNALED(effect->status))
		return NULL;
	return st_asked_find_signal(&history->asked, effect->generation, WTERMSIG(effect->status));
}

/* What an event has beside its record. */
struct parts {
	struct st_event_parts parts;
	struct st_event_counts counts;
	struct st_asker asked_by;
	struct st_asker signalled_by;
};

static void find_askers(const struct st_history *history, const struct st_effect *effect,
			struct parts *parts)
{
	const struct st_asked *asked = st_asked_find(&history->asked, effect->cause.token);
	const struct st_asked *signaller = find_signaller(history, effect);

	if (asked) {
		parts->asked_by = st_asked_by(asked);
		parts->parts.of[ST_EVENT_ASKED_BY] = &parts->asked_by;
	}
	if (signaller) {
		parts->signalled_by = st_asked_by(signaller);
		parts->parts.of[ST_EVENT_SIGNALLED_BY] = &parts->signalled_by;
	}
}

static void find_parts(const struct st_history *history, const struct st_effect *effect,
		       struct parts *parts)
{
	*parts = (struct parts){ 0 };
	if (is_more_than_rule(&effect->cause))
		parts->parts.of[ST_EVENT_CAUSE] = &effect->cause;
	if (effect->type == ST_FX_STARTED || is_end(effect)) {
		parts->counts = (struct st_event_counts){ effect->nr_restarts, effect->budget };
		parts->parts.of[ST_EVENT_COUNTS] = &parts->counts;
	}
	if (is_end(effect) && effect->usage.maxrss_kb)
		parts->parts.of[ST_EVENT_USAGE] = &effect->usage;
	if (history)
		find_askers(history, effect, parts);
}

static void note_end(const struct st_effect *effect, struct st_event_record *record)
{
	record->has_status = is_end(effect) && effect->status >= 0;
	record->value = record->has_status ? (uint32_t)effect->status : value_of(effect);
	record->took_ns = effect->took_ns;
	record->ran_ns = effect->type == ST_FX_STARTED ? effect->spawned_ns : effect->ran_ns;
	record->applied = (uint8_t)effect->applied;
	record->was_killed = effect->was_killed;
}

void st_events_add(struct st_events *events, const struct st_effect *effect, uint64_t now_ns)
{
	struct st_buf *scratch = &events->scratch;
	const struct st_child *child = effect->child;
	struct st_event_record *record;
	struct parts parts;

	if (!is_event(effect))
		return;
	read_wall(events, now_ns);
	st_buf_reset(scratch);
	st_child_write_path(child ? child : effect->sup->self, scratch);
	size_t path_len = scratch->len;

	if (has_reason(effect))
		write_reason(&effect->reason, scratch);
	find_parts(events->history, effect, &parts);
	record = st_events_ring_add(&events->ring, (uint32_t)scratch->len, effect->cause.rule,
				    &parts.parts);
	record->time_ns = now_ns;
	record->wall_ns = events->wall_ns;
	record->generation = effect->generation;
	record->pid = effect->pid;
	note_end(effect, record);
	record->reason_len = (uint32_t)(scratch->len - path_len);
	record->path_len = (uint16_t)path_len;
	record->type = (uint8_t)effect->type;
	record->context = effect->type == ST_FX_REPORT ? (uint8_t)effect->context : 0;
	memcpy(record->text, scratch->data, scratch->len);
	if (events->deep.bytes)
		st_events_ring_copy(&events->deep, record);
}

void st_events_input(struct st_events *events, const struct st_event *event, uint64_t now_ns)
{
	static const struct st_event_parts none;
	struct st_event_record *record;
	struct st_buf line = ST_BUF_INIT;

	if (!events->inputs.bytes)
		return;
	st_input_write(event, now_ns, &line);
	/* without memory for it, or if it is too long, a new state takes its place */
	if (st_buf_error(&line) || line.len > ST_INPUT_MAX) {
		st_events_ring_clear(&events->inputs);
	} else {
		record = st_events_ring_add(&events->inputs, (uint32_t)line.len, ST_RULE_NONE,
					    &none);
		record->generation = events->ring.last;
		record->path_len = 0;
		record->reason_len = (uint32_t)line.len;
		memcpy(record->text, line.data, line.len);
	}
	st_buf_done(&line);
}

bool st_events_find_end(const struct st_events *events, uint64_t generation,
			struct st_buf *ret_path, struct st_buf *ret_reason)
{
	const struct st_events_ring *ring = &events->ring;

	for (uint64_t seq = ring->last; seq >= ring->first; seq--) {
		const struct st_event_record *record = st_events_ring_get(ring, seq);

		if (record->generation != generation ||
		    (record->type != ST_FX_EXITED && record->type != ST_FX_START_FAILED))
			continue;
		st_buf_add(ret_path, record->text, record->path_len);
		st_buf_add(ret_reason, record->text + record->path_len, record->reason_len);
		return true;
	}
	return false;
}

/* ---- history ---- */

void st_events_write_history(const struct st_events *events, const char *path, uint32_t max,
			     struct st_json *json)
{
	const struct st_events_ring *ring = &events->ring;
	uint64_t seq = ring->last + 1;
	size_t path_len;

	path = st_path_plain(path);
	path_len = strlen(path);
	for (uint32_t nr = 0; nr < max && seq > ring->first; seq--)
		nr += st_event_matches(st_events_ring_get(ring, seq - 1), path, path_len);
	st_json_begin_array(json);
	for (; seq <= ring->last; seq++) {
		const struct st_event_record *record = st_events_ring_get(ring, seq);

		if (st_event_matches(record, path, path_len))
			st_event_record_write(events->history, record, seq, json);
	}
	st_json_end_array(json);
}
