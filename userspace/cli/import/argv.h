/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A command line of another system: its words, by the rules of that system, and the value
 * of `start` that means the same.
 *
 * A variable that the other system would have put in is kept as a mark in a word. With
 * marks the words become a line for sh, which puts the variables in.
 */
#ifndef ST_CLI_IMPORT_ARGV_H
#define ST_CLI_IMPORT_ARGV_H

#include "cli/import/plan.h"

/* Marks, which are in no text of a file: a variable begins, is split at blanks, ends. */
#define ST_MARK_QUOTED '\x01'
#define ST_MARK_BARE '\x02'
#define ST_MARK_END '\x03'

#define ST_ARGV_MAX 4096

/* How a system splits a command line. */
enum st_argv_style {
	ST_ARGV_SHLEX, /* as a POSIX shell, and a # is nothing special: supervisord */
	ST_ARGV_SYSTEMD, /* the same, and C's escapes: \n, \x41 */
};

struct st_argv {
	const char **words;
	size_t nr;
	bool has_marks;
};

/**
 * st_argv_split() - split a command line
 * @plan: its memory is used
 * @style: the rules
 * @line: the command line, with marks
 * @ret_argv: the words, at least one
 *
 * Return: NULL, or what is wrong with the line.
 */
const char *st_argv_split(struct st_plan *plan, enum st_argv_style style, const char *line,
			  struct st_argv *ret_argv);

/**
 * st_argv_add() - add a command
 * @plan: the plan
 * @map: the child, or a probe
 * @key: start, or command
 * @words: what to start
 *
 * Return: the value.
 */
struct st_plan_node *st_argv_add(struct st_plan *plan, struct st_plan_node *map, const char *key,
				 const struct st_argv *words);

/* The same for a line that a shell is to read: "sh -c LINE". */
struct st_plan_node *st_argv_add_shell(struct st_plan *plan, struct st_plan_node *map,
				       const char *key, const char *line);

/* Whether a shell would do more with a line than to split it. */
bool st_argv_needs_shell(const char *line);

#endif
