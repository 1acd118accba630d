/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion for shells. A script contains no words. While the user types, it calls
 * `suptree completion words -- WORD...`, which uses the same code as the console's Tab
 * key (propose.h). Without a daemon it prints no error.
 */
#ifndef ST_CLI_COMPLETE_COMPLETE_H
#define ST_CLI_COMPLETE_COMPLETE_H

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
