/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that only grow, and their rotation: FILE, then FILE.1 (the previous one), and
 * so on. They are the log files of children. Root may write them into folders that a
 * child owns. So these calls never follow a symbolic link in any part of a path, and
 * never write to a file that is not a plain file or that has a second name.
 *
 * These calls are for the moments when a file begins or ends: they wait for the file
 * system, as long as a directory operation takes. Writing is not here: the caller
 * writes with loop/write.h, where nothing waits for it.
 */
#ifndef ST_OS_APPEND_H
#define ST_OS_APPEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"

/**
 * struct st_append_place - which file
 * @path: absolute, and without "." and ".."
 * @may_make: how many bytes of @path name a folder that may be made, with all
 *	folders below it, if it is not there; 0: none may
 * @group: of a file that is made; (gid_t)-1: ours
 */
struct st_append_place {
	const char *path;
	size_t may_make;
	gid_t group;
};

/**
 * struct st_append_file - an open file
 * @fd: owned by the caller; appends, and is not non-blocking
 * @size: bytes that are in it
 * @born_s: when it was made, or written last if that is not known (seconds of
 *	the wall clock)
 */
struct st_append_file {
	int fd;
	uint64_t size;
	int64_t born_s;
};

/**
 * st_append_open() - open a file, or make it with mode 0640
 * @place: which
 * @ret_file: the file
 *
 * Return: 0; -ELOOP: a symbolic link in the path; -EINVAL: no plain file;
 * -EMLINK: it has a second name; or another -errno of openat2(2) and mkdir(2).
 */
int st_append_open(const struct st_append_place *place,
		   struct st_append_file *ret_file) __must_check;

/**
 * st_append_rotate() - give the file and those before it their next names
 * @place: which
 * @keep: how many of those before are kept; the file itself is removed with 0
 *
 * Return: 0, also if there is nothing to rename; or -errno, and names may have
 * changed as far as it came.
 */
int st_append_rotate(const struct st_append_place *place, unsigned int keep) __must_check;

/**
 * st_append_is_there() - whether an open file still has its name
 * @place: the place of the file
 * @fd: the open file
 *
 * Return: false: the file was removed or renamed.
 */
bool st_append_is_there(const struct st_append_place *place, int fd);

/**
 * st_append_error_text() - the meaning of an error of these calls
 * @error: negative
 *
 * Return: static text, or that of strerror(3).
 */
const char *st_append_error_text(int error);

#endif
