// SPDX-License-Identifier: GPL-2.0-only
/*
 * supervisord.conf: each [program:x] is a child, or numprocs children; each [group:x] is a
 * supervisor. They are placed by their priority. The keys of a program are in
 * supervisord_keys.c.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/supervisord.h"

#define DEFAULT_PRIORITY "999"

static long priority_of(const struct st_ini_section *section)
{
	return strtol(st_supervisord_value(section, "priority", DEFAULT_PRIORITY), NULL, 10);
}

/* ---- children ---- */

static int make_child(struct st_supervisord *all, const struct st_program_section *program,
		      struct st_plan_node *list, long nr, bool is_one)
{
	const struct st_ini_entry *name = st_ini_find(program->section, "process_name");
	struct st_making making = {
		.all = all,
		.program = program,
		.expansion = {
			.program = program->name,
			.group = program->group ? program->group->name + strlen("group:") :
						  program->name,
			.here = st_import_folder(all->import, all->file),
			.process_num = nr,
		},
	};
	const char *id = program->name;
	char number_text[32];

	if (all->nr_children++ == ST_IMPORT_MAX_CHILDREN)
		return st_import_refuse(all->import, all->file, program->section->line,
					"these are more than %d children", ST_IMPORT_MAX_CHILDREN);
	if (name && strstr(name->value, "%("))
		id = st_expand(all->plan, &making.expansion, name->value);
	else if (name && is_one)
		id = name->value;
	else if (!is_one && snprintf(number_text, sizeof(number_text), "_%02ld", nr) > 0)
		id = st_expand_join(all->plan, program->name, number_text);
	making.child = st_import_child(all->import, list, st_import_id(all->import, list, id));
	return st_supervisord_take(&making);
}

static int make_program(struct st_supervisord *all, struct st_program_section *program,
			struct st_plan_node *list)
{
	const struct st_ini_entry *entry = st_ini_find(program->section, "numprocs");
	long nr = entry ? st_supervisord_number(entry->value, 10) : 1;
	long first = st_supervisord_number(
		st_supervisord_value(program->section, "numprocs_start", "0"), 10);
	int err = 0;

	program->is_placed = true;
	if (!st_ini_find(program->section, "command"))
		return st_import_refuse(all->import, all->file, program->section->line,
					"[%s] has no command", program->section->name);
	if (nr < 1 || first < 0)
		return st_import_refuse(all->import, all->file,
					entry ? entry->line : program->section->line,
					"numprocs and numprocs_start must be numbers");
	for (long i = 0; i < nr && !err; i++)
		err = make_child(all, program, list, first + i, nr == 1);
	return err;
}

/* The next program of a group (NULL: of none), by its priority and place. */
static struct st_program_section *next_program(const struct st_supervisord *all,
					       const struct st_ini_section *group)
{
	struct st_program_section *found = NULL;

	for (struct st_program_section *program = all->programs; program; program = program->next)
		if (!program->is_placed && program->group == group &&
		    (!found || program->priority < found->priority))
			found = program;
	return found;
}

static int make_list(struct st_supervisord *all, const struct st_ini_section *group,
		     struct st_plan_node *list)
{
	struct st_program_section *program;
	int err = 0;

	while (!err && (program = next_program(all, group)))
		err = make_program(all, program, list);
	return err;
}

static int make_group(struct st_supervisord *all, const struct st_ini_section *group,
		      struct st_plan_node *list)
{
	const char *id = st_import_id(all->import, list, group->name + strlen("group:"));
	struct st_plan_node *child = st_import_child(all->import, list, id), *sup;

	sup = st_plan_add(all->plan, child, ST_PLAN_MAP, "supervisor", NULL);
	st_import_flags(all->import, sup);
	return make_list(all, group, st_plan_add(all->plan, sup, ST_PLAN_LIST, "children", NULL));
}

/* ---- sections ---- */

static struct st_program_section *find_program(const struct st_supervisord *all, const char *name,
					       size_t len)
{
	for (struct st_program_section *program = all->programs; program; program = program->next)
		if (strlen(program->name) == len && !strncmp(program->name, name, len))
			return program;
	return NULL;
}

static int read_group(struct st_supervisord *all, const struct st_ini_section *section)
{
	const struct st_ini_entry *entry = st_ini_find(section, "programs");
	const char *name = entry ? entry->value : "";

	if (!entry)
		return st_import_refuse(all->import, all->file, section->line,
					"[%s] has no programs", section->name);
	while (*name) {
		size_t len;
		struct st_program_section *program;

		name += strspn(name, ", \t\n");
		len = strcspn(name, ", \t\n");
		program = find_program(all, name, len);
		if (len && !program)
			return st_import_refuse(all->import, all->file, entry->line,
						"there is no [program:%.*s]", (int)len, name);
		if (program)
			program->group = section;
		name += len;
	}
	return 0;
}

