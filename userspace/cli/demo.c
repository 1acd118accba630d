// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to try in the demo; see demo.h.
 *
 * The texts are here and not in tools/demo, so that every terminal that reaches the
 * daemon of the demo can show them. tests/demo tries each command line.
 */
#include "cli/demo.h"

#include <string.h>

#include "cli/call.h"
#include "cli/pager.h"
#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define OF_DEMO "outer/inner/counter_1" /* no other configuration has such a child */
#define COLUMN 44 /* where the meaning of a command line begins */
#define SAFE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+"

/* A command line and what it shows. In a command line, @D stands for the demo's folder,
 * @S for that of its configuration. Without a command, the row is a title.
 */
struct step {
	const char *command;
	const char *meaning;
};

static const struct step first_steps[] = {
	{ "suptree kill one_for_one/counter_2", "it ends, and starts again" },
	{ "suptree why one_for_one/counter_2", "who killed it, and the rule" },
	{ "suptree kill rest_for_one/counter_1", "those after it restart too" },
	{ "suptree call outer/counter_1 get_value", "ask a child for its number" },
	{ "suptree tree --watch", "see it happen; q leaves" },
};

static const struct step more_steps[] = {
	{ NULL, "A counter counts and dies. It is started again, but its count is lost" },
	{ "suptree kill one_for_one/counter_2 --signal USR1", "one more" },
	{ "suptree info one_for_one/counter_2", "its status: value 101" },
	{ "suptree kill one_for_one/counter_2", "and it is value 100 again" },
	{ NULL, "The same death under other strategies: which children get a new pid?" },
	{ "suptree kill one_for_all/counter_2", "all of them" },
	{ "suptree kill rest_for_one/counter_2", "this one and those after it" },
	{ NULL, "One death too many: after two within 5 s inner gives up, and outer restarts it" },
	{ "suptree kill outer/inner/counter_1; suptree settle; suptree kill outer/inner/counter_2",
	  "" },
	{ "suptree why outer/inner/counter_2", "the whole chain" },
	{ NULL, "A pool, whose children start at run time" },
	{ "suptree start-child pool --name c7 -- 700", "a counter that begins at 700" },
	{ "suptree terminate-child pool/c7", "" },
	{ NULL, "Change a running supervisor; stop a child by hand" },
	{ "suptree strategy one_for_one one_for_all", "" },
	{ "suptree terminate-child one_for_one/printer_1", "" },
	{ "suptree kill one_for_one/counter_1", "restarting all starts it too: OTP's rule" },
	{ NULL, "Output: a printer prints each line that it gets" },
	{ "echo hello >@D/one_for_one.pipe", "" },
	{ "suptree logs one_for_one/printer_1", "" },
	{ "suptree events --since 0", "all that has happened, then what happens" },
	{ NULL, "Ten kinds of servers to talk to (lessons: userspace/workers/README.md)" },
	{ "suptree load @S/workers.yaml", "" },
	{ "suptree call echo_1 echo hello", "" },
	{ "suptree call flaky_1 work", "" },
	{ NULL, "As root: a web server with a user and limits; and every message between "
		"children" },
	{ "suptree load @S/services.yaml", "needs python3" },
	{ "suptree load @S/tracer.yaml", "needs suptree-tracer: man suptree-tracing" },
	{ NULL, "To read: OTP's reports; every event and what it led to; the trees" },
	{ "cat @D/reports", "" },
	{ "cat @D/transcript", "" },
	{ "cat @S/demo.yaml", "" },
};

/* A path as a word of a command line. */
static void add_quoted(const char *text, size_t len, struct st_buf *out)
{
	if (strspn(text, SAFE) >= len) {
		st_buf_add(out, text, len);
		return;
	}
	st_buf_add_char(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\'')
			st_buf_add_text(out, "'\\'");
		st_buf_add_char(out, text[i]);
	}
	st_buf_add_char(out, '\'');
}

/* The folder of a file, with its last slash. */
static void add_folder(const char *file, struct st_buf *out)
{
	const char *slash = strrchr(file, '/');

	add_quoted(file, slash ? (size_t)(slash - file) : 0, out);
}

static void add_command(const char *command, const json_t *status, struct st_buf *out)
{
	for (; *command; command++) {
		if (*command != '@') {
			st_buf_add_char(out, *command);
			continue;
		}
		command++;
		add_folder(st_words_text(status, *command == 'D' ? "socket" : "configuration"),
			   out);
	}
}

