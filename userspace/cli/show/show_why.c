// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a child has ended: the end, its cause, and its consequences. Each rule comes before
 * the first event that it explains. And why one runs: who started it, and what it holds.
 *
 *	demo/counter_2  now running, pid 4730
 *	stopped 18:23:05.124: SIGTERM, pid 4712, ran 4m 3s
 *	  sent by suptreed (pid 17, uid 0)
 *	because of demo/counter_1, killed by SIGKILL
 *
 *	  +0.0ms  demo/counter_1  ended: SIGKILL, pid 4711, ran 4m 3s
 *	          [B1] a permanent child is restarted after every end
 *	          [D2] demo: one_for_all: ...; restart 1 in 5s of 3 allowed
 *	  +0.9ms  demo/counter_2  stopped: SIGTERM, pid 4712, ran 4m 3s, took 0.8ms
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define NS_PER_MS 1000000
#define INDENT "            "

/* "0.9ms"; from a second on as all times. */
static void add_time(uint64_t ns, struct st_buf *out)
{
	if (ns >= 1000 * (uint64_t)NS_PER_MS) {
		st_words_duration(ns / NS_PER_MS, out);
		return;
	}
	st_buf_add_u64(out, ns / NS_PER_MS);
	st_buf_add_char(out, '.');
	st_buf_add_u64(out, ns / (NS_PER_MS / 10) % 10);
	st_buf_add_text(out, "ms");
}

static void begin_part(struct st_buf *text)
{
	st_buf_add_text(text, text->len ? ", " : "");
}

/* "exit 3", "SIGSEGV, core dumped", or the reason where there was no process. */
static void add_how(const json_t *event, struct st_buf *text)
{
	const json_t *how = json_object_get(event, "how");
	const json_t *reason = json_object_get(event, "reason");
	const char *signal = st_words_text(how, "signal");

	if (json_is_integer(json_object_get(how, "exit"))) {
		st_buf_add_text(text, "exit ");
		st_buf_add_u64(text, st_words_number(how, "exit"));
	} else if (*signal) {
		st_buf_add_text(text, "SIG");
		st_buf_add_text(text, signal);
	}
	if (json_is_true(json_object_get(how, "core")))
		st_buf_add_text(text, ", core dumped");
	if (json_is_true(json_object_get(event, "killed")))
		st_buf_add_text(text, " of its supervisor");
	if (reason && (!how || json_object_get(reason, "error"))) {
		begin_part(text);
		st_words_reason(reason, text);
	}
}

static void add_number(const char *label, const json_t *event, const char *key, struct st_buf *text)
{
	if (!st_words_number(event, key))
		return;
	begin_part(text);
	st_buf_add_text(text, label);
	st_buf_add_u64(text, st_words_number(event, key));
}

static void add_ns(const char *label, const json_t *event, const char *key, struct st_buf *text)
{
	if (!st_words_number(event, key))
		return;
	begin_part(text);
	st_buf_add_text(text, label);
	add_time(st_words_number(event, key), text);
}

/* The facts of an event, in short: "SIGKILL, pid 4711, ran 4m 3s". */
static void add_details(const json_t *event, struct st_buf *text)
{
	add_how(event, text);
	add_number("pid ", event, "pid", text);
	add_ns("ran ", event, "ran_ns", text);
	add_ns("took ", event, "took_ns", text);
	add_number("ms ", event, "delay_ms", text);
}

/* What happened to a child; if the event has a rule, the child ended by itself. */
static const char *verb_of(const json_t *event)
{
	static const struct {
		const char *event, *verb;
	} verbs[] = {
		{ "started", "started" },
		{ "ignored", "did not want to run" },
		{ "done", "has done its work" },
		{ "start_failed", "failed to start" },
		{ "start_aborted", "killed before it was ready" },
		{ "removed", "forgotten" },
		{ "delayed", "waits before its restart" },
		{ "report", "gave up" },
		{ "halted", "all has ended" },
	};
	const char *name = st_words_text(event, "event");

	for (size_t i = 0; i < ST_ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].event, name))
			return verbs[i].verb;
	if (json_is_true(json_object_get(event, "killed")))
		return "killed";
	return json_object_get(event, "rule") ? "ended" : "stopped";
}

static enum st_color color_of(const char *verb)
{
	if (!strcmp(verb, "started") || !strcmp(verb, "has done its work"))
		return ST_COLOR_GREEN;
	return !strcmp(verb, "stopped") ? ST_COLOR_YELLOW : ST_COLOR_RED;
}

