/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that only this user can read or replace, in a folder that may be open to others.
 *
 * The control socket may be in a folder where other users can make files. One of them could
 * put a symbolic link in the place of our file. So the file has a folder of its own, with
 * mode 0700, and nothing is written or read through a link.
 */
#ifndef ST_TRACER_PRIVATE_FILE_H
#define ST_TRACER_PRIVATE_FILE_H

#include <stddef.h>

#include "base/compiler.h"

/**
 * st_private_file_write() - replace the file, all of it or not at all
 * @folder: made with mode 0700 if it does not exist
 * @name: of the file in it
 * @text: its content
 * @len: number of bytes
 *
 * Return: 0; -EPERM: the folder is not a directory of this user, or is open to others;
 * -errno.
 */
int st_private_file_write(const char *folder, const char *name, const char *text,
			  size_t len) __must_check;

/**
 * st_private_file_read() - read the file
 * @folder: as above
 * @name: as above
 * @ret_text: the content, NUL-terminated; the caller owns it (free)
 *
 * Return: 0; -ENOENT: there is none; -EPERM as above, or the file is not one that this
 * user has made; -EFBIG: it has more than 1 MiB; -errno.
 */
int st_private_file_read(const char *folder, const char *name, char **ret_text) __must_check;

/* Remove the file, and the folder if nothing else is in it. */
void st_private_file_remove(const char *folder, const char *name);

#endif
