// SPDX-License-Identifier: GPL-2.0-only
/*
 * The possible values: words of the tables, names that the daemon knows, files. It asks
 * the daemon without messages: a user who presses Tab does not want to read errors, or
 * to wait for a daemon that does not answer.
 */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/call.h"
#include "cli/complete/propose_internal.h"
#include "cli/show/words.h"
#include "core/reason.h"
#include "proto/condition.h"
#include "proto/path.h"

#define PATIENCE_MS 2000
#define MAX_ENDS 100 /* that are looked for in all paths */

/* The rows that an operation answers; NULL if it does not. */
static json_t *ask(const struct st_proposer *proposer, enum st_operation operation)
{
	int timeout_ms = proposer->cli->timeout_ms >= 0 ? proposer->cli->timeout_ms : PATIENCE_MS;
	struct st_conn_failure failure = { .error = NULL };
	struct st_buf socket = ST_BUF_INIT;
	struct st_conn *conn = NULL;
	json_t *rows = NULL;

	if (st_conn_socket_path(proposer->cli->socket, &socket) ||
	    st_conn_open(st_buf_text(&socket), &conn) ||
	    st_conn_call(conn, st_operations[operation].name, NULL, timeout_ms, &rows, &failure))
		json_decref(failure.error);
	st_conn_close(conn);
	st_buf_done(&socket);
	return rows;
}

/* Whether a row is a supervisor. */
static bool is_sup(const json_t *row)
{
	return !strcmp(st_words_text(row, "type"), "supervisor");
}

/* @tail: what follows the path in the word: "/", "=", or "" */
static void propose_row(struct st_proposer *proposer, const json_t *row, const char *tail)
{
	const char *path = st_words_text(row, "path");
	bool is_absolute = proposer->typed[proposer->fixed_len] == '/' && path[0] != '/';
	struct st_buf word = ST_BUF_INIT;

	st_buf_add_text(&word, is_absolute ? "/" : "");
	st_buf_add_text(&word, path);
	st_buf_add_text(&word, tail);
	st_proposer_add(proposer, st_buf_text(&word), st_words_text(row, "state"));
	st_buf_done(&word);
}

/* "demo/" of a supervisor, under which more can be typed; "demo" of a worker. */
static void propose_path(struct st_proposer *proposer, const json_t *row, const char *behind)
{
	bool has_more = is_sup(row) && strcmp(st_words_text(row, "path"), "/") != 0;

	if (has_more)
		propose_row(proposer, row, "/");
	if (*behind || !has_more)
		propose_row(proposer, row, behind);
}

/* The length of a path without its last part: of "a/b" that of "a/". */
static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash + 1 - path) : 0;
}

/* The last part of a path. */
static const char *end_of(const json_t *row)
{
	const char *path = st_words_text(row, "path");

	return path + folder_len(path);
}

static bool is_only_one(const json_t *rows, const char *end)
{
	unsigned int nr = 0;
	size_t index;
	const json_t *row;

	json_array_foreach(rows, index, row) {
		nr += !strcmp(end_of(row), end);
		if (nr > 1)
			return false;
	}
	return true;
}

/* Last parts that only one child has, which verbs take too. */
static void propose_ends(struct st_proposer *proposer, const json_t *rows, const char *behind)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	unsigned int nr = 0;
	size_t index;
	const json_t *row;

	json_array_foreach(rows, index, row) {
		const char *end = end_of(row);
		struct st_buf word = ST_BUF_INIT;

		if (!*end || strncmp(end, typed, strlen(typed)) || ++nr > MAX_ENDS)
			continue;
		st_buf_add_text(&word, end);
		st_buf_add_text(&word, behind);
		if (is_only_one(rows, end))
			st_proposer_add(proposer, st_buf_text(&word), st_words_text(row, "path"));
		st_buf_done(&word);
	}
}

/*
 * Paths as they were begun: with a '/' in front or without. As with files, only those that
 * have as many parts as were typed; if there are none, the ends of longer ones.
 */
static void propose_paths(struct st_proposer *proposer, const char *behind)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	json_t *rows = ask(proposer, ST_OPERATION_PS);
	size_t begin = proposer->out->len, index;
	size_t folder = folder_len(st_path_plain(typed));
	json_t *row;

	if (!strcmp(typed, "/"))
		folder = 0;
	json_array_foreach(rows, index, row) {
		const char *path = st_words_text(row, "path");
		bool is_root = !strcmp(path, "/");

		if (is_root ? !folder : folder_len(path) == folder)
			propose_path(proposer, row, behind);
	}
	if (proposer->out->len == begin && !strchr(typed, '/'))
		propose_ends(proposer, rows, behind);
	json_decref(rows);
}

