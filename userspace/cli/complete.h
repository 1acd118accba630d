/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion for shells, made of the tables of verbs and options. The scripts
 * hold all words but the paths of children; those they ask for while the user
 * types, by `suptree completion paths`, which says nothing if no daemon runs.
 */
#ifndef ST_CLI_COMPLETE_H
#define ST_CLI_COMPLETE_H

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/verbs.h"

/**
 * st_complete() - write a completion script, or the paths there are
 * @cli: socket and format
 * @shell: bash, zsh, fish or paths
 *
 * Return: what to exit with.
 */
enum st_exit_code st_complete(const struct st_cli *cli, const char *shell);

/* The scripts. */
void st_complete_bash(struct st_buf *out);
void st_complete_zsh(struct st_buf *out);
void st_complete_fish(struct st_buf *out);

/* What can be completed for a value. */
enum st_complete_kind {
	ST_COMPLETE_NONE,
	ST_COMPLETE_PATHS,
	ST_COMPLETE_FILES,
	ST_COMPLETE_WORDS,
};

/**
 * st_complete_param() - how the value of a parameter is completed
 * @verb: its verb
 * @param: the parameter
 * @words: for ST_COMPLETE_WORDS all words are appended, with spaces between
 *
 * Return: the kind.
 */
enum st_complete_kind st_complete_param(const struct st_verb *verb, const struct st_param *param,
					struct st_buf *words);

/**
 * st_complete_option() - the same for an option of the CLI's own
 * @option: row of st_cli_options, by its number
 * @words: as above
 */
enum st_complete_kind st_complete_option(unsigned int option, struct st_buf *words);

/**
 * st_complete_quote() - append a text between single quotes, for a shell
 * @text: the text
 * @escape: characters that get a backslash besides, or ""
 * @out: where to
 */
void st_complete_quote(const char *text, const char *escape, struct st_buf *out);

/* Whether an option takes a value. */
bool st_complete_takes_value(const struct st_param *param);

#endif
