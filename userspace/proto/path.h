/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of children: "/" is the root, "demo/counter_1" a child of a child. Also
 * checks whether one path lies within another: this filters events for clients
 * that follow or wait. Pure.
 */
#ifndef ST_PROTO_PATH_H
#define ST_PROTO_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/compiler.h"
#include "core/limits.h"

/**
 * st_path_check() - check whether a text can be the path of a child
 * @path: "/" or ids joined by '/', with or without a '/' before the first
 *
 * Return: the path in its one form, without the leading '/', borrowed from
 * @path; NULL if it cannot be a path.
 */
const char *st_path_check(const char *path);

/*
 * Bytes of the longest path that a tree can have. Requests cannot name one that
 * long.
 */
#define ST_PATH_ROOM ((ST_MAX_DEPTH + 1) * (ST_MAX_ID_LEN + 1))

/**
 * st_path_plain() - bring a path into its one form
 * @path: "/" or ids joined by '/', with or without a '/' before the first
 *
 * Return: the path without that '/', borrowed from @path; "/" for the root.
 */
static inline const char *st_path_plain(const char *path)
{
	return path[0] == '/' && path[1] ? path + 1 : path;
}

/**
 * st_path_is_within() - whether a path is the same as another one or lies below it
 * @path: the path; needs no NUL
 * @len: length of @path
 * @top: the other path; "/" holds everything
 * @top_len: length of @top
 */
static inline bool st_path_is_within(const char *path, size_t len, const char *top, size_t top_len)
{
	if (top_len == 1 && *top == '/')
		return true;
	return len >= top_len && !memcmp(path, top, top_len) &&
	       (len == top_len || path[top_len] == '/');
}

#endif
