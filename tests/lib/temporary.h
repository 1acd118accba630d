/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names below $TMPDIR, or /tmp if there is none: for tests that need a folder or a file of
 * their own. Such a name is short enough for a socket in the folder to have an address.
 */
#ifndef ST_TESTS_TEMPORARY_H
#define ST_TESTS_TEMPORARY_H

#include <stdio.h>
#include <stdlib.h>

#define TEMPORARY_SIZE 64

/**
 * temporary_name() - the name of something below the folder for temporary files
 * @path: gets it
 * @name: its last part; XXXXXX at its end is for mkdtemp(3) and mkstemp(3)
 *
 * Return: @path.
 */
static inline char *temporary_name(char path[TEMPORARY_SIZE], const char *name)
{
	const char *folder = getenv("TMPDIR");
	int len;

	if (!folder || folder[0] != '/')
		folder = "/tmp";
	len = snprintf(path, TEMPORARY_SIZE, "%s/%s", folder, name);
	if (len < 0 || len >= TEMPORARY_SIZE) {
		fprintf(stderr, "# the path of TMPDIR is too long for sockets: %s\n", folder);
		abort();
	}
	return path;
}

/**
 * temporary_folder() - make a folder below that for temporary files
 * @path: gets its path
 * @name: the last part of its name, with XXXXXX at the end
 *
 * Return: @path, or NULL if there is no such folder now, with errno as of mkdtemp(3).
 */
static inline char *temporary_folder(char path[TEMPORARY_SIZE], const char *name)
{
	return mkdtemp(temporary_name(path, name));
}

#endif
