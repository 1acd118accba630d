// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripts; see script.h.
 */
#include "cli/console/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/call.h"
#include "cli/console/run_line.h"

struct script {
	const struct st_cli *cli;
	struct st_buf text; /* of a command, which quotes may extend over several lines */
	unsigned int first; /* number of its first line */
	unsigned int nr; /* of the last line read */
	int code;
	bool is_over;
};

static void fail(struct script *script, int code, const char *why)
{
	st_say_wrong("standard input, line %u: %s", script->first, why);
	script->code = code;
	script->is_over = true;
}

/* The command has said why. */
static void stop(struct script *script)
{
	st_say_more("standard input, line %u: stopped here", script->first);
	script->is_over = true;
}

/* Run what was read so far, if it is a whole command. */
static void run(struct script *script)
{
	struct st_line line;

	if (st_buf_error(&script->text) ||
	    st_line_split(st_buf_text(&script->text), script->text.len, &line)) {
		fail(script, ST_EXIT_FAILED, strerror(ENOMEM));
		return;
	}
	if (line.open == ST_QUOTE_NONE) {
		if (st_line_is_exit(&line))
			script->is_over = true;
		else if (line.nr_words > st_line_skip(&line))
			script->code = st_run_line(script->cli, &line, ST_LINE_INPUT_NONE);
		if (script->code)
			stop(script);
		st_buf_reset(&script->text);
	}
	st_line_done(&line);
}

int st_script(const struct st_cli *cli)
{
	struct script script = { .cli = cli, .text = ST_BUF_INIT };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!script.is_over && (len = getline(&line, &size, stdin)) >= 0) {
		script.nr++;
		if (!script.text.len)
			script.first = script.nr;
		st_buf_add(&script.text, line, (size_t)len);
		run(&script);
	}
	if (!script.is_over && ferror(stdin))
		fail(&script, ST_EXIT_FAILED, "cannot be read");
	else if (!script.is_over && script.text.len)
		fail(&script, ST_EXIT_USAGE,
		     "the last line has an open quote or ends with a backslash");
	free(line);
	st_buf_done(&script.text);
	return script.code;
}
