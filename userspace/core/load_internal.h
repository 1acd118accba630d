/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What load.c, load_call.c and load_check.c share; nobody else includes this.
 *
 * load.c makes children and supervisors, load_parts.c their larger members, and load_call.c the
 * messages and requests. load_check.c refuses what would not be a tree that core can have made.
 */
#ifndef ST_CORE_LOAD_INTERNAL_H
#define ST_CORE_LOAD_INTERNAL_H

#include "core/load_line.h"
#include "core/save.h"

struct st_load {
	const struct st_spec_reader *reader;
	struct st_load_error *error;
	struct st_tree *tree;
	struct st_child **nodes; /* by number */
	uint32_t nr;
	uint32_t expected; /* as the first line has it */
	struct st_load_line line; /* the one that is being read */
	int err; /* 0 until something is wrong */
};

/* Each returns false after something is wrong, which is in load->error then. */
bool st_load_fail(struct st_load *load, const char *what); /* -EINVAL */
bool st_load_no_memory(struct st_load *load);

/* The number of a child in the line. */
bool st_load_child(struct st_load *load, enum st_key key, struct st_child **ret_child);

/* Return: the index of a word, 0 if the member is missing; below 0: it is not known. */
int st_load_index(struct st_load *load, enum st_key key, const char *const *table, int nr);

/* A reason, without texts; and its text, owned by the caller or NULL. */
bool st_load_reason(struct st_load *load, struct st_reason *ret_reason, char **ret_text);

/* "spec", "sup" with "changed": references. */
bool st_load_child_spec(struct st_load *load, struct st_child_spec **ret_spec);
bool st_load_sup_spec(struct st_load *load, struct st_sup_spec **ret_spec);

/* "name" and "arg": owned by the caller; NULL: there is no name. */
bool st_load_instance(struct st_load *load, struct st_instance **ret_instance);

/* load_call.c: one line after those of children and supervisors */
bool st_load_message(struct st_load *load);

/* load_check.c */
bool st_load_check(struct st_load *load);

#endif
