/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of a foreign format: it turns the text of a file into a plan.
 *
 * The bytes are foreign. Before a reader sees them, st_import_text() has refused what is
 * no UTF-8 and what has control characters. A reader refuses what the other system would
 * refuse, with the line, and notes all else that it does not carry over.
 */
#ifndef ST_CLI_IMPORT_READER_H
#define ST_CLI_IMPORT_READER_H

#include "cli/import/plan.h"

#define ST_IMPORT_MAX_BYTES (4u << 20) /* of one file */
#define ST_IMPORT_MAX_CHILDREN 1000 /* made of one source */

/* One file, or standard input. */
struct st_import_file {
	const char *name; /* as in messages */
	const char *path; /* absolute; NULL: standard input */
	const char *text; /* ends with a NUL */
	size_t len;
};

struct st_import {
	struct st_plan plan;
	const struct st_import_file *files;
	size_t nr_files;
	struct st_buf mistake; /* FILE:LINE: what is wrong */
};

/* Returns 0; -EINVAL: st_import_refuse() has said why; or -ENOMEM. */
typedef int st_import_fn(struct st_import *import);

st_import_fn st_import_supervisord, st_import_procfile, st_import_systemd,
	st_import_process_compose, st_import_erlang;

/**
 * st_import_refuse() - say what is wrong with a file
 * @import: gets the message; the first one stays
 * @file: the file
 * @line: the line, or 0
 * @format: as for printf
 *
 * Return: -EINVAL.
 */
int st_import_refuse(struct st_import *import, const struct st_import_file *file, unsigned int line,
		     const char *format, ...) __printf(4, 5);

/* The same for a text that is written, with a column; 0: none. */
int st_import_refuse_at(struct st_import *import, const struct st_import_file *file,
			unsigned int line, unsigned int column, const char *text);

/**
 * st_import_run() - read files, and make sure that the plan is a configuration
 * @import: files and a plan
 * @read: the reader of their format
 *
 * Return: 0; -EINVAL with ->mistake; -ENOMEM.
 */
int st_import_run(struct st_import *import, st_import_fn *read) __must_check;

/* The folder of a file, absolute, without a / at its end; NULL: standard input. */
const char *st_import_folder(struct st_import *import, const struct st_import_file *file);

/**
 * st_import_id() - make an id that a child may have
 * @import: the plan
 * @list: of children; no other child in it has the result
 * @name: as it is called
 *
 * Return: the id, which is @name where that is possible.
 */
const char *st_import_id(struct st_import *import, const struct st_plan_node *list,
			 const char *name);

/* A child with an id, at the end of a list; NULL without memory. */
struct st_plan_node *st_import_child(struct st_import *import, struct st_plan_node *list,
				     const char *id);

/**
 * st_import_flags() - let restarts go on as in process managers
 * @import: the plan
 * @map: the main file, or a supervisor
 *
 * Others start each program again and again by itself. Here a supervisor gives up after a
 * number of restarts, for all of its children. With the backoff of st_import_backoff() this
 * number is not reached.
 */
void st_import_flags(struct st_import *import, struct st_plan_node *map);
void st_import_backoff(struct st_import *import, struct st_plan_node *child);

#endif
