// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operation processes: all processes, chosen, sorted, a page at a time.
 *
 * What a scan has is enough to choose and to sort. A process of the page is read again
 * before it is shown, through the folder of just that process; one that has ended since is
 * shown as gone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observer/observer.h"
#include "os/fd.h"

#define DEFAULT_LIMIT 100
#define COMMAND_MAX 256
#define STATUS_MAX 65536
/* a row needs less, though each byte of a name or command may become six */
#define ROW_ROOM 4096

enum order {
	BY_PID,
	BY_NAME,
	BY_CPU,
	BY_RSS,
	BY_THREADS,
	BY_START,
};

static const char *const order_words[] = {
	[BY_PID] = "pid", [BY_NAME] = "name",	    [BY_CPU] = "cpu",
	[BY_RSS] = "rss", [BY_THREADS] = "threads", [BY_START] = "start",
};

struct candidate {
	const struct st_seen *seen;
	uint64_t permille;
	uint64_t key; /* what it is sorted by, unless that is the name */
	bool has_permille;
};

struct query {
	struct st_observer *observer;
	const struct st_look *before;
	const char *classes, *states, *name, *below, *fields;
	enum order order;
	bool is_reverse;
	pid_t after;
	uint64_t limit;
	struct candidate *found;
	size_t nr;
};

static const char *text_of(const json_t *params, const char *key)
{
	return json_string_value(json_object_get(params, key));
}

/* Whether a list of words joined by commas has a word; no list has all of them. */
static bool has_word(const char *words, const char *word)
{
	size_t word_len = strlen(word);

	if (!words)
		return true;
	for (const char *at = words; *at;) {
		size_t len = strcspn(at, ",");

		if (len == word_len && !strncmp(at, word, len))
			return true;
		at += len + (at[len] == ',');
	}
	return false;
}

static bool is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	if (!strcmp(top, "/"))
		return true;
	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

static bool is_wanted(const struct query *query, const struct st_seen *seen)
{
	const struct st_known *known = &query->observer->known;
	const struct st_known_child *child = st_known_find(known, seen->pid);

	if (!has_word(query->classes, st_class_text[st_known_class(known, seen->pid)]) ||
	    !has_word(query->states, st_parse_state(seen->state)) ||
	    (query->name && !strstr(seen->name, query->name)))
		return false;
	if (!query->below)
		return true;
	if (!child)
		child = st_known_above(known, &query->observer->now.scan, seen->pid);
	return child && is_below(child->path, query->below);
}

static uint64_t key_of(const struct query *query, const struct candidate *candidate)
{
	switch (query->order) {
	case BY_CPU:
		return candidate->permille;
	case BY_RSS:
		return candidate->seen->rss_pages;
	case BY_THREADS:
		return candidate->seen->threads;
	case BY_START:
		return candidate->seen->start_ticks;
	case BY_PID:
	case BY_NAME:
	default:
		return 0;
	}
}

static int choose(struct query *query)
{
	const struct st_scan *scan = &query->observer->now.scan;

	query->found = calloc((size_t)scan->nr + 1, sizeof(*query->found));
	if (!query->found)
		return -ENOMEM;
	for (uint32_t i = 0; i < scan->nr; i++) {
		struct candidate *candidate = &query->found[query->nr];

		if (!is_wanted(query, &scan->processes[i]))
			continue;
		candidate->seen = &scan->processes[i];
		candidate->has_permille = query->before &&
					  st_scan_permille(&query->before->scan, scan,
							   candidate->seen, &candidate->permille);
		candidate->key = key_of(query, candidate);
		query->nr++;
	}
	return 0;
}

static int by_pid(const struct candidate *a, const struct candidate *b)
{
	return (a->seen->pid > b->seen->pid) - (a->seen->pid < b->seen->pid);
}

static int by_key(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return a->key == b->key ? by_pid(a, b) : (a->key < b->key) - (a->key > b->key);
}