static int read_program(struct st_supervisord *all, const struct st_ini_section *section,
			const char *name, struct st_program_section ***end)
{
	struct st_program_section *program = st_arena_alloc(&all->plan->arena, 1, sizeof(*program));

	if (!program)
		return -ENOMEM;
	program->section = section;
	program->name = name;
	program->priority = priority_of(section);
	**end = program;
	*end = &program->next;
	return 0;
}

/* Sections that mean nothing here, and why. */
static const struct {
	const char *begin;
	const char *why;
} other_sections[] = {
	{ "unix_http_server", "the socket of suptreed is an option of its command line" },
	{ "inet_http_server", "suptreed has a socket and no port" },
	{ "supervisorctl", "suptree finds the socket by --socket or SUPTREE_SOCKET" },
	{ "rpcinterface:", "suptree-protocol(7) is the interface" },
	{ "eventlistener:", "suptree events shows what happens, for programs with --jsonl" },
	{ "ctlplugin:", "suptree has no plugins" },
};

static void note_section(struct st_supervisord *all, const struct st_ini_section *section)
{
	const char *why = "it is not known";

	for (size_t i = 0; i < ST_ARRAY_SIZE(other_sections); i++)
		if (!strncmp(section->name, other_sections[i].begin,
			     strlen(other_sections[i].begin)))
			why = other_sections[i].why;
	st_plan_note(all->plan, all->plan->root, section->line, "[%s] is not carried over: %s",
		     section->name, why);
}

/* Keys of [supervisord] and [include]; the rest of [supervisord] is about its own process. */
static void note_keys(struct st_supervisord *all, const struct st_ini_section *section)
{
	bool is_include = !strcmp(section->name, "include");

	for (const struct st_ini_entry *entry = section->first; entry; entry = entry->next) {
		if (is_include && !strcasecmp(entry->key, "files"))
			st_plan_note(all->plan, all->plan->root, entry->line,
				     "files=%s: import these files, too, and name the results "
				     "in include: [FILES]",
				     entry->value);
		else if (strcasecmp(entry->key, "environment") && strcasecmp(entry->key, "umask"))
			st_plan_note(all->plan, all->plan->root, entry->line,
				     "%s=%s is about supervisord itself: see suptreed(8)",
				     entry->key, entry->value);
	}
}

static int read_section(struct st_supervisord *all, const struct st_ini_section *section,
			struct st_program_section ***end)
{
	static const char *const kinds[] = { "program:", "fcgi-program:" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(kinds); i++)
		if (!strncmp(section->name, kinds[i], strlen(kinds[i])))
			return read_program(all, section, section->name + strlen(kinds[i]), end);
	if (!strncmp(section->name, "group:", strlen("group:")))
		return 0;
	if (!strcmp(section->name, "supervisord"))
		all->daemon = section;
	if (!strcmp(section->name, "supervisord") || !strcmp(section->name, "include"))
		note_keys(all, section);
	else
		note_section(all, section);
	return 0;
}

/* The group with the least priority that is not below @least, the first after @last. */
static const struct st_ini_section *next_group(const struct st_supervisord *all,
					       const struct st_ini_section *last)
{
	long least = last ? priority_of(last) : LONG_MIN;
	const struct st_ini_section *found = NULL;
	bool is_after = !last;

	for (const struct st_ini_section *section = all->ini.first; section;
	     section = section->next) {
		long priority = priority_of(section);

		if (section == last)
			is_after = true;
		if (section == last || strncmp(section->name, "group:", strlen("group:")))
			continue;
		if (priority < least || (priority == least && !is_after))
			continue;
		if (!found || priority < priority_of(found))
			found = section;
	}
	return found;
}

/* Programs without a group, and groups, by their priority. */
static int make_all(struct st_supervisord *all)
{
	const struct st_ini_section *group = next_group(all, NULL);
	struct st_plan_node *list;
	int err = 0;

	st_import_flags(all->import, all->plan->root);
	list = st_plan_add(all->plan, all->plan->root, ST_PLAN_LIST, "children", NULL);
	while (!err) {
		struct st_program_section *program = next_program(all, NULL);

		if (group && (!program || priority_of(group) < program->priority)) {
			err = make_group(all, group, list);
			group = next_group(all, group);
		} else if (program) {
			err = make_program(all, program, list);
		} else {
			break;
		}
	}
	return err;
}

int st_import_supervisord(struct st_import *import)
{
	struct st_supervisord all = { .import = import,
				      .plan = &import->plan,
				      .file = import->files };
	struct st_program_section **end = &all.programs;
	int err;

	import->plan.source = all.file->name;
	err = st_ini_read(import, all.file, ST_INI_SUPERVISORD,
			  &(struct st_ini_part){ all.file->text, all.file->len, 1 }, &all.ini);
	for (const struct st_ini_section *section = all.ini.first; section && !err;
	     section = section->next)
		err = read_section(&all, section, &end);
	for (const struct st_ini_section *section = all.ini.first; section && !err;
	     section = section->next)
		if (!strncmp(section->name, "group:", strlen("group:")))
			err = read_group(&all, section);
	if (!err && !all.programs)
		err = st_import_refuse(import, all.file, 0, "there is no [program:NAME]");
	return err ? err : make_all(&all);
}
