// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections and their lines; see ini.h. What the lines mean is in the two readers.
 */
#include "cli/import/ini.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

struct reading {
	struct st_import *import;
	const struct st_import_file *file;
	enum st_ini_style style;
	struct st_ini *ini;
	struct st_buf value; /* of the entry that may go on */
	struct st_ini_entry *entry; /* the same entry, or NULL */
	bool goes_on; /* systemd: the last line ended with a backslash */
};

/* A line without its end. */
struct line {
	const char *at;
	size_t len;
	unsigned int nr;
};

static void trim(struct line *line)
{
	while (line->len && isspace((unsigned char)*line->at)) {
		line->at++;
		line->len--;
	}
	while (line->len && isspace((unsigned char)line->at[line->len - 1]))
		line->len--;
}

/* The value of an entry is known when the next one begins. */
static void end_entry(struct reading *reading)
{
	struct st_plan *plan = &reading->import->plan;

	if (!reading->entry)
		return;
	plan->has_failed |= reading->value.failed;
	reading->entry->value = st_plan_copy(plan, st_buf_text(&reading->value),
					     strlen(st_buf_text(&reading->value)));
	st_buf_reset(&reading->value);
	reading->entry = NULL;
}

static int begin_section(struct reading *reading, const struct line *line)
{
	struct st_ini_section *section;

	end_entry(reading);
	if (line->len < 3 || line->at[line->len - 1] != ']')
		return st_import_refuse(reading->import, reading->file, line->nr,
					"a section must end with ]");
	section = st_arena_alloc(&reading->import->plan.arena, 1, sizeof(*section));
	if (!section)
		return -ENOMEM;
	section->name = st_plan_copy(&reading->import->plan, line->at + 1, line->len - 2);
	section->line = line->nr;
	if (reading->ini->last)
		reading->ini->last->next = section;
	else
		reading->ini->first = section;
	reading->ini->last = section;
	return 0;
}

/* supervisord: a ; after a blank begins a comment. */
static size_t without_comment(const struct line *line)
{
	for (size_t i = 1; i < line->len; i++)
		if (line->at[i] == ';' && isspace((unsigned char)line->at[i - 1]))
			return i;
	return line->len;
}

/* Add a part of a value; with systemd a backslash at its end is a blank. */
static void add_value(struct reading *reading, struct line part)
{
	bool is_systemd = reading->style == ST_INI_SYSTEMD;

	if (!is_systemd)
		part.len = without_comment(&part);
	trim(&part);
	reading->goes_on = is_systemd && part.len && part.at[part.len - 1] == '\\';
	part.len -= reading->goes_on;
	if (reading->value.len)
		st_buf_add_char(&reading->value, is_systemd ? ' ' : '\n');
	st_buf_add(&reading->value, part.at, part.len);
}

static int begin_entry(struct reading *reading, const struct line *line)
{
	const char *colon = memchr(line->at, ':', line->len);
	const char *equals = memchr(line->at, '=', line->len);
	struct line key = *line, value = *line;
	struct st_ini_section *section = reading->ini->last;
	struct st_ini_entry *entry;

	end_entry(reading);
	if (reading->style == ST_INI_SUPERVISORD && colon && (!equals || colon < equals))
		equals = colon;
	if (!equals || equals == line->at)
		return st_import_refuse(reading->import, reading->file, line->nr,
					"this is neither [SECTION] nor NAME=VALUE");
	if (!section)
		return st_import_refuse(reading->import, reading->file, line->nr,
					"a [SECTION] must come before the first NAME=VALUE");
	if (reading->ini->nr_entries++ == ST_INI_MAX_ENTRIES)
		return st_import_refuse(reading->import, reading->file, line->nr,
					"these are more than %d lines NAME=VALUE",
					ST_INI_MAX_ENTRIES);
	entry = st_arena_alloc(&reading->import->plan.arena, 1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	key.len = (size_t)(equals - line->at);
	trim(&key);
	entry->key = st_plan_copy(&reading->import->plan, key.at, key.len);
	entry->line = line->nr;
	if (section->last)
		section->last->next = entry;
	else
		section->first = entry;
	section->last = entry;
	reading->entry = entry;
	value.at = equals + 1;
	value.len = line->len - (size_t)(value.at - line->at);
	add_value(reading, value);
	return 0;
}

static bool is_comment(const struct reading *reading, const struct line *line)
{
	if (reading->goes_on) /* systemd: comments may stand between the parts */
		return line->len && strchr("#;", *line->at);
	return !line->len || strchr("#;", *line->at);
}

static int take_line(struct reading *reading, struct line line)
{
	bool is_indented = line.len && isblank((unsigned char)*line.at);

	trim(&line);
	if (is_comment(reading, &line))
		return 0;
	if (reading->goes_on ||
	    (reading->style == ST_INI_SUPERVISORD && is_indented && reading->entry)) {
		add_value(reading, line);
		return 0;
	}
	return *line.at == '[' ? begin_section(reading, &line) : begin_entry(reading, &line);
}

int st_ini_read(struct st_import *import, const struct st_import_file *file,
		enum st_ini_style style, const struct st_ini_part *part, struct st_ini *ini)
{
	struct reading reading = { .import = import, .file = file, .style = style, .ini = ini };
	const char *text = part->text, *end = text + part->len;
	unsigned int line = part->line;
	int err = 0;

	if (part->len >= 3 && line == 1 && !memcmp(text, "\xef\xbb\xbf", 3)) /* byte order mark */
		text += 3;
	while (text < end && !err) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		err = take_line(&reading, (struct line){ text, (size_t)(stop - text), line++ });
		text = newline ? newline + 1 : end;
	}
	end_entry(&reading);
	st_buf_done(&reading.value);
	return err;
}

const struct st_ini_entry *st_ini_find(const struct st_ini_section *section, const char *key)
{
	const struct st_ini_entry *found = NULL;

	for (const struct st_ini_entry *entry = section->first; entry; entry = entry->next)
		if (!strcasecmp(entry->key, key))
			found = entry;
	return found;
}
