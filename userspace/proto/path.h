/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of children: "/" is the root, "demo/counter_1" a child of a child.
 */
#ifndef ST_PROTO_PATH_H
#define ST_PROTO_PATH_H

#include "base/compiler.h"

/**
 * st_path_check() - whether a text can be the path of a child
 * @path: "/" or ids joined by '/', with or without a '/' before the first
 *
 * Return: the path in its one form, without that leading '/', borrowed from
 * @path; NULL if it can be none.
 */
const char *st_path_check(const char *path);

#endif
