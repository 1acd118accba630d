/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The console: `suptree` alone on a terminal.
 */
#ifndef ST_CLI_CONSOLE_CONSOLE_H
#define ST_CLI_CONSOLE_CONSOLE_H

#include "cli/cli.h"

/**
 * st_console() - read lines with an editor and run them, until the user leaves
 * @cli: options that hold for each line
 *
 * Ctrl-C drops the line, or ends the running verb; Ctrl-D, exit and quit leave. A verb
 * that fails prints why, and the console goes on.
 *
 * Return: the exit code.
 */
int st_console(const struct st_cli *cli);

#endif
