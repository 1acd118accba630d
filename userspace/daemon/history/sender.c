// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes who sent a deadly signal; see sender.h.
 */
#include "daemon/history/sender.h"

#include <sys/wait.h>
#include <unistd.h>

#include "daemon/history/history.h"

void st_sender_write_asked_by(const struct st_asker *asker, struct st_json *json)
{
	if (!asker)
		return;
	st_json_key(json, "asked_by");
	st_json_begin_object(json);
	st_json_text_field(json, "operation", st_operations[asker->op].verb);
	st_json_i64_field(json, "pid", asker->pid);
	st_json_u64_field(json, "uid", asker->uid);
	if (asker->generation)
		st_json_u64_field(json, "generation", asker->generation);
	st_json_end_object(json);
}

static bool is_by_signal(const struct st_event_record *record)
{
	return record->has_status && WIFSIGNALED((int)record->value);
}

/* Whether the daemon has sent the signal itself: for a supervisor, or for a client. */
static bool is_own(const struct st_event_record *record)
{
	return record->rule || record->was_killed || st_event_part(record, ST_EVENT_SIGNALLED_BY);
}

static const struct st_seen_signal *find_seen(const struct st_history *history,
					      const struct st_event_record *record)
{
	uint64_t lived_ns = record->ran_ns > record->took_ns ? record->ran_ns : record->took_ns;

	if (!history)
		return NULL;
	return st_witness_find(&history->witness, record->pid, WTERMSIG((int)record->value),
			       record->time_ns - lived_ns, record->time_ns);
}

static void write_own(const struct st_event_record *record, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_i64_field(json, "pid", getpid());
	st_json_text_field(json, "name", "suptreed");
	st_json_u64_field(json, "uid", geteuid());
	st_sender_write_asked_by(st_event_part(record, ST_EVENT_SIGNALLED_BY), json);
	st_json_end_object(json);
}

static void write_seen(const struct st_seen_signal *seen, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_i64_field(json, "pid", seen->sender);
	st_json_text_field(json, "name", seen->name);
	st_json_key(json, "uid");
	if (seen->uid >= 0)
		st_json_i64(json, seen->uid);
	else
		st_json_null(json);
	st_json_end_object(json);
}

void st_sender_write(const struct st_history *history, const struct st_event_record *record,
		     struct st_json *json)
{
	const struct st_seen_signal *seen;

	if (!is_by_signal(record))
		return;
	if (is_own(record)) {
		st_json_key(json, "sender");
		write_own(record, json);
		return;
	}
	seen = find_seen(history, record);
	if (!seen)
		return;
	st_json_key(json, "sender");
	write_seen(seen, json);
}

bool st_sender_is_unknown(const struct st_history *history, const struct st_event_record *record)
{
	return is_by_signal(record) && !is_own(record) && !find_seen(history, record);
}
