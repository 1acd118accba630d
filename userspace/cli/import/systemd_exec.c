// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a unit: prefixes, quotes, variables, and several commands one after the
 * other, which become children before the last one.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/import/argv.h"
#include "cli/import/systemd.h"

#define MAX_COMMANDS 50 /* of one unit */

/* What stands before the path of a program. */
static const struct {
	char sign;
	const char *note; /* NULL: nothing is lost */
} prefixes[] = {
	{ '-', "a failure of this command is not ignored here" },
	{ '+', "this command has the user of the child, not all rights" },
	{ '!', "this command has the user of the child, not all rights" },
	{ ':', NULL },
	{ '@', "the program sees its own path as its name" },
	{ '|', NULL },
};

struct command {
	const char *line;
	bool has_variables; /* $NAME is filled in */
	bool has_name; /* the second word is argv[0] */
};

static bool take_prefix(const struct st_unit_making *making, const struct st_ini_entry *entry,
			struct st_plan_node *child, struct command *command)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(prefixes); i++) {
		if (!*command->line || prefixes[i].sign != *command->line)
			continue;
		if (prefixes[i].note)
			st_plan_note(making->plan, child, entry->line, "%s=%c...: %s", entry->key,
				     *command->line, prefixes[i].note);
		command->has_variables &= *command->line != ':';
		command->has_name |= *command->line == '@';
		command->line++;
		return true;
	}
	return false;
}

static size_t name_len(const char *text)
{
	size_t len = 0;

	if (isdigit((unsigned char)*text))
		return 0;
	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

static void add_mark(char mark, const char *name, size_t len, struct st_buf *out)
{
	st_buf_add_char(out, mark);
	st_buf_add(out, name, len);
	st_buf_add_char(out, ST_MARK_END);
}

/* ${NAME} anywhere, $NAME as a word, $$ for a $. */
static const char *mark_variables(const struct st_unit_making *making, const char *line)
{
	struct st_buf out = ST_BUF_INIT;
	const char *copy, *begin = line;

	while (*line) {
		size_t len = *line == '$' ? name_len(line + 1 + (line[1] == '{')) : 0;
		bool begins = line == begin || isspace((unsigned char)line[-1]);

		if (*line == '$' && line[1] == '$') {
			st_buf_add_char(&out, '$');
			line += 2;
		} else if (len && line[1] == '{' && line[2 + len] == '}') {
			add_mark(ST_MARK_QUOTED, line + 2, len, &out);
			line += len + 3;
		} else if (len && line[1] != '{' && begins &&
			   (!line[1 + len] || isspace((unsigned char)line[1 + len]))) {
			add_mark(ST_MARK_BARE, line + 1, len, &out);
			line += len + 1;
		} else {
			st_buf_add_char(&out, *line++);
		}
	}
	making->plan->has_failed |= out.failed;
	copy = st_plan_copy(making->plan, st_buf_text(&out), out.len);
	st_buf_done(&out);
	return copy;
}

static int add_command(struct st_unit_making *making, const struct st_ini_entry *entry,
		       struct st_plan_node *child)
{
	struct command command = { .line = st_unit_expand(making, entry->value),
				   .has_variables = true };
	struct st_argv argv;
	const char *why;

	while (take_prefix(making, entry, child, &command))
		;
	if (command.has_variables)
		command.line = mark_variables(making, command.line);
	why = st_argv_split(making->plan, ST_ARGV_SYSTEMD, command.line, &argv);
	if (why)
		return st_unit_refuse(making, entry, why);
	if (command.has_name && argv.nr > 1) {
		argv.words[1] = argv.words[0];
		argv.words++;
		argv.nr--;
	}
	(void)st_argv_add(making->plan, child, "start", &argv);
	return 0;
}

static bool is_oneshot(const struct st_unit *unit)
{
	return !strcmp(st_unit_value(unit, "Service", "Type", ""), "oneshot");
}

/* A child that does its work and ends, before the unit's own. */
static int add_child_before(struct st_unit_making *making, const struct st_ini_entry *entry,
			    const char *suffix)
{
	struct st_unit_making before = *making;
	char name[128];
	int err;

	before.is_before = true;
	(void)snprintf(name, sizeof(name), "%.100s_%s", making->unit->name, suffix);
	before.child = st_import_child(making->import, making->list,
				       st_import_id(making->import, making->list, name));
	st_plan_note(making->plan, before.child, entry->line,
		     "%s: it runs before the next child starts, but not again when that is "
		     "restarted",
		     entry->key);
	err = add_command(&before, entry, before.child);
	(void)st_plan_add(making->plan, before.child, ST_PLAN_VALUE, "ready", "exit");
	(void)st_plan_add(making->plan, before.child, ST_PLAN_VALUE, "restart", "temporary");
	return err ? err : st_unit_take(&before);
}

/* The last ExecStart; an empty value forgets those before it. */
static const struct st_ini_entry *last_start(const struct st_unit *unit)
{
	const struct st_ini_entry *entry = st_unit_find(unit, "Service", "ExecStart");

	return entry && *entry->value ? entry : NULL;
}

/* Whether a later empty value of the same key takes this one back. */
static bool is_reset(const struct st_unit *unit, const struct st_ini_entry *entry)
{
	const struct st_ini_entry *later = entry;

	if (!*entry->value)
		return true;
	while ((later = st_unit_next(unit, "Service", later)))
		if (!strcasecmp(later->key, entry->key) && !*later->value)
			return true;
	return false;
}

int st_unit_add_before(struct st_unit_making *making)
{
	static const char *const keys[][2] = { { "ExecStartPre", "pre" },
					       { "ExecStart", "start" } };
	const struct st_unit *unit = making->unit;
	unsigned int nr = 0;
	int err = 0;

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys) && !err; i++) {
		const struct st_ini_entry *entry = NULL;

		while (!err && (entry = st_unit_next(unit, "Service", entry)))
			if (!strcasecmp(entry->key, keys[i][0]) && entry != last_start(unit) &&
			    !is_reset(unit, entry))
				err = nr++ == MAX_COMMANDS ?
					      st_unit_refuse(making, entry,
							     "these are too many commands") :
					      add_child_before(making, entry, keys[i][1]);
	}
	return err;
}

int st_unit_add_start(struct st_unit_making *making)
{
	const struct st_ini_entry *entry = last_start(making->unit);

	if (!entry)
		return st_import_refuse(making->import, making->unit->file, 0,
					"%s has no ExecStart", making->unit->name);
	if (is_oneshot(making->unit))
		(void)st_plan_add(making->plan, making->child, ST_PLAN_VALUE, "ready", "exit");
	return add_command(making, entry, making->child);
}
