// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console; see console.h. Lines are run by run_line.c, the Tab key is in
 * console_complete.c.
 */
#include "cli/console/console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/console/console_internal.h"
#include "cli/console/run_line.h"
#include "proto/version.h"

typedef unsigned char key_fn(EditLine *edit, int ch);

static struct st_console *console_of(EditLine *edit)
{
	void *data = NULL;

	(void)el_get(edit, EL_CLIENTDATA, &data);
	return data;
}

static char *prompt(EditLine *edit)
{
	static char first[] = "suptree> ", more[] = "> ";

	return console_of(edit)->text.len ? more : first;
}

/* Ctrl-C at the prompt: end reading; what was typed is dropped by read_line(). */
static unsigned char interrupt(EditLine *edit, int ch)
{
	(void)ch;
	console_of(edit)->is_interrupted = true;
	return CC_NEWLINE;
}

/* Ctrl-Z at the prompt, as the terminal would do it. */
static unsigned char suspend(EditLine *edit, int ch)
{
	(void)edit;
	(void)ch;
	(void)kill(0, SIGTSTP);
	return CC_REFRESH;
}

/* Wide: libedit leaks the names it has to convert. */
static void bind_key(EditLine *edit, const char *key, const char *name, const wchar_t *wide_name,
		     key_fn *press)
{
	(void)el_wset(edit, EL_ADDFN, wide_name, wide_name, press);
	(void)el_set(edit, EL_BIND, key, name, NULL);
}

/* A signal interrupts the console only where it waits for a verb, which has it too. */
static void ignore(int signo)
{
	(void)signo;
}

/* Handlers, not SIG_IGN: that would be inherited by the verbs. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART };

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGQUIT, &action, NULL);
}

static int open_editor(struct st_console *console)
{
	EditLine *edit = el_init("suptree", stdin, console->out, stderr);

	if (!edit)
		return -ENOMEM;
	console->edit = edit;
	(void)el_set(edit, EL_CLIENTDATA, console);
	(void)el_set(edit, EL_PROMPT, prompt);
	(void)el_set(edit, EL_EDITOR, "emacs");
	(void)el_set(edit, EL_SIGNAL, 1);
	(void)el_set(edit, EL_HIST, history, console->history.list);
	(void)el_source(edit, NULL); /* ~/.editrc */
	/* while a line is edited Ctrl-C is a key; while a verb runs it is a signal */
	(void)el_set(edit, EL_SETTY, "-d", "-isig", NULL);
	bind_key(edit, "^C", "suptree-interrupt", L"suptree-interrupt", interrupt);
	bind_key(edit, "^Z", "suptree-suspend", L"suptree-suspend", suspend);
	bind_key(edit, "^I", "suptree-complete", L"suptree-complete", st_console_complete);
	return 0;
}

static void drop_line(struct st_console *console)
{
	console->is_interrupted = false;
	st_buf_reset(&console->text);
	fputs("^C\n", console->out);
}

/* False: the user leaves. */
static bool read_line(struct st_console *console)
{
	for (;;) {
		const char *line;
		int nr = 0;

		/* before the prompt: once the prompt is visible, the editor must be ready */
		(void)el_set(console->edit, EL_PREP_TERM, 1);
		line = el_gets(console->edit, &nr);

		if (console->is_interrupted) {
			drop_line(console);
			continue;
		}
		if (line && nr > 0) {
			st_buf_add(&console->text, line, (size_t)nr);
			return true;
		}
		fputc('\n', console->out);
		if (nr < 0 || !console->text.len)
			return false;
		st_buf_reset(&console->text); /* Ctrl-D in quotes: begin a new command */
	}
}

static void keep(struct st_console *console)
{
	struct st_buf *text = &console->text;

	while (text->len && text->data[text->len - 1] == '\n')
		text->data[--text->len] = '\0';
	st_history_add(&console->history, st_buf_text(text));
}

/* Run what was typed so far, if it is a whole command. False: the user leaves. */
static bool run(struct st_console *console)
{
	struct st_line line;
	bool is_exit;

	if (st_buf_error(&console->text) ||
	    st_line_split(st_buf_text(&console->text), console->text.len, &line)) {
		st_say_wrong("%s", strerror(ENOMEM));
		st_buf_reset(&console->text);
		return true;
	}
	is_exit = st_line_is_exit(&line);
	if (line.open == ST_QUOTE_NONE) {
		keep(console);
		if (!is_exit && line.nr_words > st_line_skip(&line))
			(void)st_run_line(console->cli, &line, ST_LINE_INPUT_SAME);
		st_buf_reset(&console->text);
	}
	st_line_done(&line);
	return !is_exit;
}

int st_console(const struct st_cli *cli)
{
	struct st_console console = { .cli = cli, .text = ST_BUF_INIT };

	console.out = isatty(STDOUT_FILENO) ? stdout : stderr;
	if (st_history_init(&console.history)) {
		st_say_wrong("read the history: %s", strerror(ENOMEM));
		return ST_EXIT_FAILED;
	}
	if (open_editor(&console)) {
		st_history_done(&console.history);
		st_say_wrong("open the terminal: %s", strerror(ENOMEM));
		return ST_EXIT_FAILED;
	}
	catch_signals();
	fputs("suptree " ST_VERSION ": help lists the verbs, Tab completes, Ctrl-D leaves\n",
	      console.out);
	while (read_line(&console) && run(&console))
		;
	el_end(console.edit);
	st_history_done(&console.history);
	st_buf_done(&console.text);
	return ST_EXIT_OK;
}
