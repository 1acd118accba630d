// SPDX-License-Identifier: GPL-2.0-only
/*
 * Units of systemd: each .service is a child. There may be several files, and several units
 * in one text, as `systemctl cat` prints them: a line "# /lib/systemd/system/x.service"
 * begins a unit, and one of x.service.d/ goes on with it.
 *
 * Units are placed in the order that After, Before and Requires ask for. Those that require
 * each other become children of one supervisor with rest_for_one.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/systemd.h"

#define MAX_UNITS 100

struct systemd {
	struct st_import *import;
	struct st_plan *plan;
	struct st_unit *units;
	struct st_unit **end;
	unsigned int nr;
};

/* ---- entries ---- */

const struct st_ini_entry *st_unit_next(const struct st_unit *unit, const char *section,
					const struct st_ini_entry *last)
{
	bool is_after = !last;

	for (const struct st_ini_section *at = unit->ini.first; at; at = at->next) {
		for (const struct st_ini_entry *entry = at->first; entry; entry = entry->next) {
			if (is_after && !strcmp(at->name, section))
				return entry;
			is_after |= entry == last;
		}
	}
	return NULL;
}

const struct st_ini_entry *st_unit_find(const struct st_unit *unit, const char *section,
					const char *key)
{
	const struct st_ini_entry *found = NULL;

	for (const struct st_ini_section *at = unit->ini.first; at; at = at->next)
		for (const struct st_ini_entry *entry = at->first; entry; entry = entry->next)
			if (!strcmp(at->name, section) && !strcasecmp(entry->key, key))
				found = entry;
	return found;
}

const char *st_unit_value(const struct st_unit *unit, const char *section, const char *key,
			  const char *fallback)
{
	const struct st_ini_entry *entry = st_unit_find(unit, section, key);

	return entry ? entry->value : fallback;
}

int st_unit_refuse(const struct st_unit_making *making, const struct st_ini_entry *entry,
		   const char *why)
{
	return st_import_refuse(making->import, making->unit->file, entry->line, "%s=%s: %s",
				entry->key, entry->value, why);
}

/* ---- values ---- */

static void add_specifier(const struct st_unit *unit, char letter, struct st_buf *out)
{
	const char *at = strchr(unit->name, '@');
	size_t prefix = at ? (size_t)(at - unit->name) : strlen(unit->name);

	switch (letter) {
	case '%':
		st_buf_add_char(out, '%');
		return;
	case 'n':
		st_buf_add_text(out, unit->name);
		st_buf_add_text(out, ".service");
		return;
	case 'N':
		st_buf_add_text(out, unit->name);
		return;
	case 'p':
		st_buf_add(out, unit->name, prefix);
		return;
	case 'i':
		if (at && at[1]) {
			st_buf_add_text(out, at + 1);
			return;
		}
		break;
	default:
		break;
	}
	st_buf_add_char(out, '%');
	st_buf_add_char(out, letter);
}

const char *st_unit_expand(const struct st_unit_making *making, const char *text)
{
	struct st_buf out = ST_BUF_INIT;
	const char *copy;

	for (; *text; text++) {
		if (*text == '%' && text[1])
			add_specifier(making->unit, *++text, &out);
		else
			st_buf_add_char(&out, *text);
	}
	making->plan->has_failed |= out.failed;
	copy = st_plan_copy(making->plan, st_buf_text(&out), out.len);
	st_buf_done(&out);
	return copy;
}

static const struct {
	const char *unit;
	uint64_t us;
} time_units[] = {
	{ "us", 1 },
	{ "usec", 1 },
	{ "ms", 1000 },
	{ "msec", 1000 },
	{ "s", 1000000 },
	{ "sec", 1000000 },
	{ "second", 1000000 },
	{ "seconds", 1000000 },
	{ "", 1000000 },
	{ "m", 60000000 },
	{ "min", 60000000 },
	{ "minute", 60000000 },
	{ "minutes", 60000000 },
	{ "h", 3600000000 },
	{ "hr", 3600000000 },
	{ "hour", 3600000000 },
	{ "hours", 3600000000 },
	{ "d", 86400000000 },
	{ "day", 86400000000 },
	{ "days", 86400000000 },
};

