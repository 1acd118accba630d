/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help texts, made from the tables of verbs, operations, options and errors.
 */
#ifndef ST_CLI_COMMAND_HELP_H
#define ST_CLI_COMMAND_HELP_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/command/verbs.h"
#include "cli/show/style.h"

/* The meanings of the exit codes, and the console; the manual has them too. */
struct st_exit_row {
	enum st_exit_code code;
	const char *meaning;
};

struct st_console_row {
	const char *what;
	const char *meaning;
};

extern const struct st_exit_row st_exits[];
extern const size_t st_nr_exits;
extern const struct st_console_row st_console_rows[];
extern const size_t st_nr_console_rows;

/**
 * st_help_all() - append usage, all verbs, options and exit codes
 * @offered: what processes offer, as the operation offered has it; NULL: nothing
 * @style: of the output
 * @out: where to
 */
void st_help_all(const json_t *offered, const struct st_style *style, struct st_buf *out);

/**
 * st_help_verb() - append all about one verb
 * @verb: the verb
 * @style: of the output
 * @out: where to
 */
void st_help_verb(const struct st_verb *verb, const struct st_style *style, struct st_buf *out);

/**
 * st_help_row() - append a verb as a JSON object
 * @verb: the verb
 * @out: gets its row of the operations table, what a process offers, or, of a verb of the
 *	CLI alone, the columns that such a verb has
 */
void st_help_row(const struct st_verb *verb, struct st_buf *out);

/**
 * st_help_synopsis() - append how a verb is called
 * @verb: the verb
 * @out: where to: "suptree kill [PATH] [--pid PID] [--signal SIGNAL]"
 */
void st_help_synopsis(const struct st_verb *verb, struct st_buf *out);

#endif