static void propose_names(struct st_proposer *proposer)
{
	json_t *rows = ask(proposer, ST_OPERATION_REGISTERED);
	size_t index;
	json_t *row;

	json_array_foreach(rows, index, row)
		st_proposer_add(proposer, st_words_text(row, "name"), st_words_text(row, "path"));
	json_decref(rows);
	propose_paths(proposer, "");
}

/* Each once; the daemon lists them with a row for each member. */
static void propose_groups(struct st_proposer *proposer)
{
	json_t *rows = ask(proposer, ST_OPERATION_GROUPS);
	const char *last = "";
	size_t index;
	json_t *row;

	json_array_foreach(rows, index, row) {
		const char *group = st_words_text(row, "group");

		if (strcmp(group, last))
			st_proposer_add(proposer, group, NULL);
		last = group;
	}
	json_decref(rows);
}

/* "demo=", and after it the states. */
static void propose_conditions(struct st_proposer *proposer)
{
	const char *equals = strrchr(proposer->typed + proposer->fixed_len, '=');

	if (!equals) {
		propose_paths(proposer, "=");
		return;
	}
	proposer->fixed_len = (size_t)(equals + 1 - proposer->typed);
	for (size_t i = 0; i < ST_UNTIL__MAX; i++)
		st_proposer_add(proposer, st_until_text[i], NULL);
}

/* Pids, with the paths of their children. */
static void propose_numbers(struct st_proposer *proposer, const char *key)
{
	json_t *rows = ask(proposer, ST_OPERATION_PS);
	size_t index;
	json_t *row;

	json_array_foreach(rows, index, row) {
		struct st_buf word = ST_BUF_INIT;

		st_buf_add_u64(&word, st_words_number(row, key));
		if (st_words_number(row, key))
			st_proposer_add(proposer, st_buf_text(&word), st_words_text(row, "path"));
		st_buf_done(&word);
	}
	json_decref(rows);
}

static bool is_folder(const char *folder, const char *name)
{
	struct st_buf path = ST_BUF_INIT;
	struct stat found;
	bool is;

	st_buf_add_text(&path, folder);
	st_buf_add_text(&path, name);
	is = !stat(st_buf_text(&path), &found) && S_ISDIR(found.st_mode);
	st_buf_done(&path);
	return is;
}

static void propose_files(struct st_proposer *proposer)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	const char *slash = strrchr(typed, '/');
	struct st_buf folder = ST_BUF_INIT;
	const struct dirent *entry;
	DIR *entries;

	if (slash)
		st_buf_add(&folder, typed, (size_t)(slash + 1 - typed));
	entries = opendir(folder.len ? st_buf_text(&folder) : ".");
	proposer->fixed_len += folder.len;
	while (entries && (entry = readdir(entries))) {
		struct st_buf word = ST_BUF_INIT;

		if (entry->d_name[0] == '.' && proposer->typed[proposer->fixed_len] != '.')
			continue;
		st_buf_add_text(&word, entry->d_name);
		if (is_folder(st_buf_text(&folder), entry->d_name))
			st_buf_add_char(&word, '/');
		st_proposer_add(proposer, st_buf_text(&word), NULL);
		st_buf_done(&word);
	}
	if (entries)
		closedir(entries);
	st_buf_done(&folder);
}

/* A file by its name; shells know better what a user means by "~". */
static void propose_plain_files(struct st_proposer *proposer)
{
	if (proposer->to == ST_PROPOSED_TO_SHELL && !proposer->fixed_len)
		st_buf_add_text(proposer->out, ST_PROPOSE_FILES "\n");
	else
		propose_files(proposer);
}

/* "@FILE" */
static void propose_spec(struct st_proposer *proposer)
{
	if (proposer->typed[proposer->fixed_len] != '@')
		return;
	proposer->fixed_len++;
	propose_files(proposer);
}

static void propose_signals(struct st_proposer *proposer)
{
	for (int signo = 1; signo < SIGRTMIN; signo++)
		if (st_signal_name(signo))
			st_proposer_add(proposer, st_signal_name(signo), NULL);
}

static void propose_words(struct st_proposer *proposer, const char *const *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		st_proposer_add(proposer, words[i], NULL);
}

