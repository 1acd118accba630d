/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A temporary folder with files in it, and what a configuration there says.
 *
 * Paths are relative to the folder, which is the working folder meanwhile.
 */
#ifndef ST_TESTS_CONFIG_FOLDER_H
#define ST_TESTS_CONFIG_FOLDER_H

#include <stddef.h>

#include "temporary.h"

struct folder {
	char path[TEMPORARY_SIZE];
};

/* Make the folder and go there; 0 or -errno. */
int folder_init(struct folder *folder);

/* Leave the folder and remove it with everything in it. */
void folder_done(struct folder *folder);

/* Write a file; folders of its path are made. 0 or -errno. */
int folder_write(const char *path, const char *text);

/* Load a main file: the ids of the root's children, or the mistakes. */
const char *folder_load(const char *path);

#endif