static int by_name(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	int order = strcmp(a->seen->name, b->seen->name);

	return order ? order : by_pid(a, b);
}

static void sort(struct query *query)
{
	if (query->nr < 2)
		return;
	if (query->order == BY_NAME)
		qsort(query->found, query->nr, sizeof(*query->found), by_name);
	else if (query->order != BY_PID) /* a scan has this order */
		qsort(query->found, query->nr, sizeof(*query->found), by_key);
	for (size_t i = 0; query->is_reverse && i < query->nr / 2; i++) {
		struct candidate other = query->found[i];

		query->found[i] = query->found[query->nr - 1 - i];
		query->found[query->nr - 1 - i] = other;
	}
}

/* ---- a row ---- */

static void write_command(int dir, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;

	if (st_reading_file(dir, "cmdline", COMMAND_MAX, &text) >= 0 && text.len) {
		while (text.len && !text.data[text.len - 1])
			text.len--;
		for (size_t i = 0; i < text.len; i++)
			if (!text.data[i])
				text.data[i] = ' ';
		st_json_key(json, "command");
		st_json_text_len(json, text.data, text.len);
	}
	st_buf_done(&text);
}

static void write_uid(int dir, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	uint64_t uid;

	if (st_reading_file(dir, "status", STATUS_MAX, &text) >= 0 &&
	    st_parse_number(text.data, text.len, "Uid", &uid))
		st_json_u64_field(json, "uid", uid);
	st_buf_done(&text);
}

static void write_place(const struct query *query, const struct st_seen *seen, struct st_json *json)
{
	const struct st_known *known = &query->observer->known;
	const struct st_known_child *child = st_known_find(known, seen->pid);

	if (has_word(query->fields, "name"))
		st_json_text_field(json, "name", seen->name);
	if (has_word(query->fields, "class"))
		st_json_text_field(json, "class", st_class_text[st_known_class(known, seen->pid)]);
	if (child && has_word(query->fields, "path"))
		st_json_text_field(json, "path", child->path);
	if (!child && has_word(query->fields, "under")) {
		child = st_known_above(known, &query->observer->now.scan, seen->pid);
		if (child)
			st_json_text_field(json, "under", child->path);
	}
	if (has_word(query->fields, "start_ticks"))
		st_json_u64_field(json, "start_ticks", seen->start_ticks);
}

static void write_figures(const struct query *query, const struct candidate *candidate,
			  const struct st_stat *stat, struct st_json *json)
{
	uint64_t now_ms = query->observer->now.scan.boot_ns / ST_NSEC_PER_MSEC;
	uint64_t start_ms = st_ticks_to_ms(stat->start_ticks);

	if (has_word(query->fields, "ppid"))
		st_json_i64_field(json, "ppid", stat->parent);
	if (has_word(query->fields, "threads"))
		st_json_u64_field(json, "threads", stat->threads);
	if (has_word(query->fields, "rss_kb"))
		st_json_u64_field(json, "rss_kb", st_pages_to_kb(stat->rss_pages));
	if (candidate->has_permille && has_word(query->fields, "cpu_permille"))
		st_json_u64_field(json, "cpu_permille", candidate->permille);
	if (has_word(query->fields, "cpu_ms"))
		st_json_u64_field(json, "cpu_ms",
				  st_ticks_to_ms(stat->user_ticks + stat->system_ticks));
	if (has_word(query->fields, "nice"))
		st_json_i64_field(json, "nice", stat->nice);
	if (has_word(query->fields, "uptime_ms"))
		st_json_u64_field(json, "uptime_ms", now_ms > start_ms ? now_ms - start_ms : 0);
}

static void write_row(const struct query *query, const struct candidate *candidate,
		      struct st_json *json)
{
	st_cleanup(st_fd_close) int dir = -1;
	struct st_stat stat = { 0 };
	bool is_there = !st_scan_verify(query->observer->proc, candidate->seen, &dir) &&
			!st_reading_stat(dir, &stat);

