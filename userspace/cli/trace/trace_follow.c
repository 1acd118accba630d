// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following a trace; see trace_follow.h.
 */
#include "cli/trace/trace_follow.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/style.h"
#include "cli/show/trace_text.h"
#include "cli/show/words.h"
#include "cli/trace/trace_page.h"
#include "proto/traced.h"

#define VERB "trace-follow"
#define PAUSE_MS 100
#define PATIENCE_MS 60000 /* the kernel verifies the BPF programs: seconds on a slow CPU */
#define PAYLOAD 256 /* bytes of each message; the default */
#define KEEP 10000 /* messages: what may come while the terminal is slow */
#define LAST_LOOKS 10 /* after the end: a message waits for its other half for half a second */

struct follow {
	struct st_trace_reader reader;
	const json_t *params;
	bool is_own; /* the trace was begun here */
	uint64_t daemon_pid; /* the pid whose messages are left out; 0: none */
	int64_t offset_ns;
	uint64_t count; /* still to be shown; 0: no limit */
	bool is_done;
};

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

/* A second signal ends the program at once. poll(2) finds a reader that has ended. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND };

	(void)sigaction(SIGINT, &action, NULL); /* it cannot fail for these */
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static enum st_exit_code find_daemon(struct follow *follow)
{
	json_t *params = json_object(), *status = NULL;
	enum st_exit_code code = st_call(follow->reader.cli, follow->reader.conn,
					 ST_OPERATION_STATUS, params, &status);

	follow->daemon_pid = st_words_number(status, "pid");
	json_decref(params);
	json_decref(status);
	return code;
}

/* An existing trace: from now on, or from --since. */
static enum st_exit_code take_trace(struct follow *follow, const char *number)
{
	const json_t *since = json_object_get(follow->params, "since");
	enum st_exit_code code;

	follow->reader.id = strtoull(number, NULL, 10);
	if (json_object_get(follow->params, "kinds") ||
	    json_object_get(follow->params, "payload") ||
	    json_object_get(follow->params, "pattern")) {
		st_say_wrong(VERB " %s: an existing trace keeps its own kinds, payload and pattern",
			     number);
		return ST_EXIT_USAGE;
	}
	code = st_trace_look(&follow->reader);
	if (code == ST_EXIT_OK && follow->reader.is_gone) {
		st_say_wrong(VERB " %s: there is no trace with this number", number);
		return ST_EXIT_NOT_FOUND;
	}
	follow->reader.seq = since ? (uint64_t)json_integer_value(since) : follow->reader.newest;
	return code;
}

/* Return: what the trace is begun with; owned by the caller. */
static json_t *describe(const struct follow *follow)
{
	static const char *const handed_on[] = { "path", "pid", "kinds", "payload", "pattern" };
	json_t *params = json_pack("{s:i, s:i, s:b}", "payload", PAYLOAD, "keep", KEEP,
				   "include_system",
				   json_is_true(json_object_get(follow->params, "include_system")));

	for (size_t i = 0; i < ST_ARRAY_SIZE(handed_on); i++) {
		json_t *value = json_object_get(follow->params, handed_on[i]);

		if (value && json_object_set(params, handed_on[i], value)) {
			json_decref(params);
			return NULL;
		}
	}
	return params;
}

static void say_begun(const struct follow *follow, const json_t *row)
{
	const char *path = st_words_text(row, "path");

	if (*path)
		st_say_wrong(VERB ": trace %" PRIu64 " of %s; Ctrl-C ends it", follow->reader.id,
			     path);
	else
		st_say_wrong(VERB ": trace %" PRIu64 " of pid %" PRIu64 "; Ctrl-C ends it",
			     follow->reader.id, st_words_number(row, "pid"));
}

/*
 * Who did not ask for payloads gets them only if his role may see them. So try, and leave
 * them out if that is refused; st_call() prints any other failure.
 */
static bool try_with_payload(const struct follow *follow, json_t *params, json_t **ret_row)
{
	struct st_conn_failure failure = { .error = NULL };
	int ret = st_conn_call(follow->reader.conn, st_operations[ST_OPERATION_TRACE_START].name,
			       params, PATIENCE_MS, ret_row, &failure);

	if (!ret)
		return true;
	if (ret == -EREMOTEIO && failure.kind == ST_ERROR_REFUSED &&
	    !json_object_set_new(params, "payload", json_integer(0)))
		st_say_wrong(VERB ": your role may not see what messages contain");
	json_decref(failure.error);
	return false;
}

static enum st_exit_code begin_trace(struct follow *follow)
{
	json_t *params = describe(follow), *row = NULL;
	enum st_exit_code code = ST_EXIT_OK;

