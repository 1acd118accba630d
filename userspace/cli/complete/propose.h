/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What could be typed next: verbs, options, their values, and names that the daemon
 * knows. The console and all shells use it. It uses the same tables as the parser of the
 * command line.
 */
#ifndef ST_CLI_COMPLETE_PROPOSE_H
#define ST_CLI_COMPLETE_PROPOSE_H

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"

/* Who asks. */
enum st_proposed_to {
	ST_PROPOSED_TO_CONSOLE,
	ST_PROPOSED_TO_SHELL, /* completes names of files itself */
};

/* For a shell, a line that stands for all names of files. */
#define ST_PROPOSE_FILES ":files"

/**
 * st_propose() - list what a word can become
 * @cli: socket and timeout; without a daemon there are no names
 * @to: the console or a shell
 * @words: the command line without the program's name; the last word, which may
 *	be empty, is the one that is being typed
 * @nr: their number; at least 1
 * @out: where to: "WORD" or "WORD\tWHAT IT IS", a line each. A word that ends
 *	with '/', '=' or '.' is not complete
 */
void st_propose(const struct st_cli *cli, enum st_proposed_to to, char *const *words, size_t nr,
		struct st_buf *out);

#endif