/* Add one part, as 30s; false: it is none. */
static bool add_time(const char **text, double *us)
{
	char *after;
	double value = strtod(*text, &after);
	size_t len = 0;

	if (after == *text || !isdigit((unsigned char)**text) || value > 1e12)
		return false;
	after += strspn(after, " ");
	while (isalpha((unsigned char)after[len]))
		len++;
	*text = after + len + strspn(after + len, " ");
	for (size_t i = 0; i < ST_ARRAY_SIZE(time_units); i++)
		if (strlen(time_units[i].unit) == len && !strncmp(time_units[i].unit, after, len)) {
			*us += value * (double)time_units[i].us;
			return true;
		}
	return false;
}

bool st_unit_time(const char *text, uint64_t *ret_ms)
{
	double us = 0;

	if (!strcmp(text, "infinity")) {
		*ret_ms = ST_UNIT_INFINITY;
		return true;
	}
	do
		if (!add_time(&text, &us))
			return false;
	while (*text && us < 1e15);
	*ret_ms = us < 1e15 ? (uint64_t)(us / 1000) : ST_UNIT_INFINITY;
	return true;
}

/* ---- order ---- */

/* Whether a list of names has the name of a unit. */
static bool names(const char *list, const struct st_unit *unit)
{
	size_t len = strlen(unit->name);

	while (*list) {
		size_t word;

		list += strspn(list, " \t");
		word = strcspn(list, " \t");
		if (word == len + strlen(".service") && !strncmp(list, unit->name, len) &&
		    !strncmp(list + len, ".service", strlen(".service")))
			return true;
		list += word;
	}
	return false;
}

static bool has(const struct st_unit *unit, const char *const *keys, size_t nr,
		const struct st_unit *other)
{
	const struct st_ini_entry *entry = NULL;

	while ((entry = st_unit_next(unit, "Unit", entry)))
		for (size_t i = 0; i < nr; i++)
			if (!strcasecmp(entry->key, keys[i]) && names(entry->value, other))
				return true;
	return false;
}

static bool requires(const struct st_unit *unit, const struct st_unit *other)
{
	static const char *const keys[] = { "Requires", "BindsTo", "Requisite", "PartOf" };

	return has(unit, keys, ST_ARRAY_SIZE(keys), other);
}

static bool comes_after(const struct st_unit *unit, const struct st_unit *other)
{
	static const char *const after[] = { "After" }, *const before[] = { "Before" };

	return has(unit, after, 1, other) || has(other, before, 1, unit) || requires(unit, other);
}

/* Units of a group have its number: the lower one is taken for both. */
static void find_groups(struct systemd *all)
{
	bool has_changed = true;

	while (has_changed) {
		has_changed = false;
		for (struct st_unit *unit = all->units; unit; unit = unit->next)
			for (struct st_unit *other = all->units; other; other = other->next) {
				if (unit->group <= other->group ||
				    !(requires(unit, other) || requires(other, unit)))
					continue;
				unit->group = other->group;
				has_changed = true;
			}
	}
}

static bool is_in(const struct st_unit *unit, unsigned int group)
{
	return !unit->is_placed && (!group || unit->group == group);
}

/* The first one that waits for no other; in a circle the first one. @group 0: any */
static struct st_unit *next_unit(const struct systemd *all, unsigned int group)
{
	struct st_unit *first = NULL;

	for (struct st_unit *unit = all->units; unit; unit = unit->next) {
		bool waits = false;

		if (!is_in(unit, group))
			continue;
		for (struct st_unit *other = all->units; other && !waits; other = other->next)
			waits = other != unit && is_in(other, group) && comes_after(unit, other);
		if (!waits)
			return unit;
		first = first ? first : unit;
	}
	return first;
}

/* ---- children ---- */

static bool is_of_order(const char *key)
{
	static const char *const keys[] = { "After",   "Before", "Requires",  "Wants",
					    "BindsTo", "PartOf", "Requisite", "Upholds" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++)
		if (!strcasecmp(keys[i], key))
			return true;
	return false;
}

static bool is_imported(const struct systemd *all, const char *list)
{
	for (const struct st_unit *unit = all->units; unit; unit = unit->next)
		if (names(list, unit))
			return true;
	return false;
}

/* The keys of [Unit]; [Install] says when to start, which is with the supervisor. */
static void take_unit_keys(const struct systemd *all, struct st_unit_making *making)
{
	static const char *const known[] = { "Documentation", "StartLimitBurst",
					     "StartLimitInterval", "StartLimitIntervalSec" };
	const struct st_ini_entry *entry = NULL;

	while ((entry = st_unit_next(making->unit, "Unit", entry))) {
		bool is_known = false;

		for (size_t i = 0; i < ST_ARRAY_SIZE(known); i++)
			is_known |= !strcasecmp(known[i], entry->key);
		if (!strcasecmp(entry->key, "Description"))
			st_plan_note(making->plan, making->child, 0, "%s", entry->value);
		else if (is_of_order(entry->key) && !is_imported(all, entry->value))
			st_plan_note(making->plan, making->child, entry->line,
				     "%s=%s: these units are not children", entry->key,
				     entry->value);
		else if (!is_of_order(entry->key) && !is_known)
			st_plan_note(making->plan, making->child, entry->line,
				     "%s=%s: not carried over", entry->key, entry->value);
	}
}

