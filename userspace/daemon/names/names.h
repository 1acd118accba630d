/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registered names (OTP's register/2, for processes) and process groups (OTP's
 * pg). Both belong to one incarnation of a process, and end with it.
 *
 * The table holds names and generations. It knows neither processes nor
 * children. There are two such tables. A registered name has one owner. A group
 * has many members, and a process may be a member several times. naming.c and
 * groups.c use the tables; effects.c tells them when a process has ended.
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
	struct st_name *same_hash; /* the next older one */
	struct st_name *newer; /* of the same hash: a group of many is left in one step */
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
 * st_names_init() - make an empty table
 * @names: the table
 * @limit: the largest number of names that one process may have
 */
void st_names_init(struct st_names *names, unsigned int limit);
void st_names_done(struct st_names *names);

/**
 * st_names_register() - give a process a name that no process has
 * @names: the table
 * @text: the name; copied
 * @generation: of the process, not 0
 *
 * Return: 0; -EEXIST: this process or another one has the name; -E2BIG: the
 * process has as many names as it may have; -ENOMEM.
 */
int st_names_register(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_join() - add a process to the members of a name
 * @names: the table
 * @text: the name; copied
 * @generation: of the process, not 0; it is added once more if it is a member
 *	already
 *
 * Return: 0; -E2BIG: the process has as many names as it may have; -ENOMEM.
 */
int st_names_join(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_remove() - take a name away from a process
 * @names: the table
 * @text: the name
 * @generation: of the process
 *
 * Return: 0; -ENOENT: the process does not have this name.
 */
int st_names_remove(struct st_names *names, const char *text, uint64_t generation) __must_check;

/**
 * st_names_find() - find the owner of a name
 * @names: the table
 * @text: the name
 *
 * Return: a generation; 0 if no process has the name.
 */
uint64_t st_names_find(const struct st_names *names, const char *text);

/**
 * st_names_of() - get the name that a process has had for the longest time
 * @names: the table
 * @generation: of the process
 *
 * Return: the name, owned by the table; NULL if the process has none.
 */
const char *st_names_of(const struct st_names *names, uint64_t generation);

/**
 * st_names_first() - get the newest member of a name
 * @names: the table
 * @text: the name
 *
 * Return: the member that joined last; NULL if there is none. st_names_next()
 * returns the others.
 */
const struct st_name *st_names_first(const struct st_names *names, const char *text);
const struct st_name *st_names_next(const struct st_name *name);

/**
 * st_names_forget() - free the names of a process that has ended
 * @names: the table
 * @generation: of the process
 */
void st_names_forget(struct st_names *names, uint64_t generation);

#endif
