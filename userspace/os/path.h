/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The search of a command in PATH, done before a process exists, so that "not
 * found" is an answer of the parent and costs no clone. spawn.c is its user.
 */
#ifndef ST_OS_PATH_H
#define ST_OS_PATH_H

#include <limits.h>

#include "base/compiler.h"

/* Files of one name, in the order of PATH; further ones are ignored. */
#define ST_PATH_FILES_MAX 16

/**
 * struct st_path_files - what a command name may stand for
 * @nr: their number
 * @files: paths to try in this order
 * @text: room for them
 */
struct st_path_files {
	unsigned int nr;
	const char *files[ST_PATH_FILES_MAX];
	char text[PATH_MAX];
};

/**
 * st_path_search() - find the file that a command name stands for
 * @name: the command; one with a slash stands for itself and is not looked at
 * @envp: the environment whose PATH counts, the child's; without a PATH
 *	/usr/local/bin:/usr/bin:/bin is searched
 * @ret_path: the path, NUL-terminated
 * @size: bytes at @ret_path; PATH_MAX is always enough
 *
 * Empty and relative entries of PATH are ignored: in the child they would mean
 * another directory than here.
 *
 * Return: 0; -ENOENT: nowhere in PATH, or @name is empty; -EACCES: found, but
 * nowhere as an executable regular file; -ENAMETOOLONG.
 */
int st_path_search(const char *name, char *const *envp, char *ret_path, size_t size) __must_check;

/**
 * st_path_search_all() - find all files that a command name may stand for
 * @name: as for st_path_search()
 * @envp: as for st_path_search()
 * @ret_files: at least one
 *
 * Use it for a child that will run as another user. Only the kernel knows what that
 * user may execute (capabilities, access control lists, the rights to each folder in
 * the path). So this lists every file of that name, and the child tries them, as
 * execvpe(3) does.
 *
 * Return: 0; -ENOENT: nowhere in PATH; -ENAMETOOLONG.
 */
int st_path_search_all(const char *name, char *const *envp,
		       struct st_path_files *ret_files) __must_check;

#endif
