// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operation inspect: who the process is, and its texts; see inspect.h.
 */
#include "observer/inspect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/wall.h"

#define STATUS_MAX (1024 * 1024) /* a process may be in 65,536 groups */
#define COMMAND_MAX (128 * 1024)
#define STACK_MAX 8192
#define WORD_MAX 256
/* what the texts of a process may fill; the rest of an answer is short */
#define TEXTS_ROOM 36000
#define MAX_ESCAPED 6 /* bytes of JSON that a byte may become: \u001b */

void st_inspect_note(struct st_inspect_named *named, const char *name)
{
	for (unsigned int i = 0; i < named->nr; i++)
		if (!strcmp(named->names[i], name))
			return;
	if (named->nr < ST_INSPECT_MAX_NAMED)
		named->names[named->nr++] = name;
}

static void note_failure(struct st_inspection *inspection, const char *name, int err)
{
	if (err == -EACCES || err == -EPERM)
		st_inspect_note(&inspection->refused, name);
}

bool st_inspect_read(struct st_inspection *inspection, const char *name, size_t max,
		     struct st_buf *text)
{
	int err;

	st_buf_reset(text);
	err = st_reading_file(inspection->dir, name, max, text);
	note_failure(inspection, name, err);
	return err >= 0;
}

static void write_link(struct st_inspection *inspection, const char *name)
{
	struct st_buf text = ST_BUF_INIT;
	int err = st_reading_link(inspection->dir, name, &text);

	note_failure(inspection, name, err);
	if (!err && text.len) {
		st_json_key(inspection->json, name);
		st_json_text_len(inspection->json, text.data, text.len);
	}
	st_buf_done(&text);
}

/* Texts that end with NUL bytes, as far as there is room. */
static void write_texts(struct st_inspection *inspection, const char *file, const char *key)
{
	struct st_json *json = inspection->json;
	struct st_buf text = ST_BUF_INIT;

	if (!st_inspect_read(inspection, file, COMMAND_MAX, &text)) {
		st_buf_done(&text);
		return;
	}
	if (text.len == COMMAND_MAX)
		st_inspect_note(&inspection->cut, key);
	st_json_key(json, key);
	st_json_begin_array(json);
	for (size_t at = 0; at < text.len;) {
		size_t len = strnlen(text.data + at, text.len - at);

		if (json->out->len + len * MAX_ESCAPED > TEXTS_ROOM) {
			st_inspect_note(&inspection->cut, key);
			break;
		}
		st_json_text_len(json, text.data + at, len);
		at += len + 1;
	}
	st_json_end_array(json);
	st_buf_done(&text);
}

static void write_wchan(struct st_inspection *inspection)
{
	struct st_buf text = ST_BUF_INIT;

	if (st_inspect_read(inspection, "wchan", WORD_MAX, &text) && text.len &&
	    *text.data != '0') {
		st_json_key(inspection->json, "wchan");
		st_json_text_len(inspection->json, text.data, text.len);
	}
	st_buf_done(&text);
}

static void write_stack(struct st_inspection *inspection)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_slice rest, word;

	if (st_inspect_read(inspection, "stack", STACK_MAX, &text)) {
		st_json_key(inspection->json, "kernel_stack");
		st_json_begin_array(inspection->json);
		rest = (struct st_slice){ text.data, text.len };
		while (st_parse_word(&rest, &word)) /* "[<0>] do_wait+0x60/0x110" */
			if (*word.at != '[')
				st_json_text_len(inspection->json, word.at, word.len);
		st_json_end_array(inspection->json);
	}
	st_buf_done(&text);
}

/* The names or groups that the daemon knows of the process. */
static void write_registered(const struct st_inspection *inspection, const char *operation,
			     const char *member, const char *key)
{
	struct st_json *json = inspection->json;
	json_t *rows = NULL, *row;
	size_t index;

	if (st_known_call(&inspection->observer->known, operation, &rows))
		return;
	st_json_key(json, key);
	st_json_begin_array(json);
	json_array_foreach(rows, index, row)
		if (json_integer_value(json_object_get(row, "pid")) == inspection->pid &&
		    json->out->len < TEXTS_ROOM)
			st_json_text(json, json_string_value(json_object_get(row, member)));
	st_json_end_array(json);
	json_decref(rows);
}

static void write_place(const struct st_inspection *inspection)
{
	const struct st_observer *observer = inspection->observer;
	const struct st_known_child *child = st_known_find(&observer->known, inspection->pid);
	struct st_json *json = inspection->json;

	st_json_text_field(json, "class",
			   st_class_text[st_known_class(&observer->known, inspection->pid)]);
	if (child) {
		st_json_text_field(json, "path", child->path);
		if (child->generation) {
			st_json_u64_field(json, "generation", child->generation);
			write_registered(inspection, "registered", "name", "names");
			write_registered(inspection, "groups", "group", "groups");
		}
		return;
	}
	child = st_known_above(&observer->known, &observer->now.scan, inspection->pid);
	if (child)
		st_json_text_field(json, "under", child->path);
}

