// SPDX-License-Identifier: GPL-2.0-only
/*
 * How each result is shown; see show.h. A result without a function here is YAML.
 */
#include "cli/show/show.h"

#include <string.h>

#include "cli/show/table.h"
#include "cli/show/words.h"
#include "cli/show/yaml.h"

typedef void show_fn(json_t *result, const struct st_style *style, struct st_buf *out);

/* The members that --fields names: no drawing and no table has room for all of them. */
static bool is_partial(const json_t *node)
{
	return json_is_true(json_object_get(node, "partial"));
}

static void show_tree(json_t *result, const struct st_style *style, struct st_buf *out)
{
	if (is_partial(json_object_get(result, "root")))
		st_yaml_write(result, style, out);
	else
		st_show_tree(result, style, out);
}

static void show_blast(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_blast(result, style, out);
}

static void show_whatif(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_whatif(result, style, out);
}

static void show_why(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_why(result, style, out);
}

static void show_trace(json_t *result, const struct st_style *style, struct st_buf *out)
{
	json_t *list = json_pack("[O]", result);

	st_show_traces(list, style, out);
	json_decref(list);
}

static void show_traces(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_traces(result, style, out);
}

static void show_summary(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_summary(result, style, out);
}

static void show_analysis(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_analysis(result, style, out);
}

static void show_history(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_show_history(result, style, out);
}

static void add_pid(struct st_table *table, const json_t *object)
{
	if (json_is_integer(json_object_get(object, "pid")))
		st_table_add_u64(table, st_words_number(object, "pid"));
	else
		st_table_add(table, "-");
}

static void add_uptime(struct st_table *table, const json_t *object)
{
	struct st_buf text = ST_BUF_INIT;

	if (json_is_integer(json_object_get(object, "uptime_ms")))
		st_words_duration(st_words_number(object, "uptime_ms"), &text);
	st_table_add(table, text.len ? st_buf_text(&text) : "-");
	st_buf_done(&text);
}

/* Its own status line, or why it ended. */
static void add_note(struct st_table *table, const json_t *object)
{
	const json_t *reason = json_object_get(object, "reason");
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, st_words_text(object, "status"));
	if (!text.len && reason)
		st_words_reason(reason, &text);
	st_table_add(table, st_buf_text(&text));
	st_buf_done(&text);
}

static void show_ps(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "PATH",	"TYPE",	    "STATE", "PID",
					      "UPTIME", "RESTARTS", "STATUS" };
	struct st_table table;
	size_t index;
	json_t *row;

	if (is_partial(json_array_get(result, 0))) {
		st_yaml_write(result, style, out);
		return;
	}
	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(result, index, row) {
		st_table_add(&table, st_words_text(row, "path"));
		st_table_add(&table, st_words_text(row, "type"));
		st_table_add(&table, st_words_text(row, "state"));
		add_pid(&table, row);
		add_uptime(&table, row);
		st_table_add_u64(&table, st_words_number(row, "restarts"));
		add_note(&table, row);
	}
	st_table_finish(&table, out);
}

static void show_children(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "ID", "STATE", "TYPE", "PID", "GENERATION" };
	struct st_table table;
	size_t index;
	json_t *row;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(result, index, row) {
		const char *id = st_words_text(row, "id");

		st_table_add(&table, *id ? id : "-");
		st_table_add(&table, st_words_text(row, "state"));
		st_table_add(&table, st_words_text(row, "type"));
		add_pid(&table, row);
		st_table_add_u64(&table, st_words_number(row, "generation"));
	}
	st_table_finish(&table, out);
}

static bool has_uids(const json_t *rows)
{
	size_t index;
	json_t *row;

	json_array_foreach(rows, index, row)
		if (json_object_get(row, "uid"))
			return true;
	return false;
}

/*
 * Processes, each after the value of @key, if there is one; "-" stands for what is missing.
 * An older daemon does not say whose they are.
 */
