// SPDX-License-Identifier: GPL-2.0-only
/*
 * The paths of includes: relative to the including file, and the files of a
 * folder in the order of their names.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/include_internal.h"
#include "config/keys.h"

/* @folder and @name with a / between, in the document's arena. */
static char *join(struct st_include *include, const char *folder, size_t folder_len,
		  const char *name)
{
	size_t size = strlen(name) + 1;
	char *path = st_arena_alloc(&include->doc->arena, folder_len + 1 + size, 1);

	if (!path)
		return NULL;
	memcpy(path, folder, folder_len);
	path[folder_len] = '/';
	memcpy(path + folder_len + 1, name, size);
	return path;
}

static int load_item(struct st_include *include, const struct st_doc_node *item,
		     const struct st_source *by)
{
	const char *slash = strrchr(by->path, '/');
	const char *path = item->text;

	if (item->type != ST_DOC_TEXT || !*path) {
		st_key_refuse(st_key_find("include", ST_SCOPE_INCLUDED), item, NULL, NULL,
			      include->diags);
		return 0;
	}
	if (*path != '/' && slash) {
		path = join(include, by->path, (size_t)(slash - by->path), path);
		if (!path)
			return -ENOMEM;
	}
	if (st_include_is_pattern(path))
		return st_include_pattern(include, path, by, item);
	return st_include_file(include, path, by, item, true);
}

int st_include_items(struct st_include *include, const struct st_doc_node *items,
		     const struct st_source *by)
{
	int err = 0;

	if (items->type == ST_DOC_NULL)
		return 0;
	if (items->type != ST_DOC_SEQ)
		return load_item(include, items, by);
	for (const struct st_doc_node *item = items->first; item && !err; item = item->next)
		err = load_item(include, item, by);
	return err;
}

static int load_names(struct st_include *include, const struct st_source *folder, char **names,
		      size_t nr)
{
	size_t len = strlen(folder->path);
	int err = 0;

	while (len > 1 && folder->path[len - 1] == '/')
		len--;
	for (size_t i = 0; i < nr && !err; i++) {
		char *path = join(include, folder->path, len, names[i]);

		if (!path)
			return -ENOMEM;
		err = st_include_file(include, path, folder->by, folder->item, false);
	}
	return err;
}

int st_include_folder(struct st_include *include, const struct st_source *folder)
{
	char **names = st_alloc_array(ST_CONFIG_MAX_FILES + 1, sizeof(*names));
	size_t nr = 0;
	int err;

	if (!names)
		return -ENOMEM;
	err = st_include_names(include, folder->path, "*.yaml", names, &nr);
	if (!err)
		err = load_names(include, folder, names, nr);
	else if (err != -ENOMEM)
		err = st_include_unreadable(include, folder, err);
	st_free(names);
	return err;
}
