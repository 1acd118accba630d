/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What console.c and console_complete.c share.
 */
#ifndef ST_CLI_CONSOLE_CONSOLE_INTERNAL_H
#define ST_CLI_CONSOLE_CONSOLE_INTERNAL_H

#include <histedit.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/console/history.h"

struct st_console {
	const struct st_cli *cli;
	EditLine *edit;
	FILE *out; /* for prompts: standard output if it is a terminal, otherwise standard error */
	struct st_history history;
	struct st_buf text; /* earlier lines of a command whose quotes are open */
	bool is_interrupted; /* the last key was Ctrl-C */
};

/**
 * st_console_complete() - the Tab key
 * @edit: its client data is a struct st_console
 * @ch: the key
 *
 * Adds what all proposals have in common; if that is nothing, lists them.
 *
 * Return: what libedit is to do, CC_*.
 */
unsigned char st_console_complete(EditLine *edit, int ch);

#endif
