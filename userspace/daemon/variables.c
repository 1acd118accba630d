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
	struct file *same_hash; /* in by_path */
	struct set now;
	struct set staged;
	bool is_staged;
	bool is_kept; /* it was staged before, and kept */
	bool is_changed; /* what is staged differs from what is kept */
	char path[];
};

/* FNV-1a of a text up to @stop. */
static uint64_t hash_of(const char *text, char stop)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *text && *text != stop; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return hash ? hash : 1; /* a map has no key 0 */
}

void st_variables_init(struct st_variables *variables)
{
	*variables = (struct st_variables){ .by_path = { .nr = 0 } };
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
	st_map_done(&variables->by_path);
}

/* A '-' before the path: the file may be missing. */
static const char *plain(const char *path)
{
	return *path == '-' ? path + 1 : path;
}

static struct file *find(const struct st_variables *variables, const char *path)
{
	struct file *file = st_map_get(&variables->by_path, hash_of(plain(path), '\0'));

	while (file && strcmp(file->path, plain(path)) != 0)
		file = file->same_hash;
	return file;
}

static struct file *get(struct st_variables *variables, const char *path)
{
	size_t size = strlen(plain(path)) + 1;
	uint64_t hash = hash_of(plain(path), '\0');
	struct file *file = find(variables, path);

	if (file)
		return file;
	if (st_map_reserve(&variables->by_path, variables->by_path.nr + 1))
		return NULL;
	file = st_alloc(sizeof(*file) + size);
	if (!file)
		return NULL;
	memcpy(file->path, plain(path), size);
	file->same_hash = st_map_get(&variables->by_path, hash);
	st_map_put(&variables->by_path, hash, file);
	st_list_add_tail(&file->link, &variables->files);
	return file;
}

/* ---- names ---- */

static bool is_same_name(const char *variable, const char *other)
{
	size_t len = strcspn(variable, "=");

	return !strncmp(variable, other, len + 1);
}

static size_t slots_for(size_t nr)
{
	size_t slots = 4;

	while (slots < nr * 2)
		slots *= 2;
	return slots;
}

/* The slot of a name: a variable of this name, or NULL. @nr: a power of two. */
static const char **slot_of(const char **slots, size_t nr, const char *variable)
{
	size_t at = hash_of(variable, '=') & (nr - 1);

	while (slots[at] && !is_same_name(slots[at], variable))
		at = (at + 1) & (nr - 1);
	return &slots[at];
}

/* Of equal names the last one of a text counts. */
static void put_all(const char **slots, size_t nr_slots, const struct set *set)
{
	for (const char *at = set->text; at && at < set->text + set->len; at += strlen(at) + 1)
		*slot_of(slots, nr_slots, at) = at;
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
	const struct set from = { .text = all->data, .len = all->len };
	size_t nr_slots = slots_for(set->nr);
	const char **slots = st_alloc_array(nr_slots, sizeof(*slots));

	set->nr = 0;
	set->text = st_alloc(all->len);
	if (!set->text || !slots) {
		st_free(set->text);
		st_free(slots);
		set->text = NULL;
		return -ENOMEM;
	}
	put_all(slots, nr_slots, &from);
	for (const char *text = all->data; text < all->data + all->len;) {
		size_t size = strlen(text) + 1;

		if (*slot_of(slots, nr_slots, text) == text) {
			memcpy(set->text + set->len, text, size);
			set->len += size;
			set->nr++;
		}
		text += size;
	}
	st_free(slots);
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

static bool is_same_set(const struct set *a, const struct set *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->text, b->text, a->len));
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
	file->is_changed = file->is_kept && !is_same_set(&file->now, &set);
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
		if (is_kept) {
			file->now = file->staged;
			file->is_kept = true;
		}
		file->staged = (struct set){ .nr = 0 };
		file->is_staged = false;
		st_free(old.text);
	}
}

bool st_variables_differ(const struct st_variables *variables, const struct st_process_spec *spec)
{
	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);

		if (file && file->is_staged && file->is_changed)
			return true;
	}
	return false;
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

struct st_variables_room st_variables_room(const struct st_variables *variables,
					   const struct st_process_spec *spec, size_t nr_before)
{
	struct st_variables_room room = { .nr = 0 };

	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);

		room.nr += file ? file->now.nr : 0;
		room.bytes += file ? file->now.len : 0;
	}
	room.nr_slots = slots_for(nr_before + room.nr + spec->nr_env);
	return room;
}

static void put_spec(const struct st_variables *variables, const struct st_process_spec *spec,
		     const char **slots, size_t nr_slots)
{
	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);

		if (file)
			put_all(slots, nr_slots, &file->now);
	}
	for (uint32_t i = 0; i < spec->nr_env; i++)
		*slot_of(slots, nr_slots, spec->env[i]) = spec->env[i];
}

/*
 * Each name is put once for each place that has it, later places over earlier ones; then what
 * stands in its slot counts.
 */
char **st_variables_merge(const struct st_variables *variables, const struct st_process_spec *spec,
			  char **first, char **end, const struct st_variables_room *room)
{
	const char **slots = room->slots;
	size_t nr_slots = room->nr_slots;
	char *texts = room->texts, **at = first;

	for (char **variable = first; variable < end; variable++)
		*slot_of(slots, nr_slots, *variable) = *variable;
	put_spec(variables, spec, slots, nr_slots);
	for (char **variable = first; variable < end; variable++)
		if (*slot_of(slots, nr_slots, *variable) == *variable)
			*at++ = *variable;
	for (uint32_t i = 0; i < spec->nr_env_files; i++) {
		const struct file *file = find(variables, spec->env_files[i]);
		const char *text = file ? file->now.text : NULL;

		while (text && text < file->now.text + file->now.len) {
			size_t size = strlen(text) + 1;
			const char **slot = slot_of(slots, nr_slots, text);

			if (*slot == text) {
				*slot = *at++ = memcpy(texts, text, size); /* once */
				texts += size;
			}
			text += size;
		}
	}
	return at;
}