static void write_identity(const struct st_inspection *inspection)
{
	const struct st_stat *stat = &inspection->stat;
	uint64_t ticks_a_second = (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t start_ns = stat->start_ticks * (ST_NSEC_PER_SEC / ticks_a_second);
	uint64_t now_ns = st_reading_boot_ns();
	uint64_t age_ns = now_ns > start_ns ? now_ns - start_ns : 0;
	struct st_json *json = inspection->json;
	char started[ST_WALL_SIZE];

	st_json_i64_field(json, "pid", inspection->pid);
	st_json_u64_field(json, "start_ticks", stat->start_ticks);
	st_json_key(json, "started");
	st_json_text_len(json, started, st_wall_write_utc(st_wall_ns() - age_ns, started));
	st_json_u64_field(json, "uptime_ms", age_ns / ST_NSEC_PER_MSEC);
	st_json_text_field(json, "name", stat->name);
	write_place(inspection);
	st_json_text_field(json, "state", st_parse_state(stat->state));
}

static void write_named(struct st_json *json, const char *key, const struct st_inspect_named *named)
{
	st_json_key(json, key);
	st_json_begin_array(json);
	for (unsigned int i = 0; i < named->nr; i++)
		st_json_text(json, named->names[i]);
	st_json_end_array(json);
}

static void write_oom(struct st_inspection *inspection)
{
	struct st_buf text = ST_BUF_INIT;
	bool is_negative;
	uint64_t value;

	if (st_inspect_read(inspection, "oom_score", WORD_MAX, &text) &&
	    st_parse_u64((struct st_slice){ text.data, text.len }, &value))
		st_json_u64_field(inspection->json, "oom_score", value);
	if (st_inspect_read(inspection, "oom_score_adj", WORD_MAX, &text) && text.len) {
		is_negative = *text.data == '-';
		if (st_parse_u64((struct st_slice){ text.data + is_negative,
						    text.len - is_negative },
				 &value) &&
		    value <= 1000)
			st_json_i64_field(inspection->json, "oom_score_adj",
					  is_negative ? -(int64_t)value : (int64_t)value);
	}
	st_buf_done(&text);
}

static void write_all(struct st_inspection *inspection)
{
	struct st_json *json = inspection->json;

	st_json_begin_object(json);
	write_identity(inspection);
	write_wchan(inspection);
	write_stack(inspection);
	st_inspect_ids(inspection);
	write_texts(inspection, "cmdline", "command");
	write_link(inspection, "exe");
	write_link(inspection, "cwd");
	write_link(inspection, "root");
	if (inspection->is_admin)
		write_texts(inspection, "environ", "environment");
	st_inspect_memory(inspection);
	st_inspect_cpu(inspection);
	st_inspect_fds(inspection);
	st_inspect_cgroup(inspection);
	st_inspect_namespaces(inspection);
	st_inspect_limits(inspection);
	st_inspect_io(inspection);
	st_inspect_scheduling(inspection);
	st_inspect_signals(inspection);
	st_inspect_security(inspection);
	write_oom(inspection);
	write_named(json, "refused", &inspection->refused);
	write_named(json, "cut", &inspection->cut);
	st_json_end_object(json);
}

/* Return: the pid that is meant; 0 with an error in @out. */
static pid_t find(const struct st_observer *observer, const json_t *params, struct st_buf *out)
{
	const char *path = json_string_value(json_object_get(params, "path"));
	pid_t pid;

	if (!path)
		return (pid_t)json_integer_value(json_object_get(params, "pid"));
	pid = st_known_pid(&observer->known, path);
	if (!pid)
		(void)st_observer_refuse(out, -ESRCH, "conflict inspect %s: it has no process now",
					 path);
	return pid;
}

static int refuse_gone(struct st_buf *out, pid_t pid)
{
	return st_observer_refuse(out, -ESRCH, "not_found inspect %d: there is no such process",
				  (int)pid);
}

int st_observer_inspect(struct st_observer *observer, const json_t *params, struct st_buf *out)
{
	const char *role = json_string_value(json_object_get(params, "role"));
	struct st_json json;
	struct st_inspection inspection = {
		.observer = observer,
		.json = &json,
		.pid = find(observer, params, out),
		.is_admin = role && !strcmp(role, st_role_text[ST_ROLE_ADMIN]),
	};
	st_cleanup(st_fd_close) int dir = -1;
	int err;

	if (!inspection.pid)
		return -ESRCH;
	if (st_reading_open(observer->proc, inspection.pid, &dir) ||
	    st_reading_stat(dir, &inspection.stat))
		return refuse_gone(out, inspection.pid);
	inspection.dir = dir;
	st_json_init(&json, out);
	err = st_reading_file(dir, "status", STATUS_MAX, &inspection.status);
	if (err >= 0) {
		write_all(&inspection);
		err = st_buf_error(out);
	}
	/* what was read of a process that ended meanwhile is not whole */
	if (err != -ENOMEM && (err || st_reading_stat(dir, &inspection.stat)))
		err = refuse_gone(out, inspection.pid);
	st_buf_done(&inspection.status);
	return err;
}
