/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the reader of systemd's units share: systemd.c finds the units and
 * their order, systemd_keys.c takes the keys of one, systemd_exec.c its commands.
 */
#ifndef ST_CLI_IMPORT_SYSTEMD_H
#define ST_CLI_IMPORT_SYSTEMD_H

#include "cli/import/ini.h"

struct st_unit {
	struct st_unit *next;
	const char *name; /* without .service */
	const struct st_import_file *file;
	struct st_ini ini;
	unsigned int group; /* units that require each other have the same number */
	bool is_placed;
};

/* A unit that becomes a child. */
struct st_unit_making {
	struct st_import *import;
	struct st_plan *plan;
	const struct st_unit *unit;
	struct st_plan_node *list;
	struct st_plan_node *child;
	bool is_before; /* of ExecStartPre: what is lost is noted at the unit itself */
};

/**
 * st_unit_next() - go through the entries of all sections of a name
 * @unit: the unit
 * @section: "Unit" or "Service"
 * @last: the entry before; NULL: begin
 *
 * Return: the next one, or NULL.
 */
const struct st_ini_entry *st_unit_next(const struct st_unit *unit, const char *section,
					const struct st_ini_entry *last);

/* The value that counts, which is the last one; NULL: there is none. */
const struct st_ini_entry *st_unit_find(const struct st_unit *unit, const char *section,
					const char *key);

/* The same as a text, or @fallback. */
const char *st_unit_value(const struct st_unit *unit, const char *section, const char *key,
			  const char *fallback);

/* A text with its specifiers filled in; what is not known stays. */
const char *st_unit_expand(const struct st_unit_making *making, const char *text);

/* Refuse a value, with its line. -EINVAL */
int st_unit_refuse(const struct st_unit_making *making, const struct st_ini_entry *entry,
		   const char *why);

#define ST_UNIT_INFINITY UINT64_MAX

/* Read a time, as "1min 30s", in milliseconds; false: it is none. */
bool st_unit_time(const char *text, uint64_t *ret_ms);

/* systemd_exec.c: the children of ExecStartPre, and of all ExecStart but the last. */
int st_unit_add_before(struct st_unit_making *making);
int st_unit_add_start(struct st_unit_making *making);

/* systemd_keys.c: all keys but the commands. */
int st_unit_take(struct st_unit_making *making);

#endif
