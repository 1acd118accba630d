/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What help says, made of the tables of verbs, operations, options and errors.
 */
#ifndef ST_CLI_HELP_H
#define ST_CLI_HELP_H

#include "base/buf.h"
#include "cli/style.h"
#include "cli/verbs.h"

/**
 * st_help_all() - append usage, all verbs, options and exit codes
 * @style: of the output
 * @out: where to
 */
void st_help_all(const struct st_style *style, struct st_buf *out);

/**
 * st_help_verb() - append all about one verb
 * @verb: the verb
 * @style: of the output
 * @out: where to
 */
void st_help_verb(const struct st_verb *verb, const struct st_style *style, struct st_buf *out);

/**
 * st_help_synopsis() - append how a verb is called
 * @verb: the verb
 * @out: where to: "suptree kill [PATH] [--pid PID] [--signal SIGNAL]"
 */
void st_help_synopsis(const struct st_verb *verb, struct st_buf *out);

#endif
