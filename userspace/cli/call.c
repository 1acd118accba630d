// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls and their failures; see call.h.
 */
#include "cli/call.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define UNREACHABLE_CODE -32000 /* of JSON-RPC's range for servers; no daemon answers so */
#define GRACE_MS 10000 /* given to the daemon beyond the time it was given itself */

/* What a program that reads JSON is told at the end. */
static struct {
	char *reason; /* of the first st_say_wrong(); NULL: none */
	bool is_shown; /* as the daemon's error */
} failure;

/* A text of another program may be in it, so it is made fit for a terminal. */
static void __printf(1, 0) say_line(const char *format, va_list args)
{
	const struct st_style style = st_style_detect("never", STDERR_FILENO);
	struct st_buf fit = ST_BUF_INIT;
	char *text;
	int len = vasprintf(&text, format, args);

	(void)fflush(stdout); /* earlier output must come before it */
	st_buf_add_text(&fit, "suptree: ");
	if (len >= 0)
		st_style_add_lines(&style, text, (size_t)len, &fit);
	if (len < 0 || st_buf_error(&fit))
		fputs("suptree: out of memory\n", stderr);
	else
		fprintf(stderr, "%s\n", st_buf_text(&fit));
	if (len >= 0)
		free(text);
	st_buf_done(&fit);
}

/* Write all of a text, on a terminal as st_style_add_output() allows. */
static int write_out(const struct st_buf *text)
{
	const struct st_style style = st_style_detect("never", STDOUT_FILENO);
	struct st_buf fit = ST_BUF_INIT;
	int ret;

	if (style.is_terminal)
		st_style_add_output(&style, st_buf_text(text), text->len, &fit);
	else
		st_buf_add(&fit, st_buf_text(text), text->len);
	ret = st_buf_error(&fit);
	if (!ret && (fwrite(st_buf_text(&fit), 1, fit.len, stdout) != fit.len || fflush(stdout)))
		ret = -errno;
	st_buf_done(&fit);
	return ret;
}

void st_say_wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(format, args);
	va_end(args);
	va_start(args, format);
	if (!failure.reason && vasprintf(&failure.reason, format, args) < 0)
		failure.reason = NULL;
	va_end(args);
}

void st_say_more(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(format, args);
	va_end(args);
}

static bool wants_json(const struct st_cli *cli)
{
	return cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
}

/* The kind of error that has an exit code. */
static enum st_error kind_of(int code)
{
	switch (code) {
	case ST_EXIT_USAGE:
		return ST_ERROR_INVALID_PARAMS;
	case ST_EXIT_NOT_FOUND:
		return ST_ERROR_NOT_FOUND;
	case ST_EXIT_REFUSED:
		return ST_ERROR_REFUSED;
	case ST_EXIT_TIMEOUT:
		return ST_ERROR_TIMEOUT;
	case ST_EXIT_CONFLICT:
		return ST_ERROR_CONFLICT;
	default:
		return ST_ERROR_FAILED;
	}
}

void st_say_failure(const struct st_cli *cli, int code)
{
	const struct st_error_row *kind = &st_errors[kind_of(code)];
	bool is_unreachable = code == ST_EXIT_UNREACHABLE;
	struct st_buf document = ST_BUF_INIT;
	json_t *object;

	if (code == ST_EXIT_OK || code == ST_EXIT_FINDINGS || !failure.reason || failure.is_shown ||
	    !wants_json(cli))
		return;
	object = json_pack("{s:{s:i, s:s, s:{s:s}}}", "error", "code",
			   is_unreachable ? UNREACHABLE_CODE : kind->code, "message",
			   failure.reason, "data", "kind",
			   is_unreachable ? "unreachable" : kind->kind);
	if (object) /* one line: it may come after the lines of a stream */
		st_show_json(object, ST_FORMAT_JSONL, &document);
	json_decref(object);
	(void)st_say(&document); /* it failed already */
}

enum st_exit_code st_say(struct st_buf *text)
{
	int ret = st_buf_error(text);

	if (!ret)
		ret = write_out(text);
	st_buf_done(text);
	if (!ret)
		return ST_EXIT_OK;
	st_say_wrong("write to standard output: %s", strerror(-ret));
	return ST_EXIT_FAILED;
}

enum st_exit_code st_call_open(const struct st_cli *cli, struct st_conn **ret_conn)
{
	struct st_conn *conn = NULL;
	struct st_buf path = ST_BUF_INIT;
	int ret = st_conn_socket_path(cli->socket, &path);

	if (!ret)
		ret = st_conn_open(st_buf_text(&path), &conn);
	st_buf_done(&path);
	if (!ret) {
		*ret_conn = conn;
		return ST_EXIT_OK;
	}
	if (ret == -EACCES || ret == -EPERM)
		st_say_wrong("%s (are you in one of the groups suptree-viewer, suptree-operator, "
			     "suptree-admin?)",
			     st_conn_error(conn));
	else
		st_say_wrong("%s (is suptreed running? --socket or SUPTREE_SOCKET selects another "
			     "socket)",
			     st_conn_error(conn));
	st_conn_close(conn);
	return ret == -EACCES || ret == -EPERM ? ST_EXIT_REFUSED : ST_EXIT_UNREACHABLE;
}

