// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading /proc/suptree/tree: columns by their names, paths by the depths. A later
 * module may have more columns; the name is always the last one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/audit/audit.h"

#define MAX_COLUMNS 32
#define MAX_DEPTH 64

struct reader {
	FILE *file;
	char *line;
	size_t cap;
	char *columns[MAX_COLUMNS]; /* in ->titles */
	unsigned int nr_columns;
	char *titles;
	char *names[MAX_DEPTH]; /* of the ancestors of the next row; owned */
	pid_t owner;
	bool is_owners; /* rows belong to the owner's tree */
	bool was_found;
	json_t *nodes;
};

/* Without its newline; false at the end. */
static bool read_line(struct reader *reader)
{
	ssize_t len = getline(&reader->line, &reader->cap, reader->file);

	if (len < 0)
		return false;
	if (len && reader->line[len - 1] == '\n')
		reader->line[len - 1] = '\0';
	return true;
}

static unsigned int split(char *line, char **words)
{
	unsigned int nr = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " ", &rest); word && nr < MAX_COLUMNS;
	     word = strtok_r(NULL, " ", &rest))
		words[nr++] = word;
	return nr;
}

static int read_titles(struct reader *reader)
{
	if (!read_line(reader))
		return -EPROTO;
	reader->titles = strdup(reader->line);
	if (!reader->titles)
		return -ENOMEM;
	reader->nr_columns = split(reader->titles, reader->columns);
	if (!reader->nr_columns || strcmp(reader->columns[reader->nr_columns - 1], "name") != 0)
		return -EPROTO;
	return 0;
}

/* "# tree 1 owner 77 port 77 seq 12" */
static void read_tree_line(struct reader *reader)
{
	const char *owner = strstr(reader->line, " owner ");

	reader->is_owners = owner && strtol(owner + strlen(" owner "), NULL, 10) == reader->owner;
	reader->was_found |= reader->is_owners;
}

/* The root has no part in the paths below it. */
static int make_path(struct reader *reader, unsigned long depth, const char *name,
		     struct st_buf *path)
{
	free(reader->names[depth]);
	reader->names[depth] = strdup(name);
	if (!reader->names[depth])
		return -ENOMEM;
	for (unsigned long i = 1; i <= depth; i++) {
		if (!reader->names[i])
			return -EPROTO;
		if (i > 1)
			st_buf_add_char(path, '/');
		st_buf_add_text(path, reader->names[i]);
	}
	return st_buf_error(path);
}

static json_t *make_value(const char *text)
{
	char *end;
	long long number = strtoll(text, &end, 10);

	return *text && !*end ? json_integer(number) : json_string(text);
}

static int put(struct reader *reader, struct st_buf *path, json_t *node)
{
	if (json_object_get(reader->nodes, st_buf_text(path))) {
		st_buf_add_char(path, '#');
		st_buf_add_u64(path, (uint64_t)json_integer_value(json_object_get(node, "gen")));
	}
	if (st_buf_error(path) || json_object_set(reader->nodes, st_buf_text(path), node))
		return -ENOMEM;
	return 0;
}

static int read_row(struct reader *reader)
{
	struct st_buf path = ST_BUF_INIT;
	char *words[MAX_COLUMNS];
	json_t *node = json_object();
	unsigned long depth;
	int err = 0;

	if (!node)
		return -ENOMEM;
	if (split(reader->line, words) != reader->nr_columns)
		err = -EPROTO;
	for (unsigned int i = 0; !err && i < reader->nr_columns; i++)
		err = json_object_set_new(node, reader->columns[i], make_value(words[i])) ?
			      -ENOMEM :
			      0;
	depth = (unsigned long)json_integer_value(json_object_get(node, "depth"));
	if (!err && depth >= MAX_DEPTH)
		err = -EPROTO;
	if (!err)
		err = make_path(reader, depth, words[reader->nr_columns - 1], &path);
	if (!err)
		err = put(reader, &path, node);
	json_decref(node);
	st_buf_done(&path);
	return err;
}

static int read_all(struct reader *reader)
{
	int err = read_titles(reader);

	while (!err && read_line(reader)) {
		if (reader->line[0] == '#')
			read_tree_line(reader);
		else if (reader->is_owners)
			err = read_row(reader);
	}
	if (!err && ferror(reader->file))
		err = -EIO;
	return err ? err : reader->was_found ? 0 : -ESRCH;
}

int st_audit_read_module(const char *file, pid_t owner, json_t **ret_nodes)
{
	struct reader reader = { .owner = owner };
	int err;

	reader.file = fopen(file, "re");
	if (!reader.file)
		return -errno;
	reader.nodes = json_object();
	err = reader.nodes ? read_all(&reader) : -ENOMEM;
	(void)fclose(reader.file); /* it was only read */
	for (unsigned int i = 0; i < MAX_DEPTH; i++)
		free(reader.names[i]);
	free(reader.titles);
	free(reader.line);
	if (err)
		json_decref(reader.nodes);
	else
		*ret_nodes = reader.nodes;
	return err;
}
