// SPDX-License-Identifier: GPL-2.0-only
/*
 * st-man SOURCE OUT: write the manual pages to OUT. SOURCE is tools/man of this
 * project. Its *.in files are pages: a line "@NAME@" is replaced by text made from a
 * table (pieces.c). The page of a verb is made from the table of verbs (verb.c) and a
 * transcript in examples/. A verb without a transcript is an error.
 *
 * Exit status: 0 written, 1 something could not be read or written, 2 wrong usage.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mdoc.h"
#include "pages.h"

static const struct {
	const char *name;
	void (*write)(struct st_buf *out);
} pieces[] = {
	{ "verbs", st_man_verbs },
	{ "aliases", st_man_aliases },
	{ "options", st_man_common_options },
	{ "exits", st_man_exits },
	{ "console", st_man_console },
	{ "roles", st_man_roles },
	{ "operations", st_man_operations },
	{ "shapes", st_man_shapes },
	{ "notifications", st_man_notifications },
	{ "types", st_man_types },
	{ "errors", st_man_errors },
	{ "keys", st_man_keys },
};

/* Pages written by hand, each with its line for whatis(1). */
static const struct {
	const char *name;
	unsigned int section;
	const char *about;
} pages[] = {
	{ "suptree", 1, "supervision trees of processes, as in Erlang/OTP" },
	{ "suptree-kmod", 4, "supervision trees as the kernel sees them" },
	{ "suptree.yaml", 5, "supervision trees as suptreed reads them" },
	{ "suptree-protocol", 7, "JSON-RPC protocol of suptreed" },
	{ "suptree-tracing", 7, "signals and messages between processes, as the kernel sees them" },
	{ "suptreed", 8, "daemon that runs supervision trees" },
	{ "suptree-observer", 8, "all processes of the system, for suptreed" },
	{ "suptree-web", 8, "REST interface of suptreed for this machine" },
};

static int fail(const char *what, const char *path)
{
	fprintf(stderr, "st-man: %s %s: %s\n", what, path, strerror(errno));
	return -errno;
}

static int read_file(const char *path, struct st_buf *ret_text)
{
	FILE *file = fopen(path, "re");
	char portion[4096];
	size_t nr;

	if (!file)
		return fail("read", path);
	while ((nr = fread(portion, 1, sizeof(portion), file)))
		st_buf_add(ret_text, portion, nr);
	if (ferror(file)) {
		(void)fclose(file);
		return fail("read", path);
	}
	(void)fclose(file);
	return st_buf_error(ret_text);
}

static int write_file(const char *folder, const char *name, unsigned int section,
		      const struct st_buf *text)
{
	struct st_buf path = ST_BUF_INIT;
	bool is_written;
	FILE *file;

	st_buf_add_text(&path, folder);
	st_buf_add_char(&path, '/');
	st_buf_add_text(&path, name);
	st_buf_add_char(&path, '.');
	st_buf_add_u64(&path, section);
	file = fopen(st_buf_text(&path), "we");
	is_written = file && fwrite(st_buf_text(text), 1, text->len, file) == text->len;
	if (file && fclose(file))
		is_written = false;
	if (!is_written)
		(void)fail("write", st_buf_text(&path));
	st_buf_done(&path);
	return is_written && !text->failed ? 0 : -EIO;
}

/* Replace a line like "@verbs@" by its text. */
static int add_piece(const char *line, size_t len, struct st_buf *out)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(pieces); i++) {
		if (strlen(pieces[i].name) + 2 != len || strncmp(pieces[i].name, line + 1, len - 2))
			continue;
		pieces[i].write(out);
		return 0;
	}
	fprintf(stderr, "st-man: no piece is called %.*s\n", (int)len, line);
	return -EINVAL;
}

static int make_page(const char *source, const char *folder, size_t index)
{
	struct st_buf path = ST_BUF_INIT, text = ST_BUF_INIT, out = ST_BUF_INIT;
	const char *line;
	int ret;

	st_buf_add_text(&path, source);
	st_buf_add_char(&path, '/');
	st_buf_add_text(&path, pages[index].name);
	st_buf_add_text(&path, ".in");
	ret = read_file(st_buf_text(&path), &text);
	st_mdoc_begin(pages[index].name, pages[index].section, pages[index].about, &out);
	for (line = st_buf_text(&text); !ret && *line;) {
		size_t len = strcspn(line, "\n");

		if (*line == '@')
			ret = add_piece(line, len, &out);
		else if (strncmp(line, ".\\\"", 3)) /* a comment is about the source */
			st_buf_add(&out, line, len + 1);
		line += len + 1;
	}
	if (!ret)
		ret = write_file(folder, pages[index].name, pages[index].section, &out);
	st_buf_done(&path);
	st_buf_done(&text);
	st_buf_done(&out);
	return ret;
}

static int make_verb(const char *source, const char *folder, const struct st_verb *verb)
{
	struct st_buf path = ST_BUF_INIT, examples = ST_BUF_INIT, out = ST_BUF_INIT;
	int ret;

	st_buf_add_text(&path, source);
	st_buf_add_text(&path, "/examples/");
	st_buf_add_text(&path, verb->name);
	ret = read_file(st_buf_text(&path), &examples);
	if (!ret) {
		st_man_verb(verb, st_buf_text(&examples), &out);
		st_buf_reset(&path);
		st_buf_add_text(&path, "suptree-");
		st_buf_add_text(&path, verb->name);
		ret = write_file(folder, st_buf_text(&path), 1, &out);
	}
	st_buf_done(&path);
	st_buf_done(&examples);
	st_buf_done(&out);
	return ret;
}

int main(int argc, char **argv)
{
	bool has_failed = false;

	if (argc != 3) {
		fputs("usage: st-man SOURCE OUT\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < ST_ARRAY_SIZE(pages); i++)
		has_failed |= make_page(argv[1], argv[2], i) != 0;
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		has_failed |= make_verb(argv[1], argv[2], &verb) != 0;
	}
	return has_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
