// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a trace; see trace.h. trace_write.c writes its results.
 */
#include "tracer/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/params.h"
#include "tracer/pattern.h"
#include "tracer/show.h"
#include "tracer/words.h"

#define DEFAULT_KEEP 1000
#define MAX_KEEP 100000
#define DEFAULT_COUNT 100000
#define NS_PER_MS 1000000
#define JOIN_NS (500 * (uint64_t)NS_PER_MS) /* that one half of a message waits for the other */
#define INFINITY_MS 3155760000000 /* longer than any; ST_MAX_TIMEOUT_MS is below it */

static uint64_t boot_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now); /* a clock that Linux has cannot fail */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static int64_t number(const json_t *description, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(description, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

/* Return: NULL, or what is wrong with the description, as "KIND TEXT". */
static const char *take_limits(struct st_trace *trace, const json_t *description)
{
	const char *kinds = json_string_value(json_object_get(description, "kinds"));
	const char *role = json_string_value(json_object_get(description, "payload_role"));
	int64_t payload = number(description, "payload", 0);
	int64_t keep = number(description, "keep", DEFAULT_KEEP);

	trace->limits.kinds = ST_KINDS_DEFAULT;
	if (kinds && st_kinds_parse(kinds, &trace->limits.kinds))
		return "invalid_params kinds: words of the tracer's kinds, with commas between";
	if (kinds)
		trace->limits.required = trace->limits.kinds;
	if (payload < 0 || payload > ST_RECORD_PAYLOAD_MAX)
		return "invalid_params payload: at most 4096 bytes are kept of a message";
	if (keep < 1 || keep > MAX_KEEP)
		return "invalid_params keep: 1 to 100000 messages can be kept";
	trace->payload = (uint32_t)payload;
	trace->is_for_operators = role && !strcmp(role, "operator");
	trace->limits.payload_max =
		(__u32)(payload < ST_CALLS_PAYLOAD ? ST_CALLS_PAYLOAD : payload);
	trace->limits.count = (__u64)number(description, "count", DEFAULT_COUNT);
	trace->keep = (uint32_t)keep;
	return NULL;
}

/* Return: 0; -ETIME: it is over already. */
static int take_end(struct st_trace *trace, const json_t *description)
{
	int64_t duration_ms = number(description, "duration_ms", INFINITY_MS);
	uint64_t now_ns = boot_ns();

	trace->until_ns = (uint64_t)number(description, "until_ns", 0);
	if (!trace->until_ns && duration_ms < INFINITY_MS)
		trace->until_ns = now_ns + (uint64_t)duration_ms * NS_PER_MS;
	if (!trace->until_ns)
		return 0;
	if (trace->until_ns <= now_ns)
		return -ETIME;
	trace->limits.duration_ns = trace->until_ns - now_ns;
	return 0;
}

/* Return: NULL, or what is wrong with the description, as "KIND TEXT". */
static const char *take_target(struct st_trace *trace, const json_t *description)
{
	const char *path = json_string_value(json_object_get(description, "path"));

	trace->pid = path ? 0 : (pid_t)number(description, "pid", 0);
	trace->daemon = getppid();
	/* a trace of the daemon itself includes the daemon's messages */
	trace->has_system = json_is_true(json_object_get(description, "include_system")) ||
			    trace->pid == trace->daemon;
	if (!path && trace->pid <= 0)
		return "invalid_params it needs a name or a pid";
	if (trace->pid == getpid())
		return "invalid_params pid: the tracer does not trace itself";
	trace->path = path ? strdup(path) : NULL;
	return path && !trace->path ? "no_memory no memory" : NULL;
}

/* Return: NULL, or what is wrong with the description, as "KIND TEXT". */
static const char *take_pattern(struct st_trace *trace, const json_t *description)
{
	const char *pattern = json_string_value(json_object_get(description, "pattern"));

	if (!pattern)
		return NULL;
	if (!*pattern || strlen(pattern) > ST_MAX_PATTERN_LEN)
		return "invalid_params pattern: it must be 1..256 bytes";
	if (!trace->payload)
		return "invalid_params pattern: it is compared with the kept part of a payload, "
		       "and nothing is kept: use for example --payload 256";
	trace->pattern = strdup(pattern);
	return trace->pattern ? NULL : "no_memory no memory";
}

static bool is_meant(const struct st_trace *trace, const char *path)
{
	size_t len = strlen(trace->path);

	if (!strcmp(trace->path, "/"))
		return true;
	return !strncmp(path, trace->path, len) && (!path[len] || path[len] == '/');
}

void st_trace_started(struct st_trace *trace, const struct st_traced_child *child)
{
	/* a process that has ended needs no watch */
	if (trace->path && !child->is_gone && child->pid != getpid() &&
	    is_meant(trace, child->path))
		(void)!st_session_watch(trace->session, child->pid,
					ST_WATCH_ON | ST_WATCH_CHILDREN);
}

static int watch(struct st_trace *trace)
{
	const struct st_map *by_pid = &trace->children->by_pid;
	int err = st_session_watch(trace->session, getpid(), ST_WATCH_NEVER);

	if (!err && !trace->path)
		return st_session_watch(trace->session, trace->pid,
					ST_WATCH_ON | ST_WATCH_CHILDREN);
	for (uint32_t i = 0; i < by_pid->cap && !err; i++)
		if (by_pid->entries[i].value)
			st_trace_started(trace, by_pid->entries[i].value);
	return err;
}

static void name_of(struct st_trace *trace, __u32 pid, char who[ST_TRACE_WHO_SIZE])
{
	const struct st_traced_child *child = st_traced_children_find(trace->children, (pid_t)pid);

	if (!pid)
		snprintf(who, ST_TRACE_WHO_SIZE, "unknown");
	else if (child)
		snprintf(who, ST_TRACE_WHO_SIZE, "%s", child->path);
	else
		snprintf(who, ST_TRACE_WHO_SIZE, "%s[%u]", st_process_names_of(&trace->names, pid),
			 pid);
}

static void count_pair(struct st_trace *trace, const struct st_record *record)
{
	char from[ST_TRACE_WHO_SIZE], to[ST_TRACE_WHO_SIZE];
	uint32_t i = 0;

	name_of(trace, record->from, from);
	name_of(trace, record->to, to);
	while (i < trace->nr_pairs &&
	       (strcmp(trace->pairs[i].from, from) != 0 || strcmp(trace->pairs[i].to, to) != 0))
		i++;
	if (i == ST_TRACE_PAIRS) {
		trace->nr_other++;
		return;
	}
	if (i == trace->nr_pairs) {
		trace->nr_pairs++;
		memcpy(trace->pairs[i].from, from, sizeof(from));
		memcpy(trace->pairs[i].to, to, sizeof(to));
	}
	trace->pairs[i].nr++;
	trace->pairs[i].bytes += record->size;
}

static void count(struct st_trace *trace, const struct st_record *record)
{
	struct st_trace_total *total = &trace->totals[record->kind];

	total->nr++;
	total->bytes += record->size;
	if (record->size > total->largest)
		total->largest = record->size;
	if (st_is_message(record))
		st_sample_add(&total->sizes, record->size);
	if (total->last_ns)
		st_sample_add(&total->intervals_ns, record->time_ns > total->last_ns ?
							    record->time_ns - total->last_ns :
							    0);
	if (!total->first_ns || record->time_ns < total->first_ns)
		total->first_ns = record->time_ns;
	if (record->time_ns > total->last_ns)
		total->last_ns = record->time_ns;
	if (record->from != record->to)
		count_pair(trace, record);
}

static void add_path(struct st_trace *trace, const char *key, __u32 pid)
{
	const struct st_traced_child *child = st_traced_children_find(trace->children, (pid_t)pid);

	if (!pid || !child)
		return;
	st_buf_add_text(&trace->line, key);
	st_buf_add_json_string(&trace->line, child->path, strlen(child->path));
}

static void add_number(struct st_trace *trace, const char *key, uint64_t value)
{
	st_buf_add_text(&trace->line, key);
	st_buf_add_u64(&trace->line, value);
}

static void add_note(struct st_trace *trace, const struct st_call_note *note)
{
	if (note->role == ST_CALL_CALL)
		st_buf_add_text(&trace->line, ",\"call\":true");
	if (note->role != ST_CALL_REPLY)
		return;
	if (note->seq) /* otherwise its call was not kept */
		add_number(trace, ",\"reply_to\":", note->seq);
	add_number(trace, ",\"reply_ns\":", note->latency_ns);
}

/* More of the payload may have been read than is wanted, for calls.h. */
static bool is_like_pattern(const struct st_trace *trace, const struct st_record *record)
{
	size_t len = record->captured < trace->payload ? record->captured : trace->payload;

	return !trace->pattern ||
	       (st_is_message(record) && st_pattern_matches(trace->pattern, record + 1, len));
}

/* As much of the payload as is wanted. */
static void show(struct st_trace *trace, const struct st_record *record, __u64 latency_ns)
{
	struct {
		struct st_record record;
		char payload[ST_CALLS_PAYLOAD];
	} cut;

	if (!st_is_message(record) || record->captured <= trace->payload) {
		st_record_show_json(&trace->line, &trace->names, record, latency_ns);
		return;
	}
	memcpy(&cut, record, sizeof(cut.record) + trace->payload);
	cut.record.captured = (__u16)trace->payload;
	cut.record.flags |= ST_FLAG_TRUNCATED;
	st_record_show_json(&trace->line, &trace->names, &cut.record, latency_ns);
}

/* The line of --json, followed by the number and the paths of children. */
static void keep(struct st_trace *trace, const struct st_record *record, __u64 latency_ns,
		 const struct st_call_note *note)
{
	char **slot = &trace->kept[trace->seq % trace->keep];

	st_buf_reset(&trace->line);
	show(trace, record, latency_ns);
	while (trace->line.len && strchr("}\n", trace->line.data[trace->line.len - 1]))
		trace->line.len--;
	add_number(trace, ",\"seq\":", ++trace->seq);
	add_path(trace, ",\"from_path\":", record->from);
	add_path(trace, ",\"to_path\":", record->to);
	add_note(trace, note);
	st_buf_add_char(&trace->line, '}');
	free(*slot);
	*slot = st_buf_error(&trace->line) ? NULL : strdup(st_buf_text(&trace->line));
}

static void take_joined(void *context, const struct st_record *record, __u64 latency_ns)
{
	struct st_trace *trace = context;

	/* without memory it is handed on at once */
	(void)!st_order_add(trace->order, record, latency_ns);
}

/* Signals and ends are no messages: that the daemon sends them is what supervision is. */
static bool is_system(const struct st_trace *trace, const struct st_record *record)
{
	__u32 daemon = (__u32)trace->daemon, self = (__u32)getpid();

	return st_is_message(record) && (record->from == daemon || record->to == daemon ||
					 record->from == self || record->to == self);
}

static void take_ordered(void *context, const struct st_record *record, __u64 latency_ns)
{
	struct st_trace *trace = context;
	struct st_call_note note;
	bool is_kept;

	if (record->kind >= ST_RECORD_KIND__MAX)
		return;
	if (!trace->has_system && is_system(trace, record)) {
		trace->nr_system++;
		return;
	}
	count(trace, record);
	is_kept = is_like_pattern(trace, record);
	/* without memory it does not count as a call */
	(void)!st_calls_add(trace->calls, record, latency_ns, is_kept ? trace->seq + 1 : 0, &note);
	if (is_kept)
		keep(trace, record, latency_ns, &note);
	else
		trace->nr_passed_over++;
}

static int begin(struct st_trace *trace, const char **ret_error)
{
	int err;

	trace->join = st_join_new(take_joined, trace);
	trace->order = st_order_new(take_ordered, trace);
	trace->calls = st_calls_new();
	if (!trace->join || !trace->order || !trace->calls)
		return -ENOMEM;
	err = st_session_new(&trace->limits, &trace->session);
	*ret_error = "failed the kernel accepts no BPF program: suptree-tracer --doctor shows why";
	if (err)
		return err;
	*ret_error = "not_found no such process";
	err = watch(trace);
	if (!err)
		st_session_start(trace->session);
	return err;
}

int st_trace_new(const json_t *description, uint64_t id, const struct st_traced_children *children,
		 struct st_trace **ret_trace, const char **ret_error)
{
	struct st_trace *trace = calloc(1, sizeof(*trace));
	int err = 0;

	*ret_error = "no_memory no memory";
	if (!trace)
		return -ENOMEM;
	st_list_init(&trace->link);
	trace->id = (uint64_t)number(description, "id", (int64_t)id);
	trace->children = children;
	st_buf_init(&trace->line);
	*ret_error = take_limits(trace, description);
	if (!*ret_error)
		*ret_error = take_pattern(trace, description);
	if (!*ret_error)
		*ret_error = take_target(trace, description);
	if (*ret_error)
		err = -EINVAL;
	if (!err) {
		*ret_error = "invalid_params its time is over already";
		err = take_end(trace, description);
	}
	if (!err) {
		*ret_error = "no_memory no memory";
		trace->kept = calloc(trace->keep, sizeof(*trace->kept));
		err = trace->kept ? begin(trace, ret_error) : -ENOMEM;
	}
	if (err) {
		st_trace_free(trace);
		return err;
	}
	*ret_trace = trace;
	return 0;
}

void st_trace_free(struct st_trace *trace)
{
	if (!trace)
		return;
	st_list_del(&trace->link);
	st_session_free(trace->session);
	st_join_free(trace->join);
	st_order_free(trace->order);
	st_calls_free(trace->calls);
	for (uint32_t i = 0; trace->kept && i < trace->keep; i++)
		free(trace->kept[i]);
	free(trace->kept);
	free(trace->path);
	free(trace->pattern);
	st_buf_done(&trace->line);
	free(trace);
}

static void take(void *context, const struct st_record *record)
{
	struct st_trace *trace = context;

	st_process_names_learn(&trace->names, record);
	(void)!st_join_add(trace->join, record); /* without memory it is handed on alone */
}

int st_trace_read(struct st_trace *trace)
{
	int nr;

	st_process_names_forget(&trace->names);
	nr = st_session_read(trace->session, take, trace);
	st_join_expire(trace->join, boot_ns() - JOIN_NS);
	st_order_release(trace->order, st_join_oldest_ns(trace->join));
	return nr < 0 ? nr : 0;
}