static void add_processes(const json_t *rows, const char *key, const char *title,
			  const struct st_style *style, struct st_buf *out)
{
	const char *const titles[] = { title, "PATH", "PID", "GENERATION", "UID" };
	bool with_uid = has_uids(rows);
	struct st_table table;
	size_t index;
	json_t *row;

	st_table_init(&table, style, titles + !key, ST_ARRAY_SIZE(titles) - !key - !with_uid);
	json_array_foreach(rows, index, row) {
		const char *path = st_words_text(row, "path");

		if (key)
			st_table_add(&table, st_words_text(row, key));
		st_table_add(&table, *path ? path : "-");
		add_pid(&table, row);
		st_table_add_u64(&table, st_words_number(row, "generation"));
		if (with_uid)
			st_table_add_u64(&table, st_words_number(row, "uid"));
	}
	st_table_finish(&table, out);
}

static void show_registered(json_t *result, const struct st_style *style, struct st_buf *out)
{
	add_processes(result, "name", "NAME", style, out);
}

static void show_groups(json_t *result, const struct st_style *style, struct st_buf *out)
{
	add_processes(result, "group", "GROUP", style, out);
}

static void show_members(json_t *result, const struct st_style *style, struct st_buf *out)
{
	add_processes(result, NULL, NULL, style, out);
}

/* A start that succeeded and left no process. */
static void show_not_started(const json_t *result, struct st_buf *out)
{
	const char *text = "ignored: the child did not want to run\n";

	if (json_is_true(json_object_get(result, "done")))
		text = "done: the child ended with status 0, as ready: exit wants\n";
	else if (json_is_true(json_object_get(result, "added")))
		text = "added, and not started: its specification has start_now: false\n";
	st_buf_add_text(out, text);
}

static void show_started(json_t *result, const struct st_style *style, struct st_buf *out)
{
	const json_t *process = json_object_get(result, "started");

	(void)style; /* plain words */
	if (!process) {
		show_not_started(result, out);
		return;
	}
	st_buf_add_text(out, "started");
	if (st_words_number(process, "pid")) {
		st_buf_add_text(out, ": pid ");
		st_buf_add_u64(out, st_words_number(process, "pid"));
	}
	st_buf_add_char(out, '\n');
}

static void show_ok(json_t *result, const struct st_style *style, struct st_buf *out)
{
	(void)result; /* an empty answer means success */
	(void)style;
	st_buf_add_text(out, "ok\n");
}

/* "one_for_one, 5 restarts in 10s" [E1] */
static void show_strategy(json_t *result, const struct st_style *style, struct st_buf *out)
{
	uint64_t intensity = st_words_number(result, "intensity");
	const char *auto_shutdown = st_words_text(result, "auto_shutdown");

	st_style_add(style, ST_COLOR_NONE, st_words_text(result, "strategy"), out);
	st_buf_add_text(out, ", ");
	st_buf_add_u64(out, intensity);
	st_buf_add_text(out, intensity == 1 ? " restart in " : " restarts in ");
	st_buf_add_u64(out, st_words_number(result, "period"));
	st_buf_add_char(out, 's');
	if (strcmp(auto_shutdown, "never")) {
		st_buf_add_text(out, ", ");
		st_style_add(style, ST_COLOR_NONE, auto_shutdown, out);
	}
	st_buf_add_char(out, '\n');
}

static void add_paths(const char *what, const json_t *paths, const char *after,
		      const struct st_style *style, struct st_buf *out)
{
	size_t index;
	json_t *path;

	json_array_foreach(paths, index, path) {
		st_buf_add_text(out, what);
		if (json_is_string(path))
			st_style_add(style, ST_COLOR_NONE, json_string_value(path), out);
		else
			st_words_json(path, out);
		st_buf_add_text(out, after);
		st_buf_add_char(out, '\n');
	}
}

static void show_load(json_t *result, const struct st_style *style, struct st_buf *out)
{
	add_paths("started ", json_object_get(result, "started"), "", style, out);
}

static void add_failure(const json_t *failure, const struct st_style *style, struct st_buf *out)
{
	static const char *const members[] = { "path", "message" };

	st_buf_add_text(out, "failed");
	for (size_t i = 0; i < ST_ARRAY_SIZE(members); i++) {
		const json_t *text = json_object_get(failure, members[i]);

		st_buf_add_text(out, ": ");
		if (json_is_string(text))
			st_style_add_foreign(style, json_string_value(text),
					     json_string_length(text), out);
	}
	st_buf_add_char(out, '\n');
}

