// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a trace to a document; see trace_export.h. Each format has its own writer.
 */
#include "cli/trace/trace_export.h"

#include <string.h>

#include "cli/call.h"
#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"
#include "cli/trace/trace_page.h"

#define DIAGRAM_LIMIT 100 /* messages; the default, because people read them */

struct form {
	const char *name;
	void (*write)(const json_t *records, struct st_buf *out);
};

static void write_json(const json_t *records, struct st_buf *out)
{
	st_words_json(records, out);
	st_buf_add_char(out, '\n');
}

/* The first one of each is the default. */
static const struct form diagrams[] = {
	{ "text", st_trace_write_diagram },
	{ "mermaid", st_trace_write_mermaid },
	{ NULL, NULL },
};
static const struct form documents[] = {
	{ "json", write_json },
	{ "csv", st_trace_write_csv },
	{ "perfetto", st_trace_write_perfetto },
	{ "mermaid", st_trace_write_mermaid },
	{ NULL, NULL },
};

/* NULL: there is none of that name, and an error was printed. */
static const struct form *find_form(const struct form *forms, const char *verb, const char *name)
{
	struct st_buf names = ST_BUF_INIT;

	for (const struct form *form = forms; form->name; form++)
		if (!*name || !strcmp(form->name, name))
			return form;
	for (const struct form *form = forms; form->name; form++) {
		st_buf_add_text(&names, names.len ? ", " : "");
		st_buf_add_text(&names, form->name);
	}
	st_say_wrong("%s: --format %s: it is one of %s", verb, name, st_buf_text(&names));
	st_buf_done(&names);
	return NULL;
}

/* Foreign text goes to a terminal without control characters. */
static enum st_exit_code say(const struct st_cli *cli, struct st_buf *document)
{
	struct st_buf out = ST_BUF_INIT;

	for (size_t i = 0; i < document->len;) {
		const char *line = document->data + i;
		const char *end = memchr(line, '\n', document->len - i);
		size_t len = end ? (size_t)(end - line) : document->len - i;

		st_style_add_foreign(&cli->style, line, len, &out);
		st_buf_add_char(&out, '\n');
		i += len + 1;
	}
	out.failed |= document->failed;
	st_buf_done(document);
	return st_say(&out);
}

static enum st_exit_code write_all(const struct st_cli *cli, const json_t *params, const char *verb,
				   const struct form *forms, uint64_t limit)
{
	bool is_json = cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
	const struct form *form = find_form(forms, verb, st_words_text(params, "format"));
	const json_t *wanted = json_object_get(params, "limit");
	struct st_trace_reader reader = {
		.cli = cli,
		.verb = verb,
		.id = st_words_number(params, "id"),
	};
	struct st_buf out = ST_BUF_INIT;
	json_t *records = NULL;
	enum st_exit_code code;

	if (!form)
		return ST_EXIT_USAGE;
	code = st_call_open(cli, &reader.conn);
	if (code != ST_EXIT_OK)
		return code;
	code = st_trace_all(&reader, wanted ? (uint64_t)json_integer_value(wanted) : limit,
			    &records);
	if (code == ST_EXIT_OK) {
		if (is_json)
			st_show_json(records, cli->format, &out);
		else
			form->write(records, &out);
		code = say(cli, &out);
	}
	json_decref(records);
	st_conn_close(reader.conn);
	return code;
}

enum st_exit_code st_trace_sequence(const struct st_cli *cli, const json_t *params)
{
	return write_all(cli, params, "trace-sequence", diagrams, DIAGRAM_LIMIT);
}

enum st_exit_code st_trace_export(const struct st_cli *cli, const json_t *params)
{
	return write_all(cli, params, "trace-export", documents, UINT64_MAX);
}
