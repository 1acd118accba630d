// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Procfile: each line NAME: COMMAND is a child. The command is read by a shell if it has
 * anything that only a shell understands, as by foreman and others.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/import/argv.h"
#include "cli/import/reader.h"

#define FIRST_PORT 5000 /* of foreman; the next process type has 100 more */
#define PORT_STEP 100
#define MAX_COMMANDS 500

struct procfile {
	struct st_import *import;
	struct st_plan *plan;
	const struct st_import_file *file;
	const char *folder;
	const char *env_file; /* .env beside it; NULL: there is none */
	struct st_plan_node *list;
	unsigned int nr;
};

/* One command, without a second one after it, so that sh may become it. */
static bool is_simple(const char *command)
{
	return !strpbrk(command, "|&;\n()`") && !strchr(command, '=');
}

static int add_start(struct procfile *all, struct st_plan_node *child, const char *command,
		     unsigned int line)
{
	struct st_argv argv;
	const char *why;
	struct st_buf text = ST_BUF_INIT;

	if (!st_argv_needs_shell(command)) {
		why = st_argv_split(all->plan, ST_ARGV_SHLEX, command, &argv);
		if (why)
			return st_import_refuse(all->import, all->file, line, "%s", why);
		(void)st_argv_add(all->plan, child, "start", &argv);
		return 0;
	}
	if (is_simple(command) && strncmp(command, "exec ", 5))
		st_buf_add_text(&text, "exec ");
	st_buf_add_text(&text, command);
	all->plan->has_failed |= text.failed;
	(void)st_argv_add_shell(all->plan, child, "start", st_buf_text(&text));
	st_buf_done(&text);
	return 0;
}

static void add_environment(struct procfile *all, struct st_plan_node *child, const char *command,
			    unsigned int line)
{
	struct st_plan_node *map;

	if (all->env_file)
		(void)st_plan_add(all->plan, child, ST_PLAN_TEXT, "environment_file",
				  all->env_file);
	if (!strstr(command, "PORT"))
		return;
	map = st_plan_add(all->plan, child, ST_PLAN_MAP, "environment", NULL);
	st_plan_note(all->plan,
		     st_plan_add_number(all->plan, map, "PORT",
					FIRST_PORT + PORT_STEP * (int)(all->nr - 1)),
		     line, "the port that foreman gives by default");
}

static int make_child(struct procfile *all, const char *name, const char *command,
		      unsigned int line)
{
	bool is_release = !strcmp(name, "release");
	struct st_plan_node *child;
	int err;

	if (all->nr++ == MAX_COMMANDS)
		return st_import_refuse(all->import, all->file, line,
					"these are more than %d commands", MAX_COMMANDS);
	child = st_import_child(all->import, all->list, st_import_id(all->import, all->list, name));
	err = add_start(all, child, command, line);
	if (err)
		return err;
	if (is_release) {
		st_plan_note(all->plan, child, line,
			     "release is run before each release: move it before those that need "
			     "it, or take it out");
		(void)st_plan_add(all->plan, child, ST_PLAN_VALUE, "ready", "exit");
		(void)st_plan_add(all->plan, child, ST_PLAN_VALUE, "restart", "temporary");
	} else {
		st_import_backoff(all->import, child);
	}
	if (all->folder)
		(void)st_plan_add(all->plan, child, ST_PLAN_TEXT, "cwd", all->folder);
	add_environment(all, child, command, line);
	(void)st_plan_add(all->plan, child, ST_PLAN_VALUE, "kill_subtree", "true");
	return 0;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static int take_line(struct procfile *all, const char *at, size_t len, unsigned int line)
{
	const char *name = st_plan_copy(all->plan, at, len), *command;
	size_t name_len = 0;

	while (len && isspace((unsigned char)*name)) {
		name++;
		len--;
	}
	if (!len || *name == '#')
		return 0;
	while (is_name(name[name_len]))
		name_len++;
	if (!name_len || name[name_len] != ':')
		return st_import_refuse(all->import, all->file, line, "this is not NAME: COMMAND");
	command = name + name_len + 1;
	command += strspn(command, " \t\r");
	if (!*command)
		return st_import_refuse(all->import, all->file, line, "%.*s has no command",
					(int)name_len, name);
	while (len && isspace((unsigned char)name[len - 1]))
		len--;
	command = st_plan_copy(all->plan, command, (size_t)(name + len - command));
	return make_child(all, st_plan_copy(all->plan, name, name_len), command, line);
}

/* foreman reads .env of the same folder. */
static void find_env_file(struct procfile *all)
{
	struct st_buf path = ST_BUF_INIT;

	if (!all->folder)
		return;
	st_buf_add_text(&path, all->folder);
	st_buf_add_text(&path, "/.env");
	all->plan->has_failed |= path.failed;
	if (!access(st_buf_text(&path), F_OK))
		all->env_file = st_plan_copy(all->plan, st_buf_text(&path), path.len);
	st_buf_done(&path);
}

int st_import_procfile(struct st_import *import)
{
	struct procfile all = { .import = import, .plan = &import->plan, .file = import->files };
	const char *at = all.file->text, *end = at + all.file->len;
	unsigned int line = 0;
	int err = 0;

	import->plan.source = all.file->name;
	all.folder = st_import_folder(import, all.file);
	find_env_file(&all);
	st_import_flags(import, import->plan.root);
	all.list = st_plan_add(all.plan, all.plan->root, ST_PLAN_LIST, "children", NULL);
	while (at < end && !err) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		err = take_line(&all, at, (size_t)(stop - at), ++line);
		at = newline ? newline + 1 : end;
	}
	if (!err && !all.nr)
		err = st_import_refuse(import, all.file, 0, "there is no line NAME: COMMAND");
	return err;
}
