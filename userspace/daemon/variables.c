// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of variables; see variables.h.
 *
 * A line is NAME=VALUE, with or without "export" before it and blanks around the =. Empty
 * lines and lines that begin with # or ; mean nothing. A value may stand in '...' or
 * "..."; in "..." a backslash makes the next character literal. Nothing is expanded.
 */
#include "daemon/variables.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "config/file.h"
#include "core/limits.h"
#include "core/spec_walk.h"

/* Texts one after the other, each with its NUL. */
struct set {
	char *text; /* owned; NULL: there is none */
	size_t len;
	size_t nr;
};

struct file {
	struct st_list link;
	struct set now;
	struct set staged;
	bool is_staged;
	char path[];
};

void st_variables_init(struct st_variables *variables)
{
	st_list_init(&variables->files);
}

static struct file *file_of(struct st_list *link)
{
	return st_list_entry(link, struct file, link);
}

void st_variables_done(struct st_variables *variables)
{
	while (!st_list_is_empty(&variables->files)) {
		struct file *file = file_of(variables->files.next);

		st_list_del(&file->link);
		st_free(file->now.text);
		st_free(file->staged.text);
		st_free(file);
	}
}

/* A '-' before the path: the file may be missing. */
static const char *plain(const char *path)
{
	return *path == '-' ? path + 1 : path;
}

static struct file *find(const struct st_variables *variables, const char *path)
{
	struct st_list *pos;

	st_list_for_each(pos, &variables->files)
		if (!strcmp(file_of(pos)->path, plain(path)))
			return file_of(pos);
	return NULL;
}

static struct file *get(struct st_variables *variables, const char *path)
{
	size_t size = strlen(plain(path)) + 1;
	struct file *file = find(variables, path);

	if (file)
		return file;
	file = st_alloc(sizeof(*file) + size);
	if (!file)
		return NULL;
	memcpy(file->path, plain(path), size);
	st_list_add_tail(&file->link, &variables->files);
	return file;
}

/* ---- names ---- */

static bool is_same_name(const char *variable, const char *other)
{
	size_t len = strcspn(variable, "=");

	return !strncmp(variable, other, len + 1);
}

static bool set_has(const struct set *set, const char *variable)
{
	for (const char *at = set->text; at && at < set->text + set->len; at += strlen(at) + 1)
		if (is_same_name(variable, at))
			return true;
	return false;
}

/* ---- lines ---- */

/* A line without its end, and what becomes of it. */
struct line {
	const char *at;
	const char *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(struct line *line)
{
	while (line->at < line->end && is_blank(*line->at))
		line->at++;
	while (line->end > line->at && is_blank(line->end[-1]))
		line->end--;
}

/* Why a name is none; NULL: it is one. */
static const char *check_name(const char *name, size_t len)
{
	if (!len)
		return "there is no name before =";
	for (size_t i = 0; i < len; i++)
		if (is_blank(name[i]) || name[i] == '\'' || name[i] == '"')
			return "a name has neither blanks nor quotes";
	return NULL;
}

/* Copy what is in quotes. Why it cannot be; NULL: it was. */
static const char *add_quoted(struct line *value, struct st_buf *out)
{
	char quote = *value->at++;

	for (; value->at < value->end && *value->at != quote; value->at++) {
		if (quote == '"' && *value->at == '\\' && value->at + 1 < value->end)
			value->at++;
		st_buf_add_char(out, *value->at);
	}
	if (value->at == value->end)
		return "a quote has no end";
	value->at++;
	return value->at == value->end ? NULL : "there is something after the closing quote";
}

static const char *add_line(struct line line, struct set *set, struct st_buf *out)
{
	struct line name;
	const char *equals, *why;

	trim(&line);
	if (line.at == line.end || *line.at == '#' || *line.at == ';')
		return NULL;
	if (line.end - line.at > 7 && !memcmp(line.at, "export", 6) && is_blank(line.at[6])) {
		line.at += 6;
		trim(&line);
	}
	equals = memchr(line.at, '=', (size_t)(line.end - line.at));
	if (!equals)
		return "it is not NAME=VALUE";
	name = (struct line){ line.at, equals };
	trim(&name);
	why = check_name(name.at, (size_t)(name.end - name.at));
	if (why)
		return why;
	if (set->nr++ == ST_MAX_ENV)
		return "there are too many variables";
	st_buf_add(out, name.at, (size_t)(name.end - name.at));
	st_buf_add_char(out, '=');
	line.at = equals + 1;
	trim(&line);
	if (line.at < line.end && (*line.at == '\'' || *line.at == '"'))
		why = add_quoted(&line, out);
	else
		st_buf_add(out, line.at, (size_t)(line.end - line.at));
	st_buf_add_char(out, '\0');
	return why;
}

/* ---- files ---- */

static int say(struct st_buf *why, const char *path, unsigned int line, const char *text)
{
	st_buf_add_text(why, "environment_file ");
	st_buf_add_text(why, path);
	if (line) {
		st_buf_add_char(why, ':');
		st_buf_add_u64(why, line);
	}
	st_buf_add_text(why, ": ");
	st_buf_add_text(why, text);
	return -EINVAL;
}

/* Of equal names the last one counts. */
static int take_last(const struct st_buf *all, struct set *set)
{
	struct set rest = { .text = all->data, .len = all->len };

	set->nr = 0;
	set->text = st_alloc(all->len);
	if (!set->text)
		return -ENOMEM;
	while (rest.len) {
		const char *text = rest.text;
		size_t size = strlen(text) + 1;

		rest.text += size;
		rest.len -= size;
		if (set_has(&rest, text))
			continue;
		memcpy(set->text + set->len, text, size);
		set->len += size;
		set->nr++;
	}
	return 0;
}

static int parse(const struct st_file *file, const char *path, struct set *set, struct st_buf *why)
{
	const char *at = file->bytes, *end = file->bytes + file->len;
	struct st_buf out = ST_BUF_INIT;
	const char *mistake = NULL;
	unsigned int nr = 0;
	int err = 0;

	if (memchr(at, '\0', file->len))
		return say(why, path, 0, "it is not a text: it has a NUL byte");
	while (at < end && !mistake) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct line line = { at, newline ? newline : end };

		nr++;
		mistake = add_line(line, set, &out);
		at = newline ? newline + 1 : end;
	}
	if (mistake)
		err = say(why, path, nr, mistake);
	else
		err = st_buf_error(&out);
	if (!err && out.len)
		err = take_last(&out, set);
	st_buf_done(&out);
	return err;
}

