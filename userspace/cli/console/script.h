/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptree <FILE`: the lines of the console without a terminal.
 */
#ifndef ST_CLI_CONSOLE_SCRIPT_H
#define ST_CLI_CONSOLE_SCRIPT_H

#include "cli/cli.h"

/**
 * st_script() - run the lines of standard input until one fails
 * @cli: options that hold for each line
 *
 * A line is as in the console; verbs have an empty standard input, for the
 * script is on it. What a script does after a failure would be done to trees
 * that are not as it takes them to be, so the first one ends it.
 *
 * Return: what to exit with: 0, or the exit code of the line that failed.
 */
int st_script(const struct st_cli *cli);

#endif
