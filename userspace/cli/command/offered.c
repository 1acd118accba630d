// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verbs that the daemon knows; see offered.h.
 */
#include "cli/command/offered.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/show/words.h"

#define PATIENCE_MS 2000 /* of a command that waits for something else */
#define MAX_ANSWERS 10 /* no user reads more */

void st_offered_free(struct st_offered *offered)
{
	if (!offered)
		return;
	st_offer_free(offered->offer);
	json_decref(offered->listed);
	st_free(offered);
}

bool st_offered_is(const char *word)
{
	return !strncmp(word, ST_OFFER_PREFIX, strlen(ST_OFFER_PREFIX));
}

/* One answer; @asked: taken. NULL: there is none. */
static json_t *ask(const struct st_cli *cli, struct st_conn *conn, json_t *asked)
{
	int timeout_ms = cli->timeout_ms >= 0 ? cli->timeout_ms : PATIENCE_MS;
	struct st_conn_failure failure = { .error = NULL };
	json_t *rows = NULL;

	if (!asked || st_conn_call(conn, st_operations[ST_OPERATION_OFFERED].name, asked,
				   timeout_ms, &rows, &failure))
		json_decref(failure.error);
	json_decref(asked);
	return rows;
}

/* Continue after the last row, as long as the daemon has more than fits into an answer. */
static void ask_for_more(const struct st_cli *cli, struct st_conn *conn, json_t *rows)
{
	size_t nr = json_array_size(rows);

	for (int i = 1; i < MAX_ANSWERS && nr == ST_OFFER_MAX_LISTED; i++) {
		const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
		json_t *more =
			ask(cli, conn, json_pack("{s:O}", "since", json_object_get(last, "seq")));

		nr = json_array_size(more);
		(void)json_array_extend(rows, more); /* a list that is too short is one */
		json_decref(more);
	}
}

json_t *st_offered_list(const struct st_cli *cli, const char *name)
{
	struct st_buf socket = ST_BUF_INIT;
	struct st_conn *conn = NULL;
	json_t *rows = NULL;

	if (!st_conn_socket_path(cli->socket, &socket) &&
	    !st_conn_open(st_buf_text(&socket), &conn))
		rows = ask(cli, conn, name ? json_pack("{s:s}", "path", name) : json_object());
	if (!name)
		ask_for_more(cli, conn, rows);
	st_conn_close(conn);
	st_buf_done(&socket);
	return rows;
}

/* Make a verb of the row that is called so. Return: 0; -ENOENT; -EINVAL; -ENOMEM. */
static int pick(const json_t *rows, const char *method, struct st_verb *ret_verb)
{
	const char *op = st_offer_op(method);
	struct st_rpc_error error;
	struct st_offered *offered;
	json_t *row = NULL;
	size_t index;
	int ret;

	json_array_foreach(rows, index, row) {
		const char *listed = st_words_text(row, "name");

		if (st_offer_name_len(listed) && !strcmp(st_offer_op(listed), op))
			break;
	}
	if (index == json_array_size(rows))
		return -ENOENT;
	offered = st_alloc(sizeof(*offered));
	if (!offered)
		return -ENOMEM;
	ret = st_offer_read(row, ST_OFFER_FROM_LISTING, &offered->offer, &error);
	if (ret) {
		st_offered_free(offered);
		return ret;
	}
	offered->listed = json_incref(row);
	offered->offer->row.name = offered->offer->row.verb = st_words_text(row, "name");
	offered->offer->row.example = st_words_text(row, "example");
	*ret_verb = (struct st_verb){
		.name = offered->offer->row.verb,
		.summary = offered->offer->row.summary,
		.example = offered->offer->row.example,
		.params = offered->offer->params,
		.operation = &offered->offer->row,
		.local = ST_VERB__MAX,
		.offered = offered,
	};
	return 0;
}

/* NAME of x.NAME.OP, as the parameter of the operation offered. NULL: it has none. */
static json_t *name_of(const char *method)
{
	size_t len = st_offer_name_len(method);

	return len ? json_stringn(method + strlen(ST_OFFER_PREFIX), len) : NULL;
}

int st_offered_look(const struct st_cli *cli, const char *method, struct st_verb *ret_verb)
{
	json_t *name = name_of(method);
	json_t *rows = name ? st_offered_list(cli, json_string_value(name)) : NULL;
	int ret = pick(rows, method, ret_verb);

	json_decref(rows);
	json_decref(name);
	return ret ? -ENOENT : 0;
}

/* The one that a mistyped one may have meant. */
static void hint(const struct st_cli *cli, const char *method)
{
	json_t *rows = st_offered_list(cli, NULL);
	size_t nr = json_array_size(rows), index;
	const char **names = st_alloc_array(nr + 1, sizeof(*names));
	const char *meant = NULL;
	json_t *row;

	json_array_foreach(rows, index, row)
		if (names)
			names[index] = st_words_text(row, "name");
	if (names)
		meant = st_text_nearest(method, names, nr);
	if (meant && strcmp(meant, method))
		st_say_more("did you mean %s?", meant);
	st_free(names);
	json_decref(rows);
}

enum st_exit_code st_offered_find(const struct st_cli *cli, const char *method,
				  struct st_verb *ret_verb)
{
	json_t *name = name_of(method), *asked = NULL, *rows = NULL;
	struct st_conn *conn = NULL;
	enum st_exit_code code;
	int ret;

	if (!name) {
		st_say_wrong(
			"unknown verb \"%s\"; operations of processes are named x.NAME.OPERATION",
			method);
		hint(cli, method);
		return ST_EXIT_USAGE;
	}
	asked = json_pack("{s:o}", "path", name);
	code = st_call_open(cli, &conn);
	if (code == ST_EXIT_OK)
		code = st_call(cli, conn, ST_OPERATION_OFFERED, asked, &rows);
	if (code == ST_EXIT_OK) {
		ret = pick(rows, method, ret_verb);
		if (ret) {
			st_say_wrong("%s: %s", method,
				     ret == -ENOENT ? "the process offers no such operation" :
						      strerror(-ret));
			code = ST_EXIT_USAGE;
		}
	}
	if (code == ST_EXIT_USAGE || code == ST_EXIT_NOT_FOUND)
		hint(cli, method);
	json_decref(rows);
	json_decref(asked);
	st_conn_close(conn);
	return code;
}
