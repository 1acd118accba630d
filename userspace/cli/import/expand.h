/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What supervisord puts into values: %(program_name)s, %(process_num)02d, %(ENV_HOME)s.
 * Names that are known here are filled in; variables of the environment become marks
 * (argv.h), because they are known only when a child starts.
 */
#ifndef ST_CLI_IMPORT_EXPAND_H
#define ST_CLI_IMPORT_EXPAND_H

#include "cli/import/ini.h"

struct st_expansion {
	const char *program;
	const char *group;
	const char *here; /* the folder of the file; NULL: standard input */
	long process_num;
};

/**
 * st_expand() - fill in a value
 * @plan: its memory is used
 * @expansion: what is known
 * @text: the value
 *
 * Return: the result; what is not known stays as it is.
 */
const char *st_expand(struct st_plan *plan, const struct st_expansion *expansion, const char *text);

/* Two texts one after the other. */
const char *st_expand_join(struct st_plan *plan, const char *first, const char *second);

/**
 * st_expand_environment() - add the variables of KEY="value",KEY2=value
 * @plan: the plan
 * @expansion: what is known
 * @entry: the value, and its line for notes
 * @child: gets them in its map environment
 *
 * Return: NULL, or what is wrong with the value.
 */
const char *st_expand_environment(struct st_plan *plan, const struct st_expansion *expansion,
				  const struct st_ini_entry *entry, struct st_plan_node *child);

#endif