static void propose_local(struct st_proposer *proposer, enum st_local_verb verb)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };

	if (verb == ST_VERB_COMPLETION)
		propose_words(proposer, shells, ST_ARRAY_SIZE(shells));
	if (verb == ST_VERB_HELP)
		st_propose_offered(proposer);
	for (unsigned int i = 0; verb == ST_VERB_HELP && i < ST_NR_VERBS; i++)
		st_proposer_add(proposer, st_verb_get(i).name, st_verb_get(i).summary);
}

/* long: one flat dispatch over all types */
void st_propose_param(struct st_proposer *proposer, const struct st_verb *verb,
		      const struct st_param *param)
{
	int nr = 0;
	const char *const *words = st_param_words(param, &nr);

	if (words) {
		propose_words(proposer, words, (size_t)nr);
		return;
	}
	switch (param->type) {
	case ST_PARAM_PATH:
		propose_paths(proposer, "");
		break;
	case ST_PARAM_CHILD:
		propose_names(proposer);
		break;
	case ST_PARAM_CONDITION:
		propose_conditions(proposer);
		break;
	case ST_PARAM_PID:
		propose_numbers(proposer, "pid");
		break;
	case ST_PARAM_GENERATION:
		propose_numbers(proposer, "generation");
		break;
	case ST_PARAM_FILE:
		propose_plain_files(proposer);
		break;
	case ST_PARAM_SPEC:
	case ST_PARAM_SPECS:
		propose_spec(proposer);
		break;
	case ST_PARAM_SIGNAL:
		propose_signals(proposer);
		break;
	case ST_PARAM_WORD:
	case ST_PARAM_NAME:
		if (!verb->operation)
			propose_local(proposer, verb->local);
		else if (!strcmp(param->name, "group"))
			propose_groups(proposer);
		break;
	case ST_PARAM_REASON:
	case ST_PARAM_STRATEGY:
	case ST_PARAM_AUTO_SHUTDOWN:
	case ST_PARAM_INTENSITY:
	case ST_PARAM_PERIOD:
	case ST_PARAM_DURATION:
	case ST_PARAM_AGE:
	case ST_PARAM_LINES:
	case ST_PARAM_SEQ:
	case ST_PARAM_COUNT:
	case ST_PARAM_UID:
	case ST_PARAM_TIME_NS:
	case ST_PARAM_REF:
	case ST_PARAM_TRACE_ID:
	case ST_PARAM_WORDS:
	case ST_PARAM_METHOD:
	case ST_PARAM_FLAG:
	case ST_PARAM_ARGS:
	case ST_PARAM_STATE:
	case ST_PARAM_PATTERN:
	case ST_PARAM_INTEGER:
	case ST_PARAM_TEXT:
	case ST_PARAM_OBJECT:
	case ST_PARAM_OBJECTS:
	case ST_PARAM__MAX:
		break;
	}
}

void st_propose_own(struct st_proposer *proposer, const struct st_cli_option_row *option)
{
	static const char *const formats[] = { "text", "json", "dot", "mermaid" };
	static const char *const colors[] = { "auto", "always", "never" };
	static const char *const types[] = { "worker", "supervisor" };

	switch ((enum st_cli_option)(option - st_cli_options)) {
	case ST_CLI_OPTION_FORMAT:
		propose_words(proposer, formats, ST_ARRAY_SIZE(formats));
		break;
	case ST_CLI_OPTION_COLOR:
		propose_words(proposer, colors, ST_ARRAY_SIZE(colors));
		break;
	case ST_CLI_OPTION_TYPE:
		propose_words(proposer, types, ST_ARRAY_SIZE(types));
		break;
	case ST_CLI_OPTION_SOCKET:
		propose_plain_files(proposer);
		break;
	case ST_CLI_OPTION_WATCH:
	case ST_CLI_OPTION_AGAIN:
	case ST_CLI_OPTION_TIMESTAMPS:
	case ST_CLI_OPTION_OPENAPI:
	case ST_CLI_OPTION_YES:
	case ST_CLI_OPTION_UNTIL_NOW:
	case ST_CLI_OPTION_JSON:
	case ST_CLI_OPTION_JSONL:
	case ST_CLI_OPTION_TIMEOUT:
	case ST_CLI_OPTION_HELP:
	case ST_CLI_OPTION_VERSION:
	case ST_CLI_OPTION__MAX:
		break;
	}
}
