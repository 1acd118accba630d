// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wildcards of includes: sites/x*y/tree.yaml.
 *
 * A pattern is followed one part of the path at a time, through lists of at most
 * ST_CONFIG_MAX_FILES paths, so that what it costs is limited. What it matches is
 * included in the order of the names. include_path.c calls this.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/include_internal.h"

struct paths {
	char **items; /* at most ST_CONFIG_MAX_FILES */
	size_t nr;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_names(struct st_include *include, DIR *dir, const char *pattern, char **names,
		      size_t *ret_nr)
{
	const struct dirent *entry;
	size_t nr = 0;

	for (errno = 0; nr <= ST_CONFIG_MAX_FILES && (entry = readdir(dir)); errno = 0) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    fnmatch(pattern, entry->d_name, FNM_PERIOD))
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

int st_include_names(struct st_include *include, const char *folder, const char *pattern,
		     char **names, size_t *ret_nr)
{
	DIR *dir = opendir(folder);
	int err = dir ? read_names(include, dir, pattern, names, ret_nr) : -errno;

	if (dir)
		(void)closedir(dir); /* read only: nothing can be lost */
	return err;
}

/* @path and @name, with a / between unless @path is empty or ends with one. */
static char *join(struct st_include *include, const char *path, const char *name, size_t name_len)
{
	size_t len = strlen(path);
	bool has_slash = !len || path[len - 1] == '/';
	char *joined = st_arena_alloc(&include->doc->arena, len + name_len + 2, 1);

	if (!joined)
		return NULL;
	memcpy(joined, path, len + 1);
	if (!has_slash)
		joined[len++] = '/';
	memcpy(joined + len, name, name_len);
	return joined;
}

static int add(struct st_include *include, struct paths *paths, const char *path, const char *name,
	       size_t name_len)
{
	if (paths->nr >= ST_CONFIG_MAX_FILES)
		return -E2BIG;
	paths->items[paths->nr] = join(include, path, name, name_len);
	return paths->items[paths->nr++] ? 0 : -ENOMEM;
}

/* The names in the folder @path that match a part of the pattern. */
static int add_matches(struct st_include *include, struct paths *paths, const char *path,
		       const char *part)
{
	char **names = st_alloc_array(ST_CONFIG_MAX_FILES + 1, sizeof(*names));
	size_t nr = 0;
	int err;

	if (!names)
		return -ENOMEM;
	err = st_include_names(include, *path ? path : ".", part, names, &nr);
	if (err == -ENOENT || err == -ENOTDIR)
		err = 0; /* it has no names, so none of them matches */
	for (size_t i = 0; i < nr && !err; i++)
		err = add(include, paths, path, names[i], strlen(names[i]));
	st_free(names);
	return err;
}

/* Replace each path in @paths by those that the next part of the pattern makes of it. */
static int follow(struct st_include *include, struct paths *paths, const char *part, size_t len)
{
	const char *copy = st_arena_text(&include->doc->arena, part, len);
	struct paths next = { .items = st_alloc_array(ST_CONFIG_MAX_FILES + 1, sizeof(char *)) };
	int err = copy && next.items ? 0 : -ENOMEM;

	for (size_t i = 0; i < paths->nr && !err; i++)
		err = st_include_is_pattern(copy) ?
			      add_matches(include, &next, paths->items[i], copy) :
			      add(include, &next, paths->items[i], part, len);
	st_free(paths->items);
	*paths = next;
	return err;
}

static int expand(struct st_include *include, const char *pattern, struct paths *paths)
{
	const char *at = pattern;
	int err;

	err = add(include, paths, "", at, strspn(at, "/") ? 1 : 0);
	while (!err && *(at += strspn(at, "/"))) {
		size_t len = strcspn(at, "/");

		err = follow(include, paths, at, len);
		at += len;
	}
	return err;
}

bool st_include_is_pattern(const char *path)
{
	return strpbrk(path, "*?[") && access(path, F_OK);
}

int st_include_pattern(struct st_include *include, const char *pattern, const struct st_source *by,
		       const struct st_doc_node *item)
{
	const struct st_source asked = { .by = by, .item = item, .path = pattern };
	struct paths paths = { .items = st_alloc_array(ST_CONFIG_MAX_FILES + 1, sizeof(char *)) };
	int err = paths.items ? expand(include, pattern, &paths) : -ENOMEM;

	if (err == -E2BIG)
		err = st_include_report(include, &asked, "too many files match ", "");
	else if (err && err != -ENOMEM)
		err = st_include_unreadable(include, &asked, err);
	else
		for (size_t i = 0; i < paths.nr && !err; i++)
			if (!access(paths.items[i], F_OK))
				err = st_include_file(include, paths.items[i], by, item, true);
	st_free(paths.items);
	return err;
}
