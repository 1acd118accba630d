// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree: the command line of suptreed.
 *
 * It reads the command line with the operations table (args.c), asks the daemon (call.c)
 * and shows the answer (show.c). Without a verb it reads command lines, from a terminal
 * (console.c) or from elsewhere (script.c). It decides nothing about supervision and
 * keeps no state.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/audit/audit.h"
#include "cli/call.h"
#include "cli/check/check.h"
#include "cli/confirm.h"
#include "cli/command/args.h"
#include "cli/command/help.h"
#include "cli/command/offered.h"
#include "cli/complete/complete.h"
#include "cli/console/console.h"
#include "cli/console/script.h"
#include "cli/demo.h"
#include "cli/follow.h"
#include "cli/import/import.h"
#include "cli/message.h"
#include "cli/pager.h"
#include "cli/show/show.h"
#include "cli/show/words.h"
#include "cli/trace/trace_export.h"
#include "cli/trace/trace_follow.h"
#include "cli/watch.h"
#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/version.h"

static bool wants_json(const struct st_cli *cli)
{
	return cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
}

/* The lines that were there already, in the form of those that follow. */
static void show_first_lines(const struct st_cli *cli, const json_t *params, json_t *result,
			     struct st_buf *text)
{
	json_t *lines = json_object_get(result, "lines");
	size_t index;
	json_t *line;

	json_array_foreach(lines, index, line) {
		json_t *message = json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", "output",
					    "params", json_copy(line));

		(void)json_object_set(json_object_get(message, "params"), "path",
				      json_object_get(params, "path"));
		st_show_notification(message, cli, text);
		json_decref(message);
	}
}

/* A forecast, or the last one of several, of what could not be done. */
static bool is_refused(const json_t *result)
{
	const json_t *forecasts = json_object_get(result, "forecasts");
	size_t nr = json_array_size(forecasts);

	return json_object_get(nr ? json_array_get(forecasts, nr - 1) : result, "refused");
}

static enum st_exit_code answer(const struct st_cli *cli, struct st_conn *conn,
				const struct st_command *command, json_t *result)
{
	enum st_operation operation = (enum st_operation)(command->verb.operation - st_operations);
	bool is_followed = operation == ST_OPERATION_SUBSCRIBE ||
			   json_is_true(json_object_get(command->params, "follow"));
	struct st_buf text = ST_BUF_INIT;
	enum st_exit_code code;

	if (operation == ST_OPERATION_MONITOR)
		return st_message_await_down(cli, conn);
	if (!is_followed)
		st_show_result(operation, result, cli, &text);
	else if (operation == ST_OPERATION_LOGS)
		show_first_lines(cli, command->params, result, &text);
	code = st_say(&text);
	if (code != ST_EXIT_OK)
		return code;
	if ((operation == ST_OPERATION_BLAST || operation == ST_OPERATION_WHATIF) &&
	    is_refused(result))
		return ST_EXIT_FAILED;
	return is_followed ? st_follow(cli, conn) : ST_EXIT_OK;
}

static enum st_exit_code run_operation(const struct st_cli *cli, const struct st_command *command)
{
	enum st_operation operation = (enum st_operation)(command->verb.operation - st_operations);
	struct st_conn *conn = NULL;
	json_t *result = NULL;
	enum st_exit_code code = st_call_open(cli, &conn);

	if (code == ST_EXIT_OK)
		code = st_confirm(cli, conn, operation, command->params);
	if (code != ST_EXIT_OK) {
		st_conn_close(conn);
		return code;
	}
	if (cli->watch) {
		code = st_watch(cli, conn, operation, command->params);
	} else if (cli->until_now) {
		code = st_follow_until_now(cli, conn, command->params);
	} else {
		code = st_call(cli, conn, operation, command->params, &result);
		if (code == ST_EXIT_OK)
			code = answer(cli, conn, command, result);
	}
	json_decref(result);
	st_conn_close(conn);
	return code;
}

static enum st_exit_code run_offered(const struct st_cli *cli, const struct st_command *command)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_conn *conn = NULL;
	json_t *result = NULL;
	enum st_exit_code code = st_call_open(cli, &conn);

	if (code == ST_EXIT_OK)
		code = st_call_offered(cli, conn, command->verb.name, command->params, &result);
	if (code == ST_EXIT_OK) {
		st_show_result(ST_OPERATION_INVOKE, result, cli, &text);
		code = st_say(&text);
	}
	json_decref(result);
	st_conn_close(conn);
	return code;
}

/* All operations with their parameters: the table, and what processes offer. */
static void write_all(const json_t *offered, struct st_buf *text)
{
	struct st_buf row = ST_BUF_INIT;
	struct st_json json;
	const json_t *operation;
	size_t index;

	st_json_init(&json, text);
	st_json_begin_array(&json);
	st_operations_write(&json);
	json_array_foreach(offered, index, operation) {
		st_buf_reset(&row);
		st_words_json(operation, &row);
		st_buf_add_buf(st_json_place(&json), &row);
	}
	st_json_end_array(&json);
	st_buf_add_char(text, '\n');
	text->failed |= row.failed;
	st_buf_done(&row);
}

/* The list includes the offered operations, if a daemon answers. */
static enum st_exit_code run_help_all(const struct st_cli *cli)
{
	json_t *offered = st_offered_list(cli, NULL);
	struct st_buf text = ST_BUF_INIT;