	if (json_object_get(follow->params, "payload") ||
	    json_object_get(follow->params, "pattern") || !try_with_payload(follow, params, &row))
		code = st_call(follow->reader.cli, follow->reader.conn, ST_OPERATION_TRACE_START,
			       params, &row);
	if (code == ST_EXIT_OK) {
		follow->is_own = true;
		follow->reader.id = st_words_number(row, "id");
		say_begun(follow, row);
	}
	json_decref(params);
	json_decref(row);
	return code;
}

static void end_trace(const struct follow *follow)
{
	json_t *params = json_pack("{s:I}", "id", (json_int_t)follow->reader.id), *result = NULL;

	(void)st_call(follow->reader.cli, follow->reader.conn, ST_OPERATION_TRACE_STOP, params,
		      &result); /* the error was printed */
	json_decref(params);
	json_decref(result);
}

/* Messages between the daemon and a child are not interesting. The daemon sends HELLO on
 * each connection before it passes the connection on, so its sender may be unknown. */
static bool is_wanted(const struct follow *follow, const json_t *record)
{
	return !follow->daemon_pid || strcmp(st_words_text(record, "kind"), "unix") != 0 ||
	       (st_trace_text_pid(record, ST_TRACE_FROM) != follow->daemon_pid &&
		st_trace_text_pid(record, ST_TRACE_TO) != follow->daemon_pid &&
		!st_trace_text_is_hello(record));
}

static void add_record(const struct follow *follow, const json_t *record, struct st_buf *out)
{
	struct st_buf line = ST_BUF_INIT;

	if (follow->reader.cli->format == ST_FORMAT_TEXT) {
		st_trace_text_line(record, follow->offset_ns, &line);
		st_style_add(&follow->reader.cli->style, ST_COLOR_NONE, st_buf_text(&line), out);
	} else {
		st_words_json(record, out);
	}
	st_buf_add_char(out, '\n');
	out->failed |= line.failed;
	st_buf_done(&line);
}

static enum st_exit_code show(struct follow *follow, const json_t *records)
{
	struct st_buf out = ST_BUF_INIT;
	const json_t *record;
	size_t index;

	json_array_foreach(records, index, record) {
		if (!is_wanted(follow, record) || follow->is_done)
			continue;
		add_record(follow, record, &out);
		follow->is_done = follow->count && !--follow->count;
	}
	return st_say(&out);
}

/* True: the reader has ended. */
static bool pause_reading(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, PAUSE_MS) > 0 && (out.revents & (POLLERR | POLLHUP));
}

/* Only its last messages: after the end some still wait for their other half. */
static bool has_ended(const struct follow *follow, unsigned int *nr_looks)
{
	if (!follow->reader.is_gone && !follow->reader.is_over)
		return false;
	return follow->reader.is_gone || ++*nr_looks > LAST_LOOKS;
}

static enum st_exit_code follow_trace(struct follow *follow)
{
	enum st_exit_code code = ST_EXIT_OK;
	unsigned int nr_looks = 0;

	while (code == ST_EXIT_OK && !follow->is_done && !is_interrupted) {
		json_t *records = NULL;

		code = st_trace_look(&follow->reader);
		if (code == ST_EXIT_OK && !follow->reader.is_gone)
			code = st_trace_next(&follow->reader, &records);
		if (code == ST_EXIT_OK && json_array_size(records)) {
			code = show(follow, records);
		} else if (code == ST_EXIT_OK && has_ended(follow, &nr_looks)) {
			st_say_wrong(VERB ": trace %" PRIu64 " is over", follow->reader.id);
			follow->is_done = true;
		} else if (code == ST_EXIT_OK) {
			follow->is_done = pause_reading();
		}
		json_decref(records);
	}
	return code;
}

enum st_exit_code st_trace_follow(const struct st_cli *cli, const json_t *params)
{
	const char *name = st_words_text(params, "path");
	struct follow follow = {
		.reader = { .cli = cli, .verb = VERB },
		.params = params,
		.offset_ns = st_traced_offset(),
		.count = st_words_number(params, "count"),
	};
	enum st_exit_code code = st_call_open(cli, &follow.reader.conn);

	if (code != ST_EXIT_OK)
		return code;
	catch_signals();
	if (!json_is_true(json_object_get(params, "include_system")))
		code = find_daemon(&follow);
	if (code == ST_EXIT_OK)
		code = is_number(name) ? take_trace(&follow, name) : begin_trace(&follow);
	if (code == ST_EXIT_OK)
		code = follow_trace(&follow);
	/* without a daemon or without the trace there is nothing to end */
	if (follow.is_own && !follow.reader.is_gone && code != ST_EXIT_UNREACHABLE)
		end_trace(&follow);
	st_conn_close(follow.reader.conn);
	return code;
}
