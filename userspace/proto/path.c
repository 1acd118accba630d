// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks the form of paths; see path.h. Only the tree knows which paths exist.
 */
#include "proto/path.h"

#include <stdbool.h>
#include <string.h>

#include "core/limits.h"
#include "core/spec.h"

static bool id_is_valid(const char *id, size_t len)
{
	char copy[ST_MAX_ID_LEN + 1];

	if (len > ST_MAX_ID_LEN)
		return false;
	memcpy(copy, id, len);
	copy[len] = '\0';
	return st_id_is_valid(copy);
}

const char *st_path_check(const char *path)
{
	const char *at, *end;

	if (!strcmp(path, "/"))
		return path;
	if (strlen(path) > ST_MAX_PATH_LEN)
		return NULL;
	if (*path == '/')
		path++;
	for (at = path;; at = end + 1) {
		end = strchrnul(at, '/');
		if (!id_is_valid(at, (size_t)(end - at)))
			return NULL;
		if (!*end)
			return path;
	}
}
