/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the workers keep files: a relative name is in the folder $WORKERS_DIR, or else
 * in the working folder. So a tree in YAML need not know where it runs.
 */
#ifndef ST_WORKERS_FILES_H
#define ST_WORKERS_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * st_file_path() - make the path of a worker's file
 * @name: the worker's argument
 * @folder: instead of $WORKERS_DIR; NULL: not given
 * @ret_path: room for PATH_MAX bytes
 *
 * Return: whether the path fits.
 */
static inline bool st_file_path(const char *name, const char *folder, char *ret_path)
{
	int len;

	if (!folder)
		folder = getenv("WORKERS_DIR");
	if (*name == '/')
		len = snprintf(ret_path, PATH_MAX, "%s", name);
	else
		len = snprintf(ret_path, PATH_MAX, "%s/%s", folder ? folder : ".", name);
	return len < PATH_MAX;
}

#endif
