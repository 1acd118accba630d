/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of the daemon that allocate and have a double in programs/suptreed.c:
 * those of its own archives, jansson's through proto/parse.h, and those of libc that
 * allocate inside.
 *
 * CALL(name, type, parameters, arguments); each returns NULL on failure.
 */
#ifndef ST_TESTS_MEMORY_WRAPPED_H
#define ST_TESTS_MEMORY_WRAPPED_H

#define CALLS(CALL) \
	CALL(calloc, void *, (size_t nr, size_t size), (nr, size)) \
	CALL(fopen, FILE *, (const char *path, const char *mode), (path, mode)) \
	CALL(opendir, DIR *, (const char *path), (path)) \
	CALL(realloc, void *, (void *at, size_t size), (at, size)) \
	CALL(strdup, char *, (const char *text), (text))

#endif