	st_json_begin_object(json);
	st_json_i64_field(json, "pid", candidate->seen->pid);
	write_place(query, candidate->seen, json);
	if (has_word(query->fields, "state"))
		st_json_text_field(json, "state", is_there ? st_parse_state(stat.state) : "gone");
	if (is_there) {
		write_figures(query, candidate, &stat, json);
		if (has_word(query->fields, "uid"))
			write_uid(dir, json);
		if (has_word(query->fields, "command"))
			write_command(dir, json);
	}
	st_json_end_object(json);
}

/* ---- the answer ---- */

static bool is_past(const struct query *query, pid_t pid)
{
	return query->is_reverse ? pid < query->after : pid > query->after;
}

/*
 * In the order of pids ->after has a place also if it has ended. Return: the index of the
 * first row; or -ENOENT: ->after is in no answer any more.
 */
static ssize_t first_row(const struct query *query)
{
	bool has_place = query->order == BY_PID;

	if (!query->after)
		return 0;
	for (size_t i = 0; i < query->nr; i++) {
		pid_t pid = query->found[i].seen->pid;

		if (has_place && is_past(query, pid))
			return (ssize_t)i;
		if (!has_place && pid == query->after)
			return (ssize_t)i + 1;
	}
	return has_place ? (ssize_t)query->nr : -ENOENT;
}

static void write_rows(const struct query *query, size_t first, struct st_json *json)
{
	size_t at = first;

	st_json_key(json, "rows");
	st_json_begin_array(json);
	for (; at < query->nr && at - first < query->limit; at++) {
		if (at > first && json->out->len + ROW_ROOM > ST_OBSERVER_ROOM)
			break;
		write_row(query, &query->found[at], json);
	}
	st_json_end_array(json);
	if (at > first && at < query->nr)
		st_json_i64_field(json, "next", query->found[at - 1].seen->pid);
}

static void read_query(struct query *query, struct st_observer *observer, const json_t *params)
{
	const char *sort_word = text_of(params, "sort");
	const json_t *limit = json_object_get(params, "limit");

	*query = (struct query){
		.observer = observer,
		.before = st_observer_before(observer),
		.classes = text_of(params, "class"),
		.states = text_of(params, "state"),
		.name = text_of(params, "name"),
		.below = text_of(params, "below"),
		.fields = text_of(params, "fields"),
		.is_reverse = json_is_true(json_object_get(params, "reverse")),
		.after = (pid_t)json_integer_value(json_object_get(params, "after")),
		.limit = limit ? (uint64_t)json_integer_value(limit) : DEFAULT_LIMIT,
	};
	for (size_t i = 0; sort_word && i < ST_ARRAY_SIZE(order_words); i++)
		if (!strcmp(sort_word, order_words[i]))
			query->order = (enum order)i;
}

static int show(const struct query *query, struct st_buf *out)
{
	const struct st_scan *now = &query->observer->now.scan;
	ssize_t first = first_row(query);
	struct st_json json;

	if (first < 0)
		return st_observer_refuse(
			out, -ENOENT,
			"not_found processes: after %d: it has ended, or does not match; begin "
			"again without after",
			(int)query->after);
	st_json_init(&json, out);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "total", now->nr);
	st_json_u64_field(&json, "matched", query->nr);
	if (query->before)
		st_json_u64_field(&json, "interval_ms",
				  (now->boot_ns - query->before->scan.boot_ns) / ST_NSEC_PER_MSEC);
	write_rows(query, (size_t)first, &json);
	st_json_end_object(&json);
	return st_buf_error(out);
}

int st_observer_processes(struct st_observer *observer, const json_t *params, struct st_buf *out)
{
	struct query query;
	int err;

	read_query(&query, observer, params);
	err = choose(&query);
	if (!err) {
		sort(&query);
		err = show(&query, out);
	}
	free(query.found);
	return err;
}
