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

#include <stdbool.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "core/spec.h"

#define ST_VARIABLES_MAX_FILE (1u << 20) /* bytes */

struct st_variables {
	struct st_list files;
	struct st_map by_path; /* the first file of each hash */
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

/**
 * st_variables_differ() - whether what is staged changes the variables of a process
 * @variables: with files staged
 * @spec: how the process is started
 *
 * Return: true if one of its files was kept before, and holds something else now.
 */
bool st_variables_differ(const struct st_variables *variables, const struct st_process_spec *spec);

/* What is staged holds from now on; or is forgotten. */
void st_variables_keep(struct st_variables *variables);
void st_variables_drop(struct st_variables *variables);

/**
 * struct st_variables_room - what a start needs to have its variables merged
 * @nr: variables of files, at most
 * @bytes: of their texts
 * @nr_slots: for the names of all variables
 * @texts: of the caller: @bytes, which the merged variables use
 * @slots: of the caller: @nr_slots zeroed ones
 */
struct st_variables_room {
	size_t nr;
	size_t bytes;
	size_t nr_slots;
	char *texts;
	const char **slots;
};

/**
 * st_variables_room() - what st_variables_merge() needs
 * @variables: kept
 * @spec: how the process is started
 * @nr_before: variables that the process has before
 *
 * Return: the sizes; the caller sets @texts and @slots.
 */
struct st_variables_room st_variables_room(const struct st_variables *variables,
					   const struct st_process_spec *spec, size_t nr_before);

/**
 * st_variables_merge() - add the variables of a process's files to those that it has before
 * @variables: kept
 * @spec: how the process is started. A variable of its environment takes the place of one of
 *	a file, that of a later file of an earlier one, and that of a file of one before
 * @first: the variables before, from here to @end
 * @end: room for those of the files
 * @room: the texts are copied, since a file may be read again while a start is under way. The
 *	cost is a few steps for each variable, however many there are
 *
 * Return: the place after the last variable.
 */
char **st_variables_merge(const struct st_variables *variables, const struct st_process_spec *spec,
			  char **first, char **end, const struct st_variables_room *room);

#endif
