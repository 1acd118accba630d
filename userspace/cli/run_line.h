/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of the console as a command line of its own.
 *
 * Each is run by this same program, as a process: whatever a shell can say to
 * suptree a line can, a verb that goes on for ever ends by Ctrl-C alone, and the
 * next line connects anew, to a daemon that was started meanwhile too.
 */
#ifndef ST_CLI_RUN_LINE_H
#define ST_CLI_RUN_LINE_H

#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/line.h"

enum st_line_input {
	ST_LINE_INPUT_SAME, /* a verb reads what the console would read next */
	ST_LINE_INPUT_NONE,
};

/**
 * st_run_line() - run a line and wait for its end
 * @cli: options that the console was given hold for each line
 * @line: at least one word; a first word "suptree" is passed over
 * @input: standard input of the verb
 *
 * Return: the exit code; 128 and the signal if one ended it.
 */
int st_run_line(const struct st_cli *cli, const struct st_line *line, enum st_line_input input);

/**
 * st_line_skip() - how many words to pass over
 * @line: the line
 *
 * Return: 1 if it begins with the program's own name, as examples do; else 0.
 */
size_t st_line_skip(const struct st_line *line);

/* Whether the line is the word that ends a console. */
bool st_line_is_exit(const struct st_line *line);

#endif
