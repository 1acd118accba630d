/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is right, but will probably not work on this machine: programs, users, groups,
 * folders and files that do not exist, and command lines that are written for a shell.
 */
#ifndef ST_CLI_CHECK_EXAMINE_H
#define ST_CLI_CHECK_EXAMINE_H

#include "config/config.h"

/* The functions of an examiner (config/config.h); the argument is a list of warnings. */
void st_examine_child(void *warnings, const struct st_child_def *def,
		      const struct st_doc_node *node);
void st_examine_log(void *warnings, const struct st_log_spec *log, const struct st_doc_node *node);

#endif
