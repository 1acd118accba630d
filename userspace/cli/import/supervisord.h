/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two parts of the reader of supervisord.conf share: supervisord.c finds the
 * programs and their places, supervisord_keys.c takes the keys of one.
 */
#ifndef ST_CLI_IMPORT_SUPERVISORD_H
#define ST_CLI_IMPORT_SUPERVISORD_H

#include "cli/import/expand.h"

struct st_program_section {
	struct st_program_section *next;
	const struct st_ini_section *section;
	const char *name;
	const struct st_ini_section *group; /* NULL: none */
	long priority;
	bool is_placed;
};

/* The state of reading one file. */
struct st_supervisord {
	struct st_import *import;
	struct st_plan *plan;
	const struct st_import_file *file;
	struct st_ini ini;
	struct st_program_section *programs;
	const struct st_ini_section *daemon; /* [supervisord] */
	size_t nr_children;
};

/* One child that is made of a program. */
struct st_making {
	struct st_supervisord *all;
	const struct st_program_section *program;
	struct st_plan_node *child;
	struct st_expansion expansion;
};

/* The value of a key, or @fallback. */
const char *st_supervisord_value(const struct st_ini_section *section, const char *key,
				 const char *fallback);

/* A number from 0 on, or -1. */
long st_supervisord_number(const char *text, int base);

/* Take all keys of a program for one child. 0 or -EINVAL. */
int st_supervisord_take(struct st_making *making);

#endif
