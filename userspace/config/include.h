/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that include each other, loaded into one document. Only config.c asks
 * for it.
 */
#ifndef ST_CONFIG_INCLUDE_H
#define ST_CONFIG_INCLUDE_H

#include "config/internal.h"

/**
 * st_include_load() - load a main file and all it includes
 * @doc: gets the nodes of all files
 * @path: the main file; NULL: standard input
 * @diags: gets the mistakes; those of included files do not end the loading
 * @ret_root: the main file's root, with the children of all files
 *
 * Return: 0 and @ret_root; -EINVAL if the main file gives no tree; -ENOMEM.
 */
int st_include_load(struct st_doc *doc, const char *path, struct st_diags *diags,
		    struct st_doc_node **ret_root) __must_check;

#endif
