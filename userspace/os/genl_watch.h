/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a family of generic netlink comes and goes, that is, when a module that
 * brings it is loaded and unloaded: told by the kernel, so nobody has to ask again
 * and again.
 */
#ifndef ST_OS_GENL_WATCH_H
#define ST_OS_GENL_WATCH_H

#include "base/compiler.h"

enum st_genl_change {
	ST_GENL_NOTHING,
	ST_GENL_CAME,
	ST_GENL_WENT,
	ST_GENL_UNKNOWN, /* some news were lost: look */
};

/**
 * st_genl_watch_open() - listen
 * @ret_fd: the caller's; to be polled for POLLIN
 *
 * Return: 0 or -errno.
 */
int st_genl_watch_open(int *ret_fd) __must_check;

/**
 * st_genl_watch_read() - what has happened
 * @fd: of st_genl_watch_open()
 * @family: the name of the one that matters
 *
 * Return: the next change of this family; ST_GENL_NOTHING: none is left; or -errno.
 */
int st_genl_watch_read(int fd, const char *family) __must_check;

#endif
