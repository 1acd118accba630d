/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion for shells. A script holds no words: while the user types it asks
 * `suptree completion words -- WORD...`, which is what the console's Tab key
 * asks too (propose.h). It says nothing if no daemon runs.
 */
#ifndef ST_CLI_COMPLETE_H
#define ST_CLI_COMPLETE_H

#include <jansson.h>

#include "base/compiler.h"
#include "cli/cli.h"

/**
 * st_complete() - write a completion script, or what a command line can become
 * @cli: socket and format
 * @params: of the verb: shell, words
 *
 * Return: what to exit with.
 */
enum st_exit_code st_complete(const struct st_cli *cli, const json_t *params);

/* The scripts. */
extern const char st_complete_bash[];
extern const char st_complete_zsh[];
extern const char st_complete_fish[];

#endif
