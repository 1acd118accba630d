/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of loading files that include each other, between include.c and
 * include_path.c.
 */
#ifndef ST_CONFIG_INCLUDE_INTERNAL_H
#define ST_CONFIG_INCLUDE_INTERNAL_H

#include "config/internal.h"

/* A file that was loaded, or is being loaded. */
struct st_source {
	struct st_source *next; /* in st_include.sources */
	const struct st_source *by; /* the one that includes it; NULL: the main file */
	const struct st_doc_node *item; /* where that one says so */
	const char *path;
	uint64_t device;
	uint64_t inode;
};

struct st_include {
	struct st_doc *doc;
	struct st_diags *diags;
	struct st_doc_node *root; /* of the main file */
	struct st_source *sources;
	unsigned int nr_sources;
	size_t nr_bytes;
};

/**
 * st_include_file() - load one file and what it includes
 * @include: the state
 * @path: its path, in the document's arena; NULL: standard input
 * @by: the file that includes it, or NULL
 * @item: the place of the include in that file, or NULL
 * @may_be_folder: whether a folder is taken as its files
 *
 * Return: 0, also after a mistake that was reported, or -ENOMEM.
 */
int st_include_file(struct st_include *include, const char *path, const struct st_source *by,
		    const struct st_doc_node *item, bool may_be_folder) __must_check;

/* Load the files of the key `include` in the file @by. As st_include_file(). */
int st_include_items(struct st_include *include, const struct st_doc_node *items,
		     const struct st_source *by) __must_check;

/* Load the *.yaml files of a folder. As st_include_file(). */
int st_include_folder(struct st_include *include, const struct st_source *folder) __must_check;

/* Whether a path has a wildcard, and is not the path of a file that has it in its name. */
bool st_include_is_pattern(const char *path);

/* Load what a path with wildcards matches, which may be nothing. As st_include_file(). */
int st_include_pattern(struct st_include *include, const char *pattern, const struct st_source *by,
		       const struct st_doc_node *item) __must_check;

/**
 * st_include_names() - the names in a folder that match a pattern, sorted
 * @include: the state; the names are in its document's arena
 * @folder: the folder's path
 * @pattern: as fnmatch(3) has it; a dot at the beginning of a name must be written
 * @names: room for ST_CONFIG_MAX_FILES + 1
 * @ret_nr: their number, at most one more than may be loaded
 *
 * Return: 0 or -errno.
 */
int st_include_names(struct st_include *include, const char *folder, const char *pattern,
		     char **names, size_t *ret_nr) __must_check;

/* Report why a file or folder cannot be read. 0 or -ENOMEM. */
int st_include_unreadable(struct st_include *include, const struct st_source *source,
			  int err) __must_check;

/* Report @before PATH @after where @file is included. 0 or -ENOMEM. */
int st_include_report(struct st_include *include, const struct st_source *file, const char *before,
		      const char *after) __must_check;

#endif