enum st_exit_code st_call_lost(const struct st_conn *conn, int ret)
{
	st_say_wrong("%s", st_conn_error(conn));
	if (ret == -ETIMEDOUT)
		return ST_EXIT_TIMEOUT;
	return ret == -ENOMEM || ret == -EPROTO ? ST_EXIT_FAILED : ST_EXIT_UNREACHABLE;
}

/* The path that a mistyped one may have meant, of those that exist. */
static void hint_path(struct st_conn *conn, const char *path)
{
	struct st_conn_failure answer = { .error = NULL };
	json_t *rows = NULL;
	const char **paths;
	const char *meant;
	size_t index;
	json_t *row;

	if (st_conn_call(conn, "ps", NULL, GRACE_MS, &rows, &answer)) {
		json_decref(answer.error);
		return;
	}
	paths = st_alloc_array(json_array_size(rows) + 1, sizeof(*paths));
	if (paths) {
		json_array_foreach(rows, index, row)
			paths[index] = st_words_text(row, "path");
		meant = st_text_nearest(path, paths, json_array_size(rows));
		if (meant && strcmp(meant, path))
			st_say_more("did you mean %s?", meant);
	}
	st_free(paths);
	json_decref(rows);
}

/* What follows the name of the operation in a message; NULL: the message does not begin with it. */
static const char *after_operation(const char *message, enum st_operation operation)
{
	const char *name = st_operations[operation].name;

	for (; *name && *message == (*name == '_' ? '-' : *name); name++)
		message++;
	return !*name && (*message == ' ' || *message == ':') ? message : NULL;
}

/* The daemon names the operation that failed. The user has typed a verb, which may be another. */
static void write_message(const struct st_cli *cli, enum st_operation operation,
			  const char *message, struct st_buf *out)
{
	const char *rest = cli->verb ? after_operation(message, operation) : NULL;
	size_t len = strlen(rest ? rest : message);

	if (rest)
		st_buf_add_text(out, cli->verb);
	else
		rest = message;
	/* a configuration's mistakes are lines, the last one too */
	while (len && rest[len - 1] == '\n')
		len--;
	st_buf_add(out, rest, len);
}

static enum st_exit_code say_failure(const struct st_cli *cli, struct st_conn *conn,
				     enum st_operation operation, const json_t *params,
				     const struct st_conn_failure *answer)
{
	const char *path = st_words_text(params, "path");
	struct st_buf document = ST_BUF_INIT, message = ST_BUF_INIT;

	write_message(cli, operation, st_conn_error(conn), &message);
	st_say_wrong("%s", st_buf_error(&message) ? st_conn_error(conn) : st_buf_text(&message));
	if (answer->kind == ST_ERROR_NOT_FOUND && *path)
		hint_path(conn, path);
	if (wants_json(cli)) {
		json_t *object = json_pack("{s:O}", "error", answer->error);

		if (cli->verb && message.len) /* without memory it is the daemon's */
			(void)json_object_set_new(answer->error, "message",
						  json_string(st_buf_text(&message)));
		failure.is_shown = true;
		st_show_json(object, cli->format, &document);
		json_decref(object);
		(void)st_say(&document); /* it failed already */
	}
	st_buf_done(&message);
	if (answer->kind == ST_ERROR_INVALID_SPEC && operation == ST_OPERATION_CHECK_CHILDSPECS)
		return ST_EXIT_FINDINGS;
	return answer->kind < 0 ? ST_EXIT_FAILED : st_errors[answer->kind].exit_code;
}

/* An operation that has a timeout itself gets that, and a little more. */
static int timeout_of(const struct st_cli *cli, const json_t *params)
{
	const json_t *timeout = json_object_get(params, "timeout_ms");

	if (!json_is_integer(timeout))
		return cli->timeout_ms;
	if (json_integer_value(timeout) > INT_MAX - GRACE_MS)
		return ST_CONN_NO_TIMEOUT;
	return (int)json_integer_value(timeout) + GRACE_MS;
}

static enum st_exit_code call(const struct st_cli *cli, struct st_conn *conn,
			      enum st_operation operation, const char *method, const json_t *params,
			      json_t **ret_result)
{
	struct st_conn_failure answer = { .error = NULL };
	enum st_exit_code code;
	int ret = st_conn_call(conn, method, params, timeout_of(cli, params), ret_result, &answer);

	if (!ret)
		return ST_EXIT_OK;
	if (ret != -EREMOTEIO)
		return st_call_lost(conn, ret);
	code = say_failure(cli, conn, operation, params, &answer);
	json_decref(answer.error);
	return code;
}

enum st_exit_code st_call(const struct st_cli *cli, struct st_conn *conn,
			  enum st_operation operation, const json_t *params, json_t **ret_result)
{
	return call(cli, conn, operation, st_operations[operation].name, params, ret_result);
}

enum st_exit_code st_call_offered(const struct st_cli *cli, struct st_conn *conn,
				  const char *method, const json_t *params, json_t **ret_result)
{
	return call(cli, conn, ST_OPERATION_INVOKE, method, params, ret_result);
}
