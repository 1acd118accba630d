/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The search of a command in PATH, done before a process exists, so that "not
 * found" is an answer of the parent and costs no clone. spawn.c is its user.
 */
#ifndef ST_OS_PATH_H
#define ST_OS_PATH_H

#include "base/compiler.h"

/**
 * st_path_search() - find the file that a command name stands for
 * @name: the command; one with a slash stands for itself and is not looked at
 * @envp: the environment whose PATH counts, the child's; without a PATH
 *	/usr/local/bin:/usr/bin:/bin is searched
 * @ret_path: the path, NUL-terminated
 * @size: bytes at @ret_path; PATH_MAX is always enough
 *
 * Empty and relative entries of PATH are passed over: they would mean another
 * directory in the child than here.
 *
 * Return: 0; -ENOENT: nowhere in PATH, or @name is empty; -EACCES: found, but
 * nowhere as an executable regular file; -ENAMETOOLONG.
 */
int st_path_search(const char *name, char *const *envp, char *ret_path, size_t size) __must_check;

#endif
