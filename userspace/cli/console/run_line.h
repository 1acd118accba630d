/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a line of the console as a separate command line.
 *
 * Each line runs this same program as a new process. So a line can do whatever suptree
 * can do in a shell, Ctrl-C ends only the running verb, and the next line connects
 * again, also to a daemon that was started in the meantime.
 */
#ifndef ST_CLI_CONSOLE_RUN_LINE_H
#define ST_CLI_CONSOLE_RUN_LINE_H

#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/console/line.h"

enum st_line_input {
	ST_LINE_INPUT_SAME, /* a verb reads what the console would read next */
	ST_LINE_INPUT_NONE,
};

/**
 * st_run_line() - run a line and wait for its end
 * @cli: options that the console was given hold for each line
 * @line: at least one word; a first word "suptree" is ignored
 * @input: standard input of the verb
 *
 * Return: the exit code; 128 and the signal if one ended it.
 */
int st_run_line(const struct st_cli *cli, const struct st_line *line, enum st_line_input input);

/**
 * st_line_skip() - the number of words to skip
 * @line: the line
 *
 * Return: 1 if it begins with the name of the program, as examples do; otherwise 0.
 */
size_t st_line_skip(const struct st_line *line);

/* Whether the line is the word that ends a console. */
bool st_line_is_exit(const struct st_line *line);

#endif
