// SPDX-License-Identifier: GPL-2.0-only
/*
 * Includes: the order of loading, cycles, and the allowed contents of an included file.
 * Paths and folders are in include_path.c.
 *
 * A file is identified by device and inode, so a cycle through links is found too.
 * The children of a file are appended to the main file's list before those of
 * the files it includes.
 */
#include "config/include.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/file.h"
#include "config/include_internal.h"
#include "config/keys.h"
#include "config/yaml.h"

#define MAX_BYTES ((size_t)64 << 20) /* of all files together */

static unsigned int depth_of(const struct st_source *source)
{
	unsigned int depth = 0;

	for (; source; source = source->by)
		depth++;
	return depth;
}

/* "main.yaml -> a.yaml -> ", from the main file down to @source */
static void write_chain(const struct st_source *source, struct st_buf *out)
{
	const struct st_source *chain[ST_CONFIG_MAX_INCLUDES + 1];
	unsigned int nr = 0;

	for (; source && nr < ST_ARRAY_SIZE(chain); source = source->by)
		chain[nr++] = source;
	while (nr--) {
		st_buf_add_text(out, chain[nr]->path);
		st_buf_add_text(out, " -> ");
	}
}

int st_include_report(struct st_include *include, const struct st_source *file, const char *before,
		      const char *after)
{
	struct st_diag_about about = { .node = file->item };
	struct st_buf text = ST_BUF_INIT;
	int err;

	st_buf_add_text(&text, before);
	st_buf_add_text(&text, file->path);
	st_buf_add_text(&text, after);
	if (file->by && file->by->by) {
		st_buf_add_text(&text, " (");
		write_chain(file->by, &text);
		st_buf_add_text(&text, file->path);
		st_buf_add_char(&text, ')');
	}
	err = st_buf_error(&text);
	if (!err)
		st_diags_add(include->diags, &about, "%s", st_buf_text(&text));
	st_buf_done(&text);
	return err;
}

static int report_cycle(struct st_include *include, const struct st_source *file)
{
	struct st_diag_about about = { .node = file->item };
	struct st_buf chain = ST_BUF_INIT;
	int err;

	write_chain(file->by, &chain);
	st_buf_add_text(&chain, file->path);
	err = st_buf_error(&chain);
	if (!err)
		st_diags_add(include->diags, &about, "include cycle: %s", st_buf_text(&chain));
	st_buf_done(&chain);
	return err;
}

static int report_twice(struct st_include *include, const struct st_source *file,
			const struct st_source *first)
{
	struct st_diag_about about = {
		.node = file->item,
		.note = "it was first included here",
		.note_node = first->item,
	};
	struct st_quoted quoted;

	st_diags_add(include->diags, &about, "%s is included twice", st_quote(&quoted, file->path));
	return 0;
}

static bool is_including(const struct st_source *source, const struct st_source *file)
{
	for (; file; file = file->by)
		if (file == source)
			return true;
	return false;
}

/* 1 if the file may be loaded, 0 if a mistake was reported, or -ENOMEM. */
static int admit(struct st_include *include, const struct st_source *file)
{
	for (const struct st_source *known = include->sources; known; known = known->next) {
		int err;

		if (known->device != file->device || known->inode != file->inode)
			continue;
		err = is_including(known, file->by) ? report_cycle(include, file) :
						      report_twice(include, file, known);
		return err;
	}
	if (include->nr_sources >= ST_CONFIG_MAX_FILES)
		return st_include_report(include, file, "too many files: ", "");
	if (depth_of(file) > ST_CONFIG_MAX_INCLUDES)
		return st_include_report(include, file, "files include each other too deep: ", "");
	if (include->nr_bytes > MAX_BYTES)
		return st_include_report(include, file, "the files are larger than 64 MiB at ", "");
	return 1;
}

static struct st_doc_node *find(struct st_doc_node *map, const char *key)
{
	for (struct st_doc_node *node = map->first; node; node = node->next)
		if (!strcmp(node->key, key))
			return node;
	return NULL;
}

