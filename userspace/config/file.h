/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a file whole, and not more than a file may have: of a configuration, or of
 * variables (daemon/variables.c).
 */
#ifndef ST_CONFIG_FILE_H
#define ST_CONFIG_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct st_file {
	char *bytes; /* st_free */
	size_t len;
	uint64_t device; /* with inode: which file it is, whatever its path */
	uint64_t inode;
};

/**
 * st_file_read() - read a whole file of at most ST_DOC_MAX_FILE bytes
 * @path: the path
 * @file: gets its content
 *
 * Return: 0; -EFBIG for a larger one, of which nothing is read; -EISDIR;
 * -EINVAL for what is neither file nor folder; -EBUSY if it grew meanwhile;
 * -ENOMEM, or why it cannot be read.
 */
int st_file_read(const char *path, struct st_file *file) __must_check;

/**
 * st_file_read_all() - read a descriptor to its end, which may be a pipe or a terminal
 * @fd: the descriptor
 * @file: gets what was read; device and inode are 0
 *
 * Return: 0; -EFBIG for more than ST_DOC_MAX_FILE bytes; -ENOMEM, or why it cannot be read.
 */
int st_file_read_all(int fd, struct st_file *file) __must_check;

#endif