static void show_reload(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const struct {
		const char *list, *done, *planned, *after;
	} lists[] = {
		{ "added", "added ", "would add ", "" },
		{ "started", "started ", "would start ", "" },
		{ "stopped", "not started: ", "would not start ", " (--start-new starts it)" },
		{ "changed", "changed ", "would change ", "" },
		{ "logs", "changed the log of ", "would change the log of ", "" },
		{ "variables", "changed the variables of ", "would change the variables of ",
		  " (for its next start)" },
		{ "removed", "removed ", "would remove ", "" },
		{ "kept", "kept ", "would keep ",
		  " (not in the configuration; --prune removes it)" },
	};
	bool is_plan = json_is_true(json_object_get(result, "dry_run"));
	const json_t *failure;
	size_t before = out->len, index;

	for (size_t i = 0; i < ST_ARRAY_SIZE(lists); i++)
		add_paths(is_plan ? lists[i].planned : lists[i].done,
			  json_object_get(result, lists[i].list), lists[i].after, style, out);
	json_array_foreach(json_object_get(result, "failed"), index, failure) {
		add_failure(failure, style, out);
	}
	if (out->len == before)
		st_buf_add_text(out, "nothing differs\n");
}

static void show_logs(json_t *result, const struct st_cli *cli, struct st_buf *out)
{
	size_t index;
	json_t *line;

	json_array_foreach(json_object_get(result, "lines"), index, line)
		st_show_output(line, cli, out);
}

static void show_operations(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "OPERATION", "VERB", "ROLE", "SUMMARY" };
	struct st_table table;
	size_t index;
	json_t *row;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(result, index, row) {
		st_table_add(&table, st_words_text(row, "name"));
		st_table_add(&table, st_words_text(row, "verb"));
		st_table_add(&table, st_words_text(row, "role"));
		st_table_add(&table, st_words_text(row, "summary"));
	}
	st_table_finish(&table, out);
}

static void show_services(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "SERVICE", "STATE", "PID", "SUMMARY" };
	struct st_table table;
	size_t index;
	json_t *row;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(result, index, row) {
		st_table_add(&table, st_words_text(row, "name"));
		st_table_add(&table, st_words_text(row, "state"));
		add_pid(&table, row);
		st_table_add(&table, st_words_text(row, "summary"));
	}
	st_table_finish(&table, out);
}

/* The link or token alone in the first line, to be copied. */
static void show_link(json_t *result, const struct st_style *style, struct st_buf *out)
{
	const char *link = st_words_text(result, "link");
	const char *secret = *link ? link : st_words_text(result, "token");
	const char *role = st_words_text(result, "role");

	st_style_add_foreign(style, secret, strlen(secret), out);
	st_buf_add_text(out, *link ? "\nvalid once, for " : "\nvalid for ");
	st_words_duration(st_words_number(result, "expires_in_ms"), out);
	st_buf_add_text(out, ", with the role ");
	st_style_add_foreign(style, role, strlen(role), out);
	st_buf_add_char(out, '\n');
}

/* How to call each operation, with its parameters. */
static void show_offered(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "OPERATION", "SUMMARY" };
	struct st_table table;
	size_t index;
	json_t *row;

	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(result, index, row) {
		const char *example = st_words_text(row, "example");
		size_t skip = strlen("suptree ");

		st_table_add(&table, strncmp(example, "suptree ", skip) ? example : example + skip);
		st_table_add(&table, st_words_text(row, "summary"));
	}
	st_table_finish(&table, out);
}

/* As the process wrote it, as `call` does. */
static void show_reply(json_t *result, const struct st_style *style, struct st_buf *out)
{
	st_style_add_lines(style, st_words_text(result, "reply"),
			   json_string_length(json_object_get(result, "reply")), out);
	st_buf_add_char(out, '\n');
}

