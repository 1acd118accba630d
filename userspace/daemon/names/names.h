/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registered names, OTP's register/2 for processes, and process groups, its pg.
 * Both belong to one incarnation of a process, and go when that ends.
 *
 * A table of names and generations; it knows neither processes nor children. In
 * that of registered names each name is somebody's alone, in that of groups it is
 * shared by the members, who may be so more than once. Used by naming.c and
 * groups.c, and by effects.c when a process has ended.
 */
#ifndef ST_DAEMON_NAMES_NAMES_H
#define ST_DAEMON_NAMES_NAMES_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"
#include "base/map.h"

#define ST_MAX_NAMES 16 /* of one process */
#define ST_MAX_MEMBERSHIPS 64

struct st_name {
	struct st_list link; /* in names->list, in the order of registration */
	struct st_name *same_hash;
	struct st_name *same_process;
	uint64_t generation;
	char text[];
};

struct st_names {
	struct st_list list;
	struct st_map by_hash;
	struct st_map by_generation;
	uint32_t nr;
	unsigned int limit; /* of one process */
};

/**
 * st_names_init() - an empty table
 * @names: the table
 * @limit: how many one process may have
 */
void st_names_init(struct st_names *names, unsigned int limit);
void st_names_done(struct st_names *names);

/**
 * st_names_register() - give a process a name that nobody else has
 * @names: the table
 * @text: the name; copied
 * @generation: whose it is, not 0
 *
 * Return: 0; -EEXIST: this process or another one has it; -E2BIG: the process has as
 * many as it may have; -ENOMEM.
 */
int st_names_register(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_join() - let a process share a name
 * @names: the table
 * @text: the name; copied
 * @generation: who shares it, not 0; once more if it does already
 *
 * Return: 0; -E2BIG: the process has as many as it may have; -ENOMEM.
 */
int st_names_join(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_remove() - unregister a name
 * @names: the table
 * @text: the name
 * @generation: whose it must be
 *
 * Return: 0; -ENOENT: it has no such name.
 */
int st_names_remove(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_find() - whose a name is
 * @names: the table
 * @text: the name
 *
 * Return: a generation; 0: nobody's.
 */
uint64_t st_names_find(const struct st_names *names, const char *text);

/**
 * st_names_of() - the name that a process has had for the longest time
 * @names: the table
 * @generation: of the process
 *
 * Return: the table's; NULL: it has none.
 */
const char *st_names_of(const struct st_names *names, uint64_t generation);

/**
 * st_names_first() - who shares a name
 * @names: the table
 * @text: the name
 *
 * Return: the one who has had it for the shortest time; NULL: nobody has it. The
 * others by st_names_next().
 */
const struct st_name *st_names_first(const struct st_names *names, const char *text);
const struct st_name *st_names_next(const struct st_name *name);

/**
 * st_names_forget() - a process has ended: its names are free
 * @names: the table
 * @generation: of the process
 */
void st_names_forget(struct st_names *names, uint64_t generation);

#endif
