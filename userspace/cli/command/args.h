/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line: options of the CLI, a verb, and the verb's parameters as
 * the operations table places them.
 *
 *	suptree [OPTIONS] VERB [OPTIONS] [ARGUMENTS] [-- REST]
 */
#ifndef ST_CLI_COMMAND_ARGS_H
#define ST_CLI_COMMAND_ARGS_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/command/verbs.h"

struct st_command {
	struct st_verb verb; /* ->name is NULL if none was given */
	json_t *params; /* owned object, checked against the table */
	enum st_exit_code code; /* of an error that was already printed */
};

/**
 * st_args_parse() - read the command line
 * @argc: of main()
 * @argv: of main()
 * @cli: gets the values of the options
 * @command: the verb and its parameters; st_command_done(), also on failure
 * @why: on failure the mistake, and the word that was probably meant
 *
 * With --help or --version the parameters may be incomplete.
 *
 * Return: 0, -EINVAL with @why, -ENOMEM; -ESRCH: the daemon does not know the verb, or
 * no daemon answers: the error was printed, and command->code is the exit code.
 */
int st_args_parse(int argc, char **argv, struct st_cli *cli, struct st_command *command,
		  struct st_buf *why) __must_check;
void st_command_done(struct st_command *command);

#endif
