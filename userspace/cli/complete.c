// SPDX-License-Identifier: GPL-2.0-only
/*
 * What completion knows, whatever the shell; see complete.h.
 */
#include "cli/complete.h"

#include <signal.h>
#include <string.h>

#include "cli/call.h"
#include "cli/options.h"
#include "cli/show.h"
#include "cli/words.h"
#include "core/reason.h"

static void add_word(const char *word, struct st_buf *words)
{
	st_buf_add_text(words, words->len ? " " : "");
	st_buf_add_text(words, word);
}

static void add_signals(struct st_buf *words)
{
	for (int signo = 1; signo < SIGRTMIN; signo++)
		if (st_signal_name(signo))
			add_word(st_signal_name(signo), words);
}

bool st_complete_takes_value(const struct st_param *param)
{
	return st_param_types[param->type].form != ST_FORM_FLAG;
}

enum st_complete_kind st_complete_param(const struct st_verb *verb, const struct st_param *param,
					struct st_buf *words)
{
	int nr;
	const char *const *list = st_param_words(param->type, &nr);

	for (int i = 0; list && i < nr; i++)
		add_word(list[i], words);
	if (param->type == ST_PARAM_SIGNAL)
		add_signals(words);
	if (!verb->operation && verb->local == ST_VERB_COMPLETION)
		st_buf_add_text(words, "bash zsh fish");
	if (!verb->operation && verb->local == ST_VERB_HELP)
		for (unsigned int i = 0; i < ST_NR_VERBS; i++)
			add_word(st_verb_get(i).name, words);
	if (words->len)
		return ST_COMPLETE_WORDS;
	if (param->type == ST_PARAM_PATH)
		return ST_COMPLETE_PATHS;
	return param->type == ST_PARAM_FILE ? ST_COMPLETE_FILES : ST_COMPLETE_NONE;
}

enum st_complete_kind st_complete_option(unsigned int option, struct st_buf *words)
{
	if (option == ST_CLI_OPTION_SOCKET)
		return ST_COMPLETE_FILES;
	if (option == ST_CLI_OPTION_COLOR)
		st_buf_add_text(words, "auto always never");
	else if (option == ST_CLI_OPTION_FORMAT)
		st_buf_add_text(words, "text json dot mermaid");
	return words->len ? ST_COMPLETE_WORDS : ST_COMPLETE_NONE;
}

void st_complete_quote(const char *text, const char *escape, struct st_buf *out)
{
	st_buf_add_char(out, '\'');
	for (; *text; text++) {
		if (strchr(escape, *text))
			st_buf_add_char(out, '\\');
		if (*text == '\'')
			st_buf_add_text(out, "'\\''");
		else
			st_buf_add_char(out, *text);
	}
	st_buf_add_char(out, '\'');
}

/* Quietly: whoever completes does not want to read of a daemon that is not there. */
static enum st_exit_code list_paths(const struct st_cli *cli, struct st_buf *out)
{
	struct st_conn_failure failure = { .error = NULL };
	struct st_buf socket = ST_BUF_INIT;
	struct st_conn *conn = NULL;
	json_t *rows = NULL;
	size_t index;
	json_t *row;

	if (st_conn_socket_path(cli->socket, &socket) ||
	    st_conn_open(st_buf_text(&socket), &conn) ||
	    st_conn_call(conn, "ps", NULL, cli->timeout_ms, &rows, &failure)) {
		json_decref(failure.error);
		st_conn_close(conn);
		st_buf_done(&socket);
		return ST_EXIT_UNREACHABLE;
	}
	json_array_foreach(rows, index, row) {
		st_buf_add_text(out, st_words_text(row, "path"));
		st_buf_add_char(out, '\n');
	}
	json_decref(rows);
	st_conn_close(conn);
	st_buf_done(&socket);
	return ST_EXIT_OK;
}

static const struct {
	const char *shell;
	void (*write)(struct st_buf *out);
} shells[] = {
	{ "bash", st_complete_bash },
	{ "zsh", st_complete_zsh },
	{ "fish", st_complete_fish },
};

/* With --json the text is one string. */
static enum st_exit_code say(const struct st_cli *cli, struct st_buf *text)
{
	struct st_buf document = ST_BUF_INIT;

	if (cli->format == ST_FORMAT_TEXT)
		return st_say(text);
	st_buf_add_json_string(&document, st_buf_text(text), text->len);
	st_buf_add_char(&document, '\n');
	document.failed |= text->failed;
	st_buf_done(text);
	return st_say(&document);
}

enum st_exit_code st_complete(const struct st_cli *cli, const char *shell)
{
	struct st_buf text = ST_BUF_INIT;

	if (!strcmp(shell, "paths")) {
		enum st_exit_code code = list_paths(cli, &text);
		enum st_exit_code said = say(cli, &text);

		return code == ST_EXIT_OK ? said : code;
	}
	for (size_t i = 0; i < ST_ARRAY_SIZE(shells); i++) {
		if (!strcmp(shell, shells[i].shell)) {
			shells[i].write(&text);
			return say(cli, &text);
		}
	}
	st_say_wrong("completion: SHELL must be bash, zsh or fish, not \"%s\"", shell);
	return ST_EXIT_USAGE;
}
