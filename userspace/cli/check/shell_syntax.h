/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A command line that seems to be written for a shell. suptreed starts programs without
 * a shell: > and | become arguments of the program, and $NAME stays as it is.
 */
#ifndef ST_CLI_CHECK_SHELL_SYNTAX_H
#define ST_CLI_CHECK_SHELL_SYNTAX_H

#include "config/diag.h"

/**
 * st_shell_syntax() - warn of what only a shell understands
 * @key: the name of the key: start, or command of a probe
 * @node: its value; a list is not looked at, because its words are chosen one by one
 * @diags: gets a warning for each kind
 */
void st_shell_syntax(const char *key, const struct st_doc_node *node, struct st_diags *diags);

/**
 * st_shell_builtin() - find out what a word is that only a shell knows as a program
 * @word: the first word of a command line
 *
 * Return: what to do instead; NULL: it is no such word.
 */
const char *st_shell_builtin(const char *word);

#endif
