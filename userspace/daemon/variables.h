/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Variables of children that stand in files: the key environment_file.
 *
 * A restart must never wait for a disk. So the files are read when a specification is
 * loaded, as users are looked up then (identity.h), and kept. A reload reads them again.
 *
 *	read --> staged --keep--> used by the next starts
 *	            |
 *	            +--drop--> the old ones stay: a specification was refused, or only planned
 */
#ifndef ST_DAEMON_VARIABLES_H
#define ST_DAEMON_VARIABLES_H

#include "base/buf.h"
#include "base/list.h"
#include "core/spec.h"

#define ST_VARIABLES_MAX_FILE (1u << 20) /* bytes */

struct st_variables {
	struct st_list files;
};

void st_variables_init(struct st_variables *variables);
void st_variables_done(struct st_variables *variables);

/**
 * st_variables_read() - read the files of a child and of all below it
 * @variables: gets their content, staged
 * @spec: the child
 * @why: on failure: which file, for which child, and why
 *
 * Return: 0; -EINVAL with @why; -ENOMEM. The caller keeps or drops what is staged.
 */
int st_variables_read(struct st_variables *variables, const struct st_child_spec *spec,
		      struct st_buf *why) __must_check;

/* The same for all children of a supervisor. */
int st_variables_read_sup(struct st_variables *variables, const struct st_sup_spec *spec,
			  struct st_buf *why) __must_check;

/* What is staged holds from now on; or is forgotten. */
void st_variables_keep(struct st_variables *variables);
void st_variables_drop(struct st_variables *variables);

/**
 * st_variables_room() - what st_variables_add() needs at most
 * @variables: kept
 * @spec: how the process is started
 * @ret_bytes: of texts
 *
 * Return: the number of variables.
 */
size_t st_variables_room(const struct st_variables *variables, const struct st_process_spec *spec,
			 size_t *ret_bytes);

/**
 * st_variables_add() - add the variables of a process's files
 * @variables: kept
 * @spec: how the process is started. A variable of its environment, or of a later file,
 *	takes the place of that of a file
 * @at: where to
 * @texts: room for the texts, which are copied: a file may be read again while a start is
 *	under way
 *
 * Return: the place after the last one.
 */
char **st_variables_add(const struct st_variables *variables, const struct st_process_spec *spec,
			char **at, char *texts);

/* Whether a variable "NAME=..." is set by a file of the process. */
bool st_variables_has(const struct st_variables *variables, const struct st_process_spec *spec,
		      const char *variable);

#endif
