// SPDX-License-Identifier: GPL-2.0-only
/*
 * The question before what ends something; see confirm.h. All of it goes to standard error:
 * standard output is for the result.
 */
#include "cli/confirm.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define SHOWN_STEPS 20

static bool is_yes(void)
{
	char *line = NULL;
	size_t size = 0;
	bool is_yes = getline(&line, &size, stdin) > 0 && tolower((unsigned char)*line) == 'y';

	free(line);
	return is_yes;
}

static bool is_asked(enum st_operation operation, const json_t *params)
{
	switch ((int)operation) {
	case ST_OPERATION_STOP:
	case ST_OPERATION_KILL:
	case ST_OPERATION_RESTART:
	case ST_OPERATION_TERMINATE_CHILD:
	case ST_OPERATION_DELETE_CHILD:
	case ST_OPERATION_STOP_SUPERVISOR:
	case ST_OPERATION_UNLOAD:
		return true;
	case ST_OPERATION_RELOAD:
		return !json_is_true(json_object_get(params, "dry_run"));
	default:
		return false;
	}
}

/* The parameters of blast; NULL: it cannot be found what would happen. */
static json_t *blast_of(enum st_operation operation, const json_t *params)
{
	static const char *const same[] = { "signal", "start_new", "prune" };
	bool is_whole = operation == ST_OPERATION_STOP || operation == ST_OPERATION_RELOAD;
	json_t *path = json_object_get(params, "path"), *blast;

	if ((!is_whole && !path) || json_object_get(params, "pid") ||
	    json_object_get(params, "generation"))
		return NULL;
	blast = json_pack("{s:s, s:i}", "verb", st_operations[operation].verb, "limit",
			  SHOWN_STEPS);
	(void)json_object_set_new(blast, "path", is_whole ? json_string("/") : json_incref(path));
	for (size_t i = 0; i < ST_ARRAY_SIZE(same); i++)
		if (json_object_get(params, same[i]))
			(void)json_object_set(blast, same[i], json_object_get(params, same[i]));
	return blast;
}

static void show(const struct st_cli *cli, const json_t *blast)
{
	struct st_style style = st_style_detect(cli->color, STDERR_FILENO);
	struct st_buf text = ST_BUF_INIT, shown = ST_BUF_INIT;

	st_show_blast(blast, &style, &text);
	st_style_add_output(&style, st_buf_text(&text), text.len, &shown);
	(void)fputs(st_buf_text(&shown), stderr);
	st_buf_done(&text);
	st_buf_done(&shown);
}

/* Return: as st_confirm(). */
static enum st_exit_code show_blast(const struct st_cli *cli, struct st_conn *conn,
				    enum st_operation operation, const json_t *params)
{
	json_t *blast = blast_of(operation, params), *result = NULL;
	struct st_cli asked = *cli;
	enum st_exit_code code;

	if (!blast)
		return ST_EXIT_OK;
	asked.verb = st_operations[operation].verb; /* for messages: nobody has asked for blast */
	code = st_call(&asked, conn, ST_OPERATION_BLAST, blast, &result);
	if (code == ST_EXIT_OK)
		show(cli, result);
	json_decref(blast);
	json_decref(result);
	return code;
}

static enum st_exit_code ask_stop(const struct st_cli *cli, struct st_conn *conn)
{
	json_t *nothing = json_object(), *status = NULL;
	enum st_exit_code code = st_call(cli, conn, ST_OPERATION_STATUS, nothing, &status);

	json_decref(nothing);
	if (code == ST_EXIT_OK)
		fprintf(stderr, "Stop all %llu processes and the daemon, pid %llu? [y/N] ",
			(unsigned long long)st_words_number(json_object_get(status, "counts"),
							    "processes"),
			(unsigned long long)st_words_number(status, "pid"));
	json_decref(status);
	return code;
}

enum st_exit_code st_confirm(const struct st_cli *cli, struct st_conn *conn,
			     enum st_operation operation, const json_t *params)
{
	enum st_exit_code code;

	if (cli->yes || !is_asked(operation, params) || !isatty(STDIN_FILENO) ||
	    !isatty(STDERR_FILENO))
		return ST_EXIT_OK;
	code = show_blast(cli, conn, operation, params);
	if (code == ST_EXIT_OK && operation == ST_OPERATION_STOP)
		code = ask_stop(cli, conn);
	else if (code == ST_EXIT_OK)
		fprintf(stderr, "Do it? [y/N] ");
	if (code != ST_EXIT_OK || is_yes())
		return code;
	st_say_wrong("%s: nothing was %s", st_operations[operation].verb,
		     operation == ST_OPERATION_STOP ? "stopped" : "done");
	return ST_EXIT_FAILED;
}