static void note_sections(struct st_unit_making *making)
{
	static const char *const known[] = { "Unit", "Service", "Install" };

	for (const struct st_ini_section *section = making->unit->ini.first; section;
	     section = section->next) {
		bool is_known = false;

		for (size_t i = 0; i < ST_ARRAY_SIZE(known); i++)
			is_known |= !strcmp(known[i], section->name);
		if (!is_known)
			st_plan_note(making->plan, making->child, section->line,
				     "[%s] is not carried over", section->name);
	}
}

static const struct st_ini_entry *limit(const struct st_unit *unit, const char *key)
{
	const struct st_ini_entry *entry = st_unit_find(unit, "Unit", key);

	return entry ? entry : st_unit_find(unit, "Service", key);
}

/* A unit with a StartLimit gives up by itself: it has a supervisor of its own. */
static struct st_plan_node *own_list(struct systemd *all, const struct st_unit *unit,
				     struct st_plan_node *list)
{
	const struct st_ini_entry *burst = limit(unit, "StartLimitBurst");
	const struct st_ini_entry *interval = limit(unit, "StartLimitIntervalSec");
	struct st_plan_node *child, *sup;
	uint64_t ms = 10000;

	if (!interval)
		interval = limit(unit, "StartLimitInterval");
	if (!burst && !interval)
		return list;
	if (interval && (!st_unit_time(interval->value, &ms) || ms == ST_UNIT_INFINITY))
		ms = 10000;
	if (!ms)
		return list;
	child = st_import_child(all->import, list, st_import_id(all->import, list, unit->name));
	st_plan_note(all->plan, child, burst ? burst->line : interval->line,
		     "After this number of starts it is not started again, and nothing else ends.");
	(void)st_plan_add(all->plan, child, ST_PLAN_VALUE, "restart", "temporary");
	sup = st_plan_add(all->plan, child, ST_PLAN_MAP, "supervisor", NULL);
	(void)st_plan_add_number(all->plan, sup, "intensity",
				 burst ? strtol(burst->value, NULL, 10) : 5);
	(void)st_plan_add_number(all->plan, sup, "period", ms < 1000 ? 1 : (int64_t)(ms / 1000));
	return st_plan_add(all->plan, sup, ST_PLAN_LIST, "children", NULL);
}

static int make_child(struct systemd *all, struct st_unit *unit, struct st_plan_node *list)
{
	struct st_unit_making making = { .import = all->import, .plan = all->plan, .unit = unit };
	int err;

	unit->is_placed = true;
	all->plan->source = unit->file->name;
	making.list = own_list(all, unit, list);
	err = st_unit_add_before(&making);
	if (err)
		return err;
	making.child = st_import_child(all->import, making.list,
				       st_import_id(all->import, making.list, unit->name));
	take_unit_keys(all, &making);
	note_sections(&making);
	err = st_unit_add_start(&making);
	return err ? err : st_unit_take(&making);
}

static unsigned int group_size(const struct systemd *all, unsigned int group)
{
	unsigned int nr = 0;

	for (const struct st_unit *unit = all->units; unit; unit = unit->next)
		nr += unit->group == group;
	return nr;
}

static int make_group(struct systemd *all, unsigned int group, struct st_plan_node *list)
{
	struct st_plan_node *child, *sup;
	struct st_unit *unit = next_unit(all, group);
	char name[128];
	int err = 0;

	(void)snprintf(name, sizeof(name), "with_%.100s", unit->name);
	child = st_import_child(all->import, list, st_import_id(all->import, list, name));
	st_plan_note(all->plan, child, 0,
		     "These require each other: after the end of one, those after it are "
		     "restarted, too.");
	sup = st_plan_add(all->plan, child, ST_PLAN_MAP, "supervisor", NULL);
	(void)st_plan_add(all->plan, sup, ST_PLAN_VALUE, "strategy", "rest_for_one");
	st_import_flags(all->import, sup);
	list = st_plan_add(all->plan, sup, ST_PLAN_LIST, "children", NULL);
	while (!err && (unit = next_unit(all, group)))
		err = make_child(all, unit, list);
	return err;
}