	if (wants_json(cli))
		write_all(offered, &text);
	else
		st_help_all(offered, &cli->style, &text);
	json_decref(offered);
	return st_page(cli, &text);
}

/* @verb: done afterwards */
static enum st_exit_code show_verb(const struct st_cli *cli, struct st_verb *verb)
{
	struct st_buf text = ST_BUF_INIT;

	if (wants_json(cli)) {
		st_help_row(verb, &text);
		st_buf_add_char(&text, '\n');
	} else {
		st_help_verb(verb, &cli->style, &text);
	}
	st_verb_done(verb);
	return st_page(cli, &text);
}

static enum st_exit_code run_help(const struct st_cli *cli, const char *name)
{
	struct st_buf hint = ST_BUF_INIT;
	enum st_exit_code code;
	struct st_verb verb;

	if (!*name)
		return run_help_all(cli);
	if (st_offered_is(name)) {
		code = st_offered_find(cli, name, &verb);
		return code == ST_EXIT_OK ? show_verb(cli, &verb) : code;
	}
	if (!st_verb_find(name, &verb))
		return show_verb(cli, &verb);
	st_verb_hint(name, &hint);
	st_say_wrong("help: unknown verb \"%s\"%s", name, st_buf_text(&hint));
	st_buf_done(&hint);
	return ST_EXIT_USAGE;
}

static enum st_exit_code run_local(const struct st_cli *cli, const struct st_command *command)
{
	switch (command->verb.local) {
	case ST_VERB_CALL:
		return st_message_call(cli, command->params);
	case ST_VERB_CAST:
		return st_message_cast(cli, command->params);
	case ST_VERB_STATE:
		return st_message_state(cli, command->params);
	case ST_VERB_TRACE_FOLLOW:
		return st_trace_follow(cli, command->params);
	case ST_VERB_TRACE_SEQUENCE:
		return st_trace_sequence(cli, command->params);
	case ST_VERB_TRACE_EXPORT:
		return st_trace_export(cli, command->params);
	case ST_VERB_AUDIT:
		return st_audit(cli, command->params);
	case ST_VERB_CHECK:
		return st_check(cli, command->params);
	case ST_VERB_IMPORT:
		return st_import(cli, command->params);
	case ST_VERB_DEMO:
		return st_demo(cli, command->params);
	case ST_VERB_HELP:
		return run_help(cli, st_words_text(command->params, "verb"));
	case ST_VERB_COMPLETION:
		return st_complete(cli, command->params);
	case ST_VERB__MAX:
		break;
	}
	return ST_EXIT_USAGE;
}

static enum st_exit_code say_version(void)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, "suptree " ST_VERSION "\n");
	return st_say(&text);
}

/* One line, as a server would send it. */
static enum st_exit_code print_openapi(void)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_openapi_write(&json);
	st_buf_add_char(&text, '\n');
	return st_say(&text);
}

static int run(const struct st_cli *cli, const struct st_command *command)
{
	if (cli->wants_version)
		return say_version();
	if (cli->wants_help)
		return run_help(cli, command->verb.name ? command->verb.name : "");
	if (!command->verb.name)
		return isatty(STDIN_FILENO) ? st_console(cli) : st_script(cli);
	if (cli->wants_openapi)
		return print_openapi();
	if (command->verb.offered)
		return run_offered(cli, command);
	return command->verb.operation ? run_operation(cli, command) : run_local(cli, command);
}

/* What is wrong with a command line is printed as JSON if the line asks for that anywhere. */
static void look_for_json(char **words, struct st_cli *cli)
{
	for (; *words && strcmp(*words, "--"); words++) {
		if (!strcmp(*words, "--json"))
			cli->format = ST_FORMAT_JSON;
		else if (!strcmp(*words, "--jsonl"))
			cli->format = ST_FORMAT_JSONL;
	}
}

/*
 * Our parent may have left SIGCHLD ignored, which an exec keeps. Then Linux would reap the
 * programs that we start, and the end of a verb could not be learnt.
 */
static void hear_of_children(void)
{
	const struct sigaction action = { .sa_handler = SIG_DFL };

	(void)sigaction(SIGCHLD, &action, NULL); /* it cannot fail for this signal */
}

int main(int argc, char **argv)
{
	struct st_cli cli = { .timeout_ms = ST_CONN_NO_TIMEOUT };
	struct st_buf why = ST_BUF_INIT;
	struct st_command command;
	int code, ret;

	setlocale(LC_CTYPE, "");
	hear_of_children();
	ret = st_args_parse(argc, argv, &cli, &command, &why);
	cli.style = st_style_detect(cli.color, STDOUT_FILENO);
	if (ret)
		look_for_json(argv, &cli);
	if (!ret) {
		cli.verb = command.verb.operation ? NULL : command.verb.name;
		code = run(&cli, &command);
	} else if (ret == -ESRCH) {
		code = command.code;
	} else {
		st_say_wrong("%s", ret == -EINVAL ? st_buf_text(&why) : strerror(-ret));
		if (command.verb.name)
			st_say_more("try: suptree help %s", command.verb.name);
		code = ret == -EINVAL ? ST_EXIT_USAGE : ST_EXIT_FAILED;
	}
	st_say_failure(&cli, code);
	st_command_done(&command);
	st_buf_done(&why);
	return code;
}