static const char *reason(int err)
{
	if (err == -EFBIG)
		return "it is larger than 1 MiB";
	if (err == -EINVAL || err == -EISDIR)
		return "it is not a file";
	return err == -EBUSY ? "it changed while it was read" : strerror(-err);
}

static int read_file(struct file *file, bool may_be_missing, struct st_buf *why)
{
	struct st_file content = { .bytes = NULL };
	struct set set = { .nr = 0 };
	int err = st_file_read(file->path, &content);

	if (!err && content.len > ST_VARIABLES_MAX_FILE)
		err = say(why, file->path, 0, reason(-EFBIG));
	else if (!err)
		err = parse(&content, file->path, &set, why);
	else if (err == -ENOENT && may_be_missing)
		err = 0;
	else if (err != -ENOMEM)
		err = say(why, file->path, 0, reason(err));
	st_free(content.bytes);
	if (err)
		return err;
	file->staged = set;
	file->is_staged = true;
	return 0;
}

static int read_files(struct st_variables *variables, const struct st_child_def *def,
		      struct st_buf *why)
{
	const struct st_process_spec *process = &def->process;
	int err = 0;

	for (uint32_t i = 0; i < process->nr_env_files && !err; i++) {
		const char *path = process->env_files[i];
		struct file *file = get(variables, path);

		if (!file)
			return -ENOMEM;
		if (!file->is_staged) /* by another child, or another time */
			err = read_file(file, *path == '-', why);
	}
	if (err != -EINVAL)
		return err;
	st_buf_add_text(why, " (child ");
	st_buf_add_text(why, def->id);
	st_buf_add_char(why, ')');
	return err;
}

int st_variables_read_sup(struct st_variables *variables, const struct st_sup_spec *spec,
			  struct st_buf *why)
{
	const struct st_child_spec *child;
	struct st_spec_walk walk;
	int err = 0;

	st_spec_walk_begin(&walk, spec);
	while (!err && (child = st_spec_walk_next(&walk)))
		err = read_files(variables, &child->def, why);
	return err;
}

int st_variables_read(struct st_variables *variables, const struct st_child_spec *spec,
		      struct st_buf *why)
{
	return spec->def.sup ? st_variables_read_sup(variables, spec->def.sup, why) :
			       read_files(variables, &spec->def, why);
}

static void end_staging(struct st_variables *variables, bool is_kept)
{
	struct st_list *pos;

	st_list_for_each(pos, &variables->files) {
		struct file *file = file_of(pos);
		struct set old = is_kept ? file->now : file->staged;

		if (!file->is_staged)
			continue;
		if (is_kept)
			file->now = file->staged;
		file->staged = (struct set){ .nr = 0 };
		file->is_staged = false;
		st_free(old.text);
	}
}

void st_variables_keep(struct st_variables *variables)
{
	end_staging(variables, true);
}

void st_variables_drop(struct st_variables *variables)
{
	end_staging(variables, false);
}

/* ---- use ---- */

/* Whether a file from number @first on has it. */
static bool has_from(const struct st_variables *variables, const struct st_process_spec *spec,
		     uint32_t first, const char *variable)
{
	for (uint32_t i = first; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);

		if (file && set_has(&file->now, variable))
			return true;
	}
	return false;
}

bool st_variables_has(const struct st_variables *variables, const struct st_process_spec *spec,
		      const char *variable)
{
	return has_from(variables, spec, 0, variable);
}

size_t st_variables_room(const struct st_variables *variables, const struct st_process_spec *spec,
			 size_t *ret_bytes)
{
	size_t nr = 0, bytes = 0;

	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);

		nr += file ? file->now.nr : 0;
		bytes += file ? file->now.len : 0;
	}
	*ret_bytes = bytes;
	return nr;
}

static bool is_in_spec(const struct st_process_spec *spec, const char *variable)
{
	for (uint32_t i = 0; i < spec->nr_env; i++)
		if (is_same_name(variable, spec->env[i]))
			return true;
	return false;
}

char **st_variables_add(const struct st_variables *variables, const struct st_process_spec *spec,
			char **at, char *texts)
{
	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);
		const char *text = file ? file->now.text : NULL;
		size_t size;

		for (; text && text < file->now.text + file->now.len; text += size) {
			size = strlen(text) + 1;
			if (is_in_spec(spec, text) || has_from(variables, spec, i + 1, text))
				continue;
			*at++ = memcpy(texts, text, size);
			texts += size;
		}
	}
	return at;
}
