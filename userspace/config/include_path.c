// SPDX-License-Identifier: GPL-2.0-only
/*
 * The paths of includes: relative to the including file, and the files of a
 * folder in the order of their names.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
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

static bool is_wanted(const char *name)
{
	static const char suffix[] = ".yaml";
	size_t len = strlen(name), suffix_len = sizeof(suffix) - 1;

	return *name != '.' && len > suffix_len && !strcmp(name + len - suffix_len, suffix);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The wanted names of an open folder, at most one more than may be loaded. */
static int list_names(struct st_include *include, DIR *dir, char **names, size_t *ret_nr)
{
	const struct dirent *entry;
	size_t nr = 0;

	for (errno = 0; nr <= ST_CONFIG_MAX_FILES && (entry = readdir(dir)); errno = 0) {
		if (!is_wanted(entry->d_name))
			continue;
		names[nr] =
			st_arena_text(&include->doc->arena, entry->d_name, strlen(entry->d_name));
		if (!names[nr++])
			return -ENOMEM;
	}
	if (errno)
		return -errno;
	qsort(names, nr, sizeof(*names), compare_names);
	*ret_nr = nr;
	return 0;
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
	DIR *dir;
	int err;

	if (!names)
		return -ENOMEM;
	dir = opendir(folder->path);
	err = dir ? list_names(include, dir, names, &nr) : -errno;
	if (dir)
		(void)closedir(dir); /* read only: nothing can be lost */
	if (!err)
		err = load_names(include, folder, names, nr);
	else if (err != -ENOMEM)
		err = st_include_unreadable(include, folder, err);
	st_free(names);
	return err;
}