/* The main file's list of children, made where there is none; NULL: it is no list. */
static int main_children(struct st_include *include, struct st_doc_node **ret_children)
{
	struct st_doc_node *root = include->root, *children;

	*ret_children = NULL;
	children = find(root, "children");
	if (!children) {
		children = st_doc_add_list(include->doc, root->file);
		if (!children)
			return -ENOMEM;
		children->place = root->place;
		children->key = "children";
		children->key_place = root->place;
		st_doc_append(root, children);
	}
	if (children->type == ST_DOC_NULL)
		children->type = ST_DOC_SEQ;
	if (children->type == ST_DOC_SEQ)
		*ret_children = children;
	return 0;
}

static int take_children(struct st_include *include, struct st_doc_node *root)
{
	struct st_doc_node *children = find(root, "children"), *all;
	int err;

	if (!children || children->type == ST_DOC_NULL)
		return 0;
	if (children->type != ST_DOC_SEQ) {
		st_key_refuse(st_key_find("children", ST_SCOPE_INCLUDED), children, NULL, NULL,
			      include->diags);
		return 0;
	}
	err = main_children(include, &all);
	if (all)
		st_doc_splice(all, children);
	return err;
}

/* Check the root of an included file; the main file's root is bound as a whole. */
static int take_included(struct st_include *include, struct st_doc_node *root)
{
	struct st_diag_about about = { .node = root,
				       .expected = "a map with include and children" };
	struct st_quoted quoted;

	if (root->type != ST_DOC_MAP) {
		st_diags_add(include->diags, &about, "an included file cannot be %s",
			     st_describe(root, &quoted));
		return 0;
	}
	st_keys_check(root, ST_SCOPE_INCLUDED, include->diags);
	return take_children(include, root);
}

static int take_root(struct st_include *include, struct st_doc_node *root,
		     const struct st_source *source)
{
	const struct st_doc_node *items;
	int err = 0;

	if (source->by)
		err = take_included(include, root);
	else
		include->root = root;
	items = st_doc_find(root, "include");
	if (err || !items)
		return err;
	return st_include_items(include, items, source);
}

static int load_known(struct st_include *include, const struct st_file *file,
		      struct st_source *source)
{
	struct st_doc_node *root;
	int err;

	source->device = file->device;
	source->inode = file->inode;
	include->nr_bytes += file->len;
	err = admit(include, source);
	if (err <= 0)
		return err;
	source->next = include->sources;
	include->sources = source;
	include->nr_sources++;
	err = st_yaml_parse(include->doc, source->path, file->bytes, file->len, include->diags,
			    &root);
	if (err)
		return err == -EINVAL ? 0 : err;
	return take_root(include, root, source);
}

int st_include_unreadable(struct st_include *include, const struct st_source *source, int err)
{
	const char *why = strerror(-err);
	struct st_buf after = ST_BUF_INIT;

	if (err == -EFBIG)
		why = "it is larger than 16 MiB";
	else if (err == -EINVAL)
		why = "it is neither a file nor a folder";
	else if (err == -EBUSY)
		why = "it changed while it was read";
	st_buf_add_text(&after, ": ");
	st_buf_add_text(&after, why);
	err = st_buf_error(&after);
	if (!err)
		err = st_include_report(include, source, "read ", st_buf_text(&after));
	st_buf_done(&after);
	return err;
}

static int read_stdin(struct st_source *source, struct st_file *file)
{
	source->path = ST_CONFIG_STDIN_NAME;
	return st_file_read_all(STDIN_FILENO, file);
}

int st_include_file(struct st_include *include, const char *path, const struct st_source *by,
		    const struct st_doc_node *item, bool may_be_folder)
{
	struct st_source *source = st_arena_alloc(&include->doc->arena, 1, sizeof(*source));
	struct st_file file = { .bytes = NULL };
	int err;

	if (!source)
		return -ENOMEM;
	source->by = by;
	source->item = item;
	source->path = path;
	err = path ? st_file_read(path, &file) : read_stdin(source, &file);
	if (err == -EISDIR && may_be_folder)
		return st_include_folder(include, source);
	if (err && err != -ENOMEM)
		return st_include_unreadable(include, source, err);
	if (!err)
		err = load_known(include, &file, source);
	st_free(file.bytes);
	return err;
}

int st_include_load(struct st_doc *doc, const char *path, struct st_diags *diags,
		    struct st_doc_node **ret_root)
{
	struct st_include include = { .doc = doc, .diags = diags };
	int err = st_include_file(&include, path, NULL, NULL, false);

	if (err)
		return err;
	if (!include.root)
		return -EINVAL;
	*ret_root = include.root;
	return 0;
}
