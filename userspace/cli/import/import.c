// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verb: reading files, choosing the reader, printing; see import.h.
 */
#include "cli/import/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/call.h"
#include "cli/show/words.h"
#include "config/config.h"
#include "config/file.h"
#include "proto/json.h"

static const struct {
	const char *format;
	st_import_fn *read;
	bool takes_more; /* files than one */
} formats[] = {
	{ "supervisord", st_import_supervisord, false },
	{ "procfile", st_import_procfile, false },
	{ "systemd", st_import_systemd, true },
	{ "process-compose", st_import_process_compose, false },
	{ "erlang", st_import_erlang, true },
};

st_import_fn *st_import_find(const char *format)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].format, format))
			return formats[i].read;
	return NULL;
}

static bool takes_more(const char *format)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].format, format))
			return formats[i].takes_more;
	return false;
}

static const char *reason(int err)
{
	if (err == -EFBIG)
		return "it is larger than 16 MiB";
	if (err == -EINVAL || err == -EISDIR)
		return "it is not a file";
	return err == -EBUSY ? "it changed while it was read" : strerror(-err);
}

/* Read one file whole; @file owns path and text. */
static int read_file(const char *name, struct st_import_file *file)
{
	bool is_stdin = !strcmp(name, ST_CONFIG_STDIN);
	struct st_file content = { .bytes = NULL };
	int err = is_stdin ? st_file_read_all(STDIN_FILENO, &content) :
			     st_file_read(name, &content);
	char *text;

	file->name = is_stdin ? ST_CONFIG_STDIN_NAME : strrchr(name, '/');
	file->name = !file->name ? name : file->name + (*file->name == '/');
	if (err) {
		st_say_wrong("import: read %s: %s", name, reason(err));
		return err;
	}
	text = st_realloc(content.bytes, content.len + 1);
	if (!text) {
		st_free(content.bytes);
		return -ENOMEM;
	}
	text[content.len] = '\0';
	file->text = text;
	file->len = content.len;
	file->path = is_stdin ? NULL : realpath(name, NULL);
	return 0;
}

static void free_files(struct st_import_file *files, size_t nr)
{
	union {
		const char *borrowed;
		char *owned;
	} text, path;

	for (size_t i = 0; i < nr; i++) {
		text.borrowed = files[i].text;
		path.borrowed = files[i].path;
		st_free(text.owned);
		free(path.owned);
	}
	st_free(files);
}

static void write_note(const struct st_plan_note *note, struct st_json *json)
{
	st_json_begin_object(json);
	if (note->source)
		st_json_text_field(json, "file", note->source);
	if (note->line)
		st_json_u64_field(json, "line", note->line);
	st_json_text_field(json, "text", note->text);
	st_json_end_object(json);
}

/* The notes of all nodes, from top to bottom. */
static void write_notes(const struct st_plan *plan, struct st_json *json)
{
	const struct st_plan_node *node = plan->root;

	while (node) {
		for (const struct st_plan_note *note = node->notes; note; note = note->next)
			write_note(note, json);
		if (node->first) {
			node = node->first;
			continue;
		}
		while (node && !node->next)
			node = node->parent;
		node = node ? node->next : NULL;
	}
}

static void write_json(const struct st_plan *plan, struct st_buf *out)
{
	struct st_buf yaml = ST_BUF_INIT;
	struct st_json json;

	st_plan_write(plan, &yaml);
	st_json_init(&json, out);
	st_json_begin_object(&json);
	st_json_text_field(&json, "yaml", st_buf_text(&yaml));
	st_json_key(&json, "notes");
	st_json_begin_array(&json);
	write_notes(plan, &json);
	st_json_end_array(&json);
	st_json_end_object(&json);
	st_buf_add_char(out, '\n');
	out->failed |= yaml.failed;
	st_buf_done(&yaml);
}

static enum st_exit_code show(const struct st_cli *cli, const struct st_import_file *files,
			      size_t nr, st_import_fn *read)
{
	struct st_import import = { .files = files, .nr_files = nr };
	enum st_exit_code code = ST_EXIT_FAILED;
	struct st_buf text = ST_BUF_INIT;
	int ret;

	st_plan_init(&import.plan);
	ret = st_import_run(&import, read);
	if (!ret && (cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL))
		write_json(&import.plan, &text);
	else if (!ret)
		st_plan_write(&import.plan, &text);
	if (!ret)
		code = st_say(&text);
	else
		st_say_wrong("import: %s",
			     ret == -ENOMEM ? "out of memory" : st_buf_text(&import.mistake));
	st_buf_done(&import.mistake);
	st_plan_done(&import.plan);
	return code;
}

enum st_exit_code st_import(const struct st_cli *cli, const json_t *params)
{
	const json_t *more = json_object_get(params, "more"), *name;
	const char *format = st_words_text(params, "format");
	size_t nr = 1 + json_array_size(more), index;
	enum st_exit_code code = ST_EXIT_FAILED;
	struct st_import_file *files;
	int err;

	if (nr > 1 && !takes_more(format)) {
		st_say_wrong("import: %s takes one file", format);
		return code;
	}
	files = st_alloc_array(nr, sizeof(*files));
	if (!files) {
		st_say_wrong("import: out of memory");
		return code;
	}
	err = read_file(st_words_text(params, "file"), &files[0]);
	json_array_foreach(more, index, name)
		if (!err)
			err = read_file(json_string_value(name), &files[1 + index]);
	if (!err)
		code = show(cli, files, nr, st_import_find(format));
	free_files(files, nr);
	return code;
}