static void pad(struct st_buf *out, size_t line_start)
{
	do
		st_buf_add_char(out, ' ');
	while (out->len - line_start < COLUMN && !out->failed);
}

static void add_step(const struct step *step, const json_t *status, size_t line_start,
		     struct st_buf *out)
{
	add_command(step->command, status, out);
	if (*step->meaning)
		pad(out, line_start);
	st_buf_add_text(out, step->meaning);
	st_buf_add_char(out, '\n');
}

static void show_first(const struct st_cli *cli, const json_t *status, struct st_buf *out)
{
	st_style_add(&cli->style, ST_COLOR_BOLD, "Type first, in another terminal:", out);
	st_buf_add_text(out, "  . ");
	add_folder(st_words_text(status, "socket"), out);
	st_buf_add_text(out, "/env\n");
	for (size_t i = 0; i < ST_ARRAY_SIZE(first_steps); i++) {
		size_t line_start = out->len;

		st_buf_add_u64(out, i + 1);
		st_buf_add_text(out, ". ");
		add_step(&first_steps[i], status, line_start, out);
	}
	st_style_add(&cli->style, ST_COLOR_BOLD, "Then:", out);
	st_buf_add_text(out, "  suptree demo help   (pools, servers, limits, output)\n");
}

static void show_more(const struct st_cli *cli, const json_t *status, struct st_buf *out)
{
	show_first(cli, status, out);
	for (size_t i = 0; i < ST_ARRAY_SIZE(more_steps); i++) {
		size_t line_start = out->len;

		if (more_steps[i].command) {
			st_buf_add_text(out, "   ");
			add_step(&more_steps[i], status, line_start, out);
			continue;
		}
		st_buf_add_char(out, '\n');
		st_style_add(&cli->style, ST_COLOR_BOLD, more_steps[i].meaning, out);
		st_buf_add_char(out, '\n');
	}
	st_buf_add_text(out, "\nAll verbs, and one of them: suptree help, suptree help kill. "
			     "What this kernel\noffers: suptreed --features. The end: suptree "
			     "stop, or Ctrl-C where the demo runs.\n");
}

static void add_json(const struct step *steps, size_t nr, const json_t *status, json_t *list)
{
	for (size_t i = 0; i < nr; i++) {
		struct st_buf command = ST_BUF_INIT;

		if (!steps[i].command)
			continue;
		add_command(steps[i].command, status, &command);
		(void)json_array_append_new(list, json_pack("{s:s, s:s}", "command",
							    st_buf_text(&command), "meaning",
							    steps[i].meaning));
		st_buf_done(&command);
	}
}

static void show(const struct st_cli *cli, bool is_all, const json_t *status, struct st_buf *out)
{
	json_t *list;

	if (cli->format == ST_FORMAT_TEXT) {
		(is_all ? show_more : show_first)(cli, status, out);
		return;
	}
	list = json_array();
	add_json(first_steps, ST_ARRAY_SIZE(first_steps), status, list);
	if (is_all)
		add_json(more_steps, ST_ARRAY_SIZE(more_steps), status, list);
	st_show_json(list, cli->format, out);
	json_decref(list);
}

static bool has_demo(const json_t *rows)
{
	size_t index;
	const json_t *row;

	json_array_foreach(rows, index, row)
		if (!strcmp(st_words_text(row, "path"), OF_DEMO))
			return true;
	return false;
}

enum st_exit_code st_demo(const struct st_cli *cli, const json_t *params)
{
	bool is_all = *st_words_text(params, "all");
	json_t *status = NULL, *rows = NULL, *nothing = json_object();
	struct st_buf text = ST_BUF_INIT;
	struct st_conn *conn = NULL;
	enum st_exit_code code = st_call_open(cli, &conn);

	if (code == ST_EXIT_OK)
		code = st_call(cli, conn, ST_OPERATION_STATUS, nothing, &status);
	if (code == ST_EXIT_OK)
		code = st_call(cli, conn, ST_OPERATION_PS, nothing, &rows);
	if (code == ST_EXIT_OK && has_demo(rows)) {
		show(cli, is_all, status, &text);
		code = st_page(cli, &text);
	} else if (code == ST_EXIT_OK) {
		st_say_wrong("demo: the daemon at %s does not run the demo; `make run` in the "
			     "sources of suptree starts it",
			     st_words_text(status, "socket"));
		code = ST_EXIT_CONFLICT;
	}
	json_decref(nothing);
	json_decref(status);
	json_decref(rows);
	st_conn_close(conn);
	return code;
}
