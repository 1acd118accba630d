/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two parts share that make supervisors of terms: erlang_flags.c finds the flags
 * and the list of children, erlang.c makes the children.
 */
#ifndef ST_CLI_IMPORT_ERLANG_SUPERVISOR_H
#define ST_CLI_IMPORT_ERLANG_SUPERVISOR_H

#include "cli/import/erlang.h"

/* A supervisor that is to be made. */
struct st_erl_supervisor {
	struct st_erl_supervisor *next;
	struct st_erl_file *file;
	struct st_plan_node *map;
	unsigned int depth;
};

/* The two parts of what init/1 returns. */
struct st_erl_parts {
	const struct st_erl_term *flags; /* NULL: OTP's */
	const struct st_erl_term *list; /* NULL: one child, @child */
	const struct st_erl_term *child;
};

/* Say what is wrong with a term. -EINVAL */
int st_erl_supervisor_refuse(const struct st_erl_supervisor *supervisor,
			     const struct st_erl_term *term, const char *why);

/* A term as a text of at least its first @most bytes, until st_plan_done(). */
const char *st_erl_text(struct st_plan *plan, const struct st_erl_term *term, size_t most);

/* Whether an atom is this one, or one of these up to a NULL. */
bool st_erl_is_atom(const struct st_erl_term *term, const char *text);
bool st_erl_is_one_of(const struct st_erl_term *term, const char *const *words);

/* Whether it is a list, or may be one. */
bool st_erl_is_list(const struct st_erl_term *term);

/* The value of a key of a map; NULL: it has none. */
const struct st_erl_term *st_erl_value_of(const struct st_erl_term *map, const char *key);

/* Find the parts of what a file has. 0 or -EINVAL */
int st_erl_find_parts(const struct st_erl_supervisor *supervisor,
		      struct st_erl_parts *parts) __must_check;

/* Carry over the flags: a map, or {Strategy, Intensity, Period}. 0 or -EINVAL */
int st_erl_take_flags(struct st_plan *plan, const struct st_erl_supervisor *supervisor,
		      const struct st_erl_term *flags) __must_check;

#endif