static void add_asked(const json_t *asked, struct st_buf *out)
{
	st_buf_add_text(out, "suptree ");
	st_buf_add_text(out, st_words_text(asked, "operation"));
	st_buf_add_text(out, " (pid ");
	st_buf_add_u64(out, st_words_number(asked, "pid"));
	st_buf_add_text(out, ", uid ");
	st_buf_add_u64(out, st_words_number(asked, "uid"));
	st_buf_add_char(out, ')');
}

static void show_sender(const char *indent, const json_t *event, const struct st_style *style,
			struct st_buf *out)
{
	const json_t *sender = json_object_get(event, "sender");
	const json_t *asked = json_object_get(sender, "asked_by");
	struct st_buf text = ST_BUF_INIT;

	if (!sender)
		return;
	if (json_is_string(sender)) {
		st_buf_add_text(&text, json_string_value(sender));
	} else {
		st_buf_add_text(&text, st_words_text(sender, "name"));
		st_buf_add_text(&text, " (pid ");
		st_buf_add_u64(&text, st_words_number(sender, "pid"));
		st_buf_add_text(&text, ", uid ");
		st_buf_add_u64(&text, st_words_number(sender, "uid"));
		st_buf_add_char(&text, ')');
	}
	if (asked) {
		st_buf_add_text(&text, ", for ");
		add_asked(asked, &text);
	}
	st_buf_add_text(out, indent);
	st_buf_add_text(out, "sent by ");
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_rule(const json_t *rule, const struct st_style *style, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_char(&text, '[');
	st_buf_add_text(&text, st_words_text(rule, "rule"));
	st_buf_add_char(&text, ']');
	st_buf_add_text(out, INDENT);
	st_style_add(style, ST_COLOR_CYAN, st_buf_text(&text), out);
	st_buf_add_char(out, ' ');
	st_buf_reset(&text);
	if (*st_words_text(rule, "sup")) {
		st_buf_add_text(&text, st_words_text(rule, "sup"));
		st_buf_add_text(&text, ": ");
	}
	st_buf_add_text(&text, st_words_text(rule, "text"));
	if (st_words_number(rule, "restarts")) {
		st_buf_add_text(&text, " (restart ");
		st_buf_add_u64(&text, st_words_number(rule, "restarts"));
		st_buf_add_text(&text, " within ");
		st_buf_add_u64(&text, st_words_number(rule, "period"));
		st_buf_add_text(&text, "s, ");
		st_buf_add_u64(&text, st_words_number(rule, "intensity"));
		st_buf_add_text(&text, " allowed)");
	}
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_event(const json_t *event, uint64_t begin_ns, const struct st_style *style,
		       struct st_buf *out)
{
	const char *verb = verb_of(event);
	bool is_report = !strcmp(st_words_text(event, "event"), "report");
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_char(&text, '+');
	add_time(st_words_number(event, "time_ns") - begin_ns, &text);
	for (size_t len = st_style_width(st_buf_text(&text)); len < sizeof(INDENT) - 4; len++)
		st_buf_add_char(out, ' ');
	st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
	st_buf_add_text(out, "   ");
	st_style_add(style, ST_COLOR_BOLD, st_words_text(event, is_report ? "sup" : "path"), out);
	st_buf_add_text(out, "  ");
	st_style_add(style, color_of(verb), verb, out);
	st_buf_reset(&text);
	if (!is_report)
		add_details(event, &text);
	st_buf_add_text(out, text.len ? ": " : "");
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_steps(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *steps = json_object_get(why, "steps");
	uint64_t begin_ns = 0;
	size_t index;
	json_t *step;

	st_buf_add_char(out, '\n');
	json_array_foreach(steps, index, step) {
		if (json_object_get(step, "text")) {
			show_rule(step, style, out);
			continue;
		}
		if (!begin_ns)
			begin_ns = st_words_number(step, "time_ns");
		show_event(step, begin_ns, style, out);
	}
	if (!st_words_number(why, "left_out"))
		return;
	st_buf_add_text(out, INDENT "and ");
	st_buf_add_u64(out, st_words_number(why, "left_out"));
	st_buf_add_text(out, " more steps: --limit\n");
}

/* "stopped 18:23:05.124: SIGTERM, pid 4712, ran 4m 3s" */
static void show_end(const char *label, const json_t *end, const struct st_style *style,
		     struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_style_add(style, ST_COLOR_NONE, label, out);
	st_style_add(style, color_of(verb_of(end)), verb_of(end), out);
	st_words_clock(st_words_text(end, "wall"), &text);
	st_buf_add_char(out, ' ');
	st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
	st_buf_reset(&text);
	add_details(end, &text);
	add_number("generation ", end, "generation", &text);
	st_buf_add_text(out, ": ");
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
	show_sender("  ", end, style, out);
}

static void show_never(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *below = json_object_get(why, "below");
	struct st_buf text = ST_BUF_INIT;

	if (st_words_number(why, "events_from") > 1) {
		st_buf_add_text(out, "it has not ended since event ");
		st_buf_add_u64(out, st_words_number(why, "events_from"));
		st_buf_add_text(out, ", the oldest that is kept\n");
	} else {
		st_buf_add_text(out, "it has not ended since the daemon was started\n");
	}
	if (!below)
		return;
	st_buf_add_text(&text, "the last end below it: ");
	st_buf_add_text(&text, st_words_text(below, "path"));
	st_buf_add_char(&text, ' ');
	show_end(st_buf_text(&text), below, style, out);
	st_buf_done(&text);
}

/* "site/web wrote last:" and the lines */
static void show_output(const json_t *why, const char *key, const char *path,
			const struct st_style *style, struct st_buf *out)
{
	const struct st_cli cli = { .style = *style };
	const json_t *lines = json_object_get(why, key), *line;
	size_t index;

	if (!json_array_size(lines))
		return;
	st_buf_add_char(out, '\n');
	st_style_add(style, ST_COLOR_BOLD, path, out);
	st_buf_add_text(out, "  wrote last:\n");
	json_array_foreach(lines, index, line) {
		st_buf_add_text(out, INDENT);
		st_show_output(line, &cli, out);
	}
}

/* ---- why it runs ---- */

static void add_many(uint64_t nr, const char *one, const char *many, struct st_buf *out)
{
	st_buf_add_u64(out, nr);
	st_buf_add_text(out, nr == 1 ? one : many);
}

/* "started 18:23:05.124: pid 4712, took 3.1ms; up 4m 3s, 2 restarts" */
static void show_start(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *started = json_object_get(why, "started");
	struct st_buf text = ST_BUF_INIT;

	if (started) {
		st_buf_add_text(out, "started ");
		st_words_clock(st_words_text(started, "wall"), &text);
		st_style_add(style, ST_COLOR_DIM, st_buf_text(&text), out);
		st_buf_reset(&text);
		add_ns("took ", started, "took_ns", &text);
		begin_part(&text);
	}
	st_buf_add_text(&text, "up ");
	st_words_duration(st_words_number(why, "uptime_ms"), &text);
	st_buf_add_text(&text, ", ");
	add_many(st_words_number(why, "restarts"), " restart", " restarts", &text);
	add_number("generation ", why, "generation", &text);
	st_buf_add_text(out, started ? ": " : "");
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_starter(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *started = json_object_get(why, "started");
	const json_t *because = json_object_get(why, "because");
	const json_t *asked = json_object_get(started, "asked_by");
	struct st_buf text = ST_BUF_INIT;

	if (!started) {
		st_buf_add_text(out, "its start is too old: the event is no longer kept\n");
		return;
	}
	if (asked) {
		st_buf_add_text(&text, "asked for by ");
		add_asked(asked, &text);
	} else if (!json_object_get(why, "rule")) {
		st_buf_add_text(&text, "it was started with its supervisor");
	}
	st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
	st_buf_add_text(out, text.len ? "\n" : "");
	st_buf_reset(&text);
	if (because) {
		st_buf_add_text(&text, "because of ");
		st_buf_add_text(&text, st_words_text(because, "path"));
		st_buf_add_char(&text, ' ');
		show_end(st_buf_text(&text), because, style, out);
	}
	st_buf_done(&text);
	if (json_object_get(why, "rule")) {
		json_t *rule = json_pack("{s:O, s:O}", "rule", json_object_get(why, "rule"), "text",
					 json_object_get(why, "rule_text"));

		show_rule(rule, style, out);
		json_decref(rule);
	}
}

static void show_port(const json_t *port, const struct st_style *style, struct st_buf *out)
{
	const char *address = st_words_text(port, "address");
	bool has_port = json_object_get(port, "port");
	bool is_ip6 = has_port && strchr(address, ':');
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, is_ip6 ? "[" : "");
	st_buf_add_text(&text, address);
	st_buf_add_text(&text, is_ip6 ? "]" : "");
	if (has_port) {
		st_buf_add_char(&text, ':');
		st_buf_add_u64(&text, st_words_number(port, "port"));
	}
	st_buf_add_text(out, "  listens ");
	st_style_add(style, ST_COLOR_CYAN, st_words_text(port, "protocol"), out);
	st_buf_add_char(out, ' ');
	st_style_add(style, ST_COLOR_BOLD, st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

static void show_file(const json_t *file, const struct st_style *style, struct st_buf *out)
{
	bool reads = json_is_true(json_object_get(file, "reads"));
	bool writes = json_is_true(json_object_get(file, "writes"));

	st_buf_add_text(out, "  file    ");
	st_style_add(style, ST_COLOR_NONE, st_words_text(file, "path"), out);
	st_style_add(style, ST_COLOR_DIM,
		     reads && writes ? "  reads, writes" :
		     writes	     ? "  writes" :
				       "  reads",
		     out);
	st_buf_add_char(out, '\n');
}

static void show_holds(const json_t *holds, const struct st_style *style, struct st_buf *out)
{
	const json_t *ports = json_object_get(holds, "ports"), *port;
	const json_t *files = json_object_get(holds, "files"), *file;
	size_t index;

	st_buf_add_text(out, "\nit holds\n");
	json_array_foreach(ports, index, port)
		show_port(port, style, out);
	json_array_foreach(files, index, file)
		show_file(file, style, out);
	st_buf_add_text(out, "  and ");
	add_many(st_words_number(holds, "sockets"), " socket, ", " sockets, ", out);
	add_many(st_words_number(holds, "pipes"), " end of a pipe, ", " ends of pipes, ", out);
	add_many(st_words_number(holds, "others"), " other\n", " others\n", out);
	if (st_words_number(holds, "left_out")) {
		st_buf_add_text(out, "  ");
		st_buf_add_u64(out, st_words_number(holds, "left_out"));
		st_buf_add_text(out, " more are not shown\n");
	}
	if (json_is_true(json_object_get(holds, "gone")))
		st_buf_add_text(out, "it has ended meanwhile, so this may not be all\n");
}

static void show_running(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *holds = json_object_get(why, "holds");
	const char *unknown = st_words_text(holds, "unknown");

	show_start(why, style, out);
	show_starter(why, style, out);
	if (*unknown) {
		st_buf_add_text(out, "what it holds is not known: ");
		st_style_add(style, ST_COLOR_NONE, unknown, out);
		st_buf_add_char(out, '\n');
	} else if (holds) {
		show_holds(holds, style, out);
	}
}

void st_show_why(const json_t *why, const struct st_style *style, struct st_buf *out)
{
	const json_t *root = json_object_get(why, "root");
	const json_t *asked = json_object_get(why, "asked_by");
	struct st_buf text = ST_BUF_INIT;

	st_style_add(style, ST_COLOR_BOLD, st_words_text(why, "path"), out);
	st_buf_add_text(out, "  now ");
	st_style_add_state(style, st_words_text(why, "state"), out);
	if (st_words_number(why, "pid")) {
		st_buf_add_text(out, ", pid ");
		st_buf_add_u64(out, st_words_number(why, "pid"));
	}
	st_buf_add_char(out, '\n');
	if (json_is_true(json_object_get(why, "running"))) {
		show_running(why, style, out);
		return;
	}
	if (!json_is_true(json_object_get(why, "ended"))) {
		show_never(why, style, out);
		return;
	}
	show_end("", json_object_get(why, "end"), style, out);
	if (root) {
		st_buf_add_text(&text, "because of ");
		st_buf_add_text(&text, st_words_text(root, "path"));
		st_buf_add_char(&text, ' ');
		show_end(st_buf_text(&text), root, style, out);
		st_buf_reset(&text);
	}
	if (asked) {
		st_buf_add_text(out, "asked for by ");
		add_asked(asked, &text);
		st_style_add(style, ST_COLOR_NONE, st_buf_text(&text), out);
		st_buf_add_char(out, '\n');
	}
	st_buf_done(&text);
	show_steps(why, style, out);
	show_output(why, "root_output", st_words_text(root, "path"), style, out);
	show_output(why, "output", st_words_text(why, "path"), style, out);
}