static int make_all(struct systemd *all)
{
	struct st_plan_node *list;
	struct st_unit *unit;
	int err = 0;

	find_groups(all);
	st_import_flags(all->import, all->plan->root);
	list = st_plan_add(all->plan, all->plan->root, ST_PLAN_LIST, "children", NULL);
	while (!err && (unit = next_unit(all, 0))) {
		if (group_size(all, unit->group) > 1)
			err = make_group(all, unit->group, list);
		else
			err = make_child(all, unit, list);
	}
	return err;
}

/* ---- files ---- */

/* The name of the unit that a path means: of x.service, or of x.service.d/y.conf. */
static const char *unit_name(struct systemd *all, const char *path, size_t len)
{
	const char *text = st_plan_copy(all->plan, path, len), *dot = strstr(text, ".service");
	const char *begin = dot;

	if (!dot)
		return NULL;
	while (begin > text && begin[-1] != '/')
		begin--;
	return dot > begin ? st_plan_copy(all->plan, begin, (size_t)(dot - begin)) : NULL;
}

static int get_unit(struct systemd *all, const struct st_import_file *file, const char *name,
		    struct st_unit **ret_unit)
{
	struct st_unit *unit;

	for (unit = all->units; unit; unit = unit->next)
		if (!strcmp(unit->name, name)) {
			*ret_unit = unit;
			return 0;
		}
	if (all->nr == MAX_UNITS)
		return st_import_refuse(all->import, file, 0, "these are more than %d units",
					MAX_UNITS);
	unit = st_arena_alloc(&all->plan->arena, 1, sizeof(*unit));
	if (!unit)
		return -ENOMEM;
	unit->name = name;
	unit->file = file;
	unit->group = ++all->nr;
	*all->end = unit;
	all->end = &unit->next;
	*ret_unit = unit;
	return 0;
}

/* "# /lib/systemd/system/x.service", as `systemctl cat` writes it; NULL: it is another line. */
static const char *header(struct systemd *all, const char *line, size_t len)
{
	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	if (len < 4 || strncmp(line, "# /", 3) || memchr(line + 2, ' ', len - 2))
		return NULL;
	return unit_name(all, line + 2, len - 2);
}

static int read_part(struct systemd *all, const struct st_import_file *file, const char *name,
		     const struct st_ini_part *part)
{
	struct st_unit *unit = NULL;
	int err = get_unit(all, file, name, &unit);

	return err ? err : st_ini_read(all->import, file, ST_INI_SYSTEMD, part, &unit->ini);
}

/* Read one file in parts, each from a header to the next one. */
static int read_file(struct systemd *all, const struct st_import_file *file)
{
	struct st_ini_part part = { .text = file->text, .line = 1 };
	const char *end = file->text + file->len, *at = file->text;
	const char *name = unit_name(all, file->name, strlen(file->name));
	unsigned int line = 1;
	int err = 0;

	name = name ? name : "unit";
	while (!err && at <= end) {
		const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		const char *stop = newline ? newline + 1 : end;
		const char *next = header(all, at, (size_t)(stop - at));

		if (next || at == end) {
			part.len = (size_t)(at - part.text);
			if (part.len)
				err = read_part(all, file, name, &part);
			part = (struct st_ini_part){ .text = at, .line = line };
			name = next ? next : name;
		}
		if (at == end)
			break;
		at = stop;
		line++;
	}
	return err;
}

/* A text before the first unit may have comments alone. */
static int check_units(struct systemd *all)
{
	struct st_unit **at = &all->units;

	while (*at) {
		bool has_service = false;

		for (const struct st_ini_section *section = (*at)->ini.first; section;
		     section = section->next)
			has_service |= !strcmp(section->name, "Service");
		if (!has_service && (*at)->ini.first)
			return st_import_refuse(
				all->import, (*at)->file, 0,
				"%s has no [Service]: only services can be children", (*at)->name);
		if (has_service)
			at = &(*at)->next;
		else
			*at = (*at)->next;
	}
	return all->units ? 0 :
			    st_import_refuse(all->import, all->import->files, 0,
					     "there is no [Service]");
}

int st_import_systemd(struct st_import *import)
{
	struct systemd all = { .import = import, .plan = &import->plan, .end = &all.units };
	int err = 0;

	for (size_t i = 0; i < import->nr_files && !err; i++)
		err = read_file(&all, &import->files[i]);
	if (!err)
		err = check_units(&all);
	return err ? err : make_all(&all);
}
