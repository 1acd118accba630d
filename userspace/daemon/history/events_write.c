// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes events as JSON; see events_write.h. Numbers that were kept become
 * names here, and times become dates.
 */
#include "daemon/history/events_write.h"

#include <string.h>
#include <sys/wait.h>

#include "core/effect.h"
#include "daemon/history/sender.h"
#include "os/wall.h"

static void write_wall(uint64_t wall_ns, struct st_json *json)
{
	char text[ST_WALL_SIZE];

	st_json_key(json, "wall");
	st_json_text_len(json, text, st_wall_write_utc(wall_ns, text));
}

static void write_path(const char *key, const char *path, size_t len, struct st_json *json)
{
	st_json_key(json, key);
	st_json_text_len(json, path, len);
}

/*
 * Write the context of a report, and the supervisor: alone, or after the child.
 */
static void write_report(const struct st_event_record *record, bool has_child, struct st_json *json)
{
	const char *slash = memrchr(record->text, '/', record->path_len);

	st_json_text_field(json, "context", st_context_text[record->context]);
	if (!has_child)
		write_path("sup", record->text, record->path_len, json);
	else if (slash)
		write_path("sup", record->text, (size_t)(slash - record->text), json);
	else
		st_json_text_field(json, "sup", "/");
	if (!has_child)
		st_json_u64_field(json, "count", record->value);
}

static void write_how(int status, struct st_json *json)
{
	const char *name = WIFSIGNALED(status) ? st_signal_name(WTERMSIG(status)) : NULL;

	st_json_key(json, "how");
	st_json_begin_object(json);
	if (WIFEXITED(status))
		st_json_i64_field(json, "exit", WEXITSTATUS(status));
	if (name)
		st_json_text_field(json, "signal", name);
	if (WIFSIGNALED(status))
		st_json_bool_field(json, "core", WCOREDUMP(status));
	st_json_end_object(json);
}

static void write_cause(const struct st_event_record *record, struct st_json *json)
{
	struct st_cause cause = st_event_cause(record);

	if (record->ran_ns)
		st_json_u64_field(json, record->type == ST_FX_STARTED ? "spawned_ns" : "ran_ns",
				  record->ran_ns);
	if (record->took_ns)
		st_json_u64_field(json, "took_ns", record->took_ns);
	if (record->applied)
		st_json_text_field(json, "rule", st_rules[record->applied].id);
	if (!cause.rule)
		return;
	st_json_key(json, "cause");
	st_json_begin_object(json);
	st_json_text_field(json, "rule", st_rules[cause.rule].id);
	if (cause.generation)
		st_json_u64_field(json, "generation", cause.generation);
	st_json_end_object(json);
}

static void write_counts(const struct st_event_counts *counts, struct st_json *json)
{
	if (!counts)
		return;
	st_json_u64_field(json, "restarts", counts->nr_restarts);
	if (!counts->budget.period_s)
		return;
	st_json_key(json, "budget");
	st_json_begin_object(json);
	st_json_u64_field(json, "used", counts->budget.used);
	st_json_u64_field(json, "intensity", counts->budget.intensity);
	st_json_u64_field(json, "period", counts->budget.period_s);
	st_json_end_object(json);
}

static void write_usage(const struct st_usage *usage, struct st_json *json)
{
	if (!usage)
		return;
	st_json_key(json, "usage");
	st_json_begin_object(json);
	st_json_u64_field(json, "utime_ns", usage->utime_ns);
	st_json_u64_field(json, "stime_ns", usage->stime_ns);
	st_json_u64_field(json, "maxrss_kb", usage->maxrss_kb);
	st_json_end_object(json);
}

void st_event_record_write(const struct st_history *history, const struct st_event_record *record,
			   uint64_t seq, struct st_json *json)
{
	st_json_begin_object(json);
	st_event_record_write_members(history, record, seq, json);
	st_json_end_object(json);
}

void st_event_record_write_members(const struct st_history *history,
				   const struct st_event_record *record, uint64_t seq,
				   struct st_json *json)
{
	bool has_child = record->type != ST_FX_REPORT || !record->value;

	st_json_u64_field(json, "seq", seq);
	st_json_u64_field(json, "time_ns", record->time_ns);
	write_wall(record->wall_ns, json);
	st_json_text_field(json, "event", st_effect_text[record->type]);
	if (has_child)
		write_path("path", record->text, record->path_len, json);
	if (record->generation)
		st_json_u64_field(json, "generation", record->generation);
	if (record->pid)
		st_json_i64_field(json, "pid", record->pid);
	if (record->reason_len) {
		st_json_key(json, "reason");
		st_json_raw(json, record->text + record->path_len, record->reason_len);
	}
	if (record->has_status)
		write_how((int)record->value, json);
	if (record->was_killed)
		st_json_bool_field(json, "killed", true);
	write_cause(record, json);
	write_counts(st_event_part(record, ST_EVENT_COUNTS), json);
	write_usage(st_event_part(record, ST_EVENT_USAGE), json);
	st_sender_write_asked_by(st_event_part(record, ST_EVENT_ASKED_BY), json);
	st_sender_write(history, record, json);
	if (record->type == ST_FX_REPORT)
		write_report(record, has_child, json);
	if (record->type == ST_FX_DELAYED)
		st_json_u64_field(json, "delay_ms", record->value);
}
