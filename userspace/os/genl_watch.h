/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports when a generic netlink family appears and disappears, that is, when the
 * module that provides it is loaded and unloaded. The kernel sends a message, so that
 * no polling is needed.
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
 * st_genl_watch_read() - read the next change
 * @fd: of st_genl_watch_open()
 * @family: the name of the family
 *
 * Return: the next change of this family; ST_GENL_NOTHING: none is left; or -errno.
 */
int st_genl_watch_read(int fd, const char *family) __must_check;

#endif