/* Those that are missing here are shown as YAML. */
static show_fn *const shows[ST_OPERATION__MAX] = {
	[ST_OPERATION_TREE] = show_tree,
	[ST_OPERATION_PS] = show_ps,
	[ST_OPERATION_WHICH_CHILDREN] = show_children,
	[ST_OPERATION_START_CHILD] = show_started,
	[ST_OPERATION_RESTART_CHILD] = show_started,
	[ST_OPERATION_RESTART] = show_started,
	[ST_OPERATION_TERMINATE_CHILD] = show_ok,
	[ST_OPERATION_DELETE_CHILD] = show_ok,
	[ST_OPERATION_KILL] = show_ok,
	[ST_OPERATION_STRATEGY] = show_strategy,
	[ST_OPERATION_CHANGE] = show_ok,
	[ST_OPERATION_STOP_SUPERVISOR] = show_ok,
	[ST_OPERATION_LOAD] = show_load,
	[ST_OPERATION_UNLOAD] = show_ok,
	[ST_OPERATION_RELOAD] = show_reload,
	[ST_OPERATION_CHECK_CHILDSPECS] = show_ok,
	[ST_OPERATION_WHY] = show_why,
	[ST_OPERATION_BLAST] = show_blast,
	[ST_OPERATION_WHATIF] = show_whatif,
	[ST_OPERATION_PROCESSES] = st_show_processes,
	[ST_OPERATION_TRACE_START] = show_trace,
	[ST_OPERATION_TRACE_STOP] = show_summary,
	[ST_OPERATION_TRACE_LIST] = show_traces,
	[ST_OPERATION_TRACE_HISTORY] = show_history,
	[ST_OPERATION_TRACE_SUMMARY] = show_summary,
	[ST_OPERATION_TRACE_ANALYZE] = show_analysis,
	[ST_OPERATION_REPORT_SIGNAL] = show_ok,
	[ST_OPERATION_WAIT] = show_ok,
	[ST_OPERATION_SETTLE] = show_ok,
	[ST_OPERATION_STOP] = show_ok,
	[ST_OPERATION_REGISTERED] = show_registered,
	[ST_OPERATION_GROUPS] = show_groups,
	[ST_OPERATION_MEMBERS] = show_members,
	[ST_OPERATION_REGISTER] = show_ok,
	[ST_OPERATION_UNREGISTER] = show_ok,
	[ST_OPERATION_JOIN] = show_ok,
	[ST_OPERATION_LEAVE] = show_ok,
	[ST_OPERATION_DEMONITOR] = show_ok,
	[ST_OPERATION_OFFER] = show_ok,
	[ST_OPERATION_WITHDRAW] = show_ok,
	[ST_OPERATION_OFFERED] = show_offered,
	[ST_OPERATION_INVOKE] = show_reply,
	[ST_OPERATION_PING] = show_ok,
	[ST_OPERATION_SERVICES] = show_services,
	[ST_OPERATION_SERVICES_START] = show_ok,
	[ST_OPERATION_SERVICES_STOP] = show_ok,
	[ST_OPERATION_SERVICES_RESTART] = show_ok,
	[ST_OPERATION_OPERATIONS] = show_operations,
	[ST_OPERATION_OPEN] = show_link,
};

void st_show_json(json_t *document, enum st_format format, struct st_buf *out)
{
	size_t index;
	json_t *item;

	if (format == ST_FORMAT_JSONL && json_is_array(document)) {
		json_array_foreach(document, index, item) {
			st_words_json(item, out);
			st_buf_add_char(out, '\n');
		}
		return;
	}
	if (format == ST_FORMAT_JSONL)
		st_words_json(document, out);
	else
		st_words_json_indented(document, out);
	st_buf_add_char(out, '\n');
}

static void keep_type(json_t *rows, const char *type)
{
	for (size_t i = json_array_size(rows); i; i--)
		if (strcmp(st_words_text(json_array_get(rows, i - 1), "type"), type))
			(void)json_array_remove(rows, i - 1);
}

void st_show_result(enum st_operation operation, json_t *result, const struct st_cli *cli,
		    struct st_buf *out)
{
	if (operation == ST_OPERATION_PS && cli->type)
		keep_type(result, cli->type);
	switch (cli->format) {
	case ST_FORMAT_JSON:
	case ST_FORMAT_JSONL:
		st_show_json(result, cli->format, out);
		return;
	case ST_FORMAT_DOT:
		st_show_dot(result, out);
		return;
	case ST_FORMAT_MERMAID:
		st_show_mermaid(result, out);
		return;
	case ST_FORMAT_TEXT:
		break;
	}
	if (operation == ST_OPERATION_LOGS)
		show_logs(result, cli, out);
	else if (shows[operation])
		shows[operation](result, &cli->style, out);
	else
		st_yaml_write(result, &cli->style, out);
}
