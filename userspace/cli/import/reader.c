// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the readers share; see reader.h.
 */
#include "cli/import/reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/character.h"
#include "core/spec.h"

int st_import_refuse_at(struct st_import *import, const struct st_import_file *file,
			unsigned int line, unsigned int column, const char *text)
{
	if (import->mistake.len)
		return -EINVAL;
	st_buf_add_text(&import->mistake, file->name);
	if (line) {
		st_buf_add_char(&import->mistake, ':');
		st_buf_add_u64(&import->mistake, line);
	}
	if (column) {
		st_buf_add_char(&import->mistake, ':');
		st_buf_add_u64(&import->mistake, column);
	}
	st_buf_add_text(&import->mistake, ": ");
	st_buf_add_text(&import->mistake, text);
	return -EINVAL;
}

int st_import_refuse(struct st_import *import, const struct st_import_file *file, unsigned int line,
		     const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args); /* a long text is cut */
	va_end(args);
	return st_import_refuse_at(import, file, line, 0, text);
}

static int check_text(struct st_import *import, const struct st_import_file *file)
{
	const char *at = file->text, *end = at + file->len;
	unsigned int line = 1;

	if (file->len > ST_IMPORT_MAX_BYTES)
		return st_import_refuse(import, file, 0, "it is larger than 4 MiB");
	while (at < end) {
		struct st_character character = st_character_read(at, (size_t)(end - at));

		if (character.kind == ST_CHARACTER_BROKEN)
			return st_import_refuse(import, file, line, "this is not UTF-8");
		if (character.kind == ST_CHARACTER_CONTROL && !strchr("\t\r\n", *at))
			return st_import_refuse(import, file, line, "there is a control character");
		if (character.kind == ST_CHARACTER_CONTROL && !*at) /* strchr finds the NUL */
			return st_import_refuse(import, file, line, "there is a NUL character");
		line += *at == '\n';
		at += character.len;
	}
	return 0;
}

int st_import_run(struct st_import *import, st_import_fn *read)
{
	int ret = 0;

	for (size_t i = 0; i < import->nr_files && !ret; i++)
		ret = check_text(import, &import->files[i]);
	if (!ret)
		ret = read(import);
	if (!ret)
		ret = st_plan_check(&import->plan);
	if (ret == -EINVAL && !import->mistake.len)
		ret = st_import_refuse(import, &import->files[0], 0,
				       "no configuration can be made of it");
	return import->plan.has_failed || import->mistake.failed ? -ENOMEM : ret;
}

const char *st_import_folder(struct st_import *import, const struct st_import_file *file)
{
	const char *slash = file->path ? strrchr(file->path, '/') : NULL;
	size_t len;

	if (!slash)
		return NULL;
	len = (size_t)(slash - file->path);
	return st_plan_copy(&import->plan, file->path, len ? len : 1);
}

static bool is_taken(const struct st_plan_node *list, const char *id)
{
	for (const struct st_plan_node *child = list ? list->first : NULL; child;
	     child = child->next) {
		const struct st_plan_node *other = st_plan_find(child, "id");

		if (other && !strcmp(other->text, id))
			return true;
	}
	return false;
}

const char *st_import_id(struct st_import *import, const struct st_plan_node *list,
			 const char *name)
{
	char id[200], numbered[224];
	size_t len = 0;

	for (size_t left = strlen(name); left;) {
		struct st_character character = st_character_read(name, left);
		bool is_good = character.kind == ST_CHARACTER_PLAIN && *name != '/';

		if (len + character.len >= sizeof(id))
			break;
		if (is_good)
			memcpy(id + len, name, character.len);
		else
			id[len] = '_';
		len += is_good ? character.len : 1;
		name += character.len;
		left -= character.len;
	}
	id[len] = '\0';
	if (!st_id_is_valid(id))
		(void)snprintf(id, sizeof(id), "child");
	(void)snprintf(numbered, sizeof(numbered), "%s", id);
	for (unsigned int nr = 2; is_taken(list, numbered); nr++)
		(void)snprintf(numbered, sizeof(numbered), "%s_%u", id, nr);
	return st_plan_copy(&import->plan, numbered, strlen(numbered));
}

struct st_plan_node *st_import_child(struct st_import *import, struct st_plan_node *list,
				     const char *id)
{
	struct st_plan_node *child = st_plan_add(&import->plan, list, ST_PLAN_MAP, NULL, NULL);

	(void)st_plan_add(&import->plan, child, ST_PLAN_TEXT, "id", id);
	return child;
}

void st_import_flags(struct st_import *import, struct st_plan_node *map)
{
	st_plan_note(&import->plan, st_plan_add_number(&import->plan, map, "intensity", 1000), 0,
		     "No restart of one child ends the others: backoff slows restarts down, and "
		     "this number is not reached.");
	(void)st_plan_add(&import->plan, map, ST_PLAN_VALUE, "period", "10 s");
}

void st_import_backoff(struct st_import *import, struct st_plan_node *child)
{
	struct st_plan_node *backoff =
		st_plan_add(&import->plan, child, ST_PLAN_MAP, "backoff", NULL);

	(void)st_plan_add(&import->plan, backoff, ST_PLAN_VALUE, "min", "1 s");
	(void)st_plan_add(&import->plan, backoff, ST_PLAN_VALUE, "max", "30 s");
}
