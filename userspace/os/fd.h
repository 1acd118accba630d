/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file descriptor has one owner. These two functions move and end that ownership,
 * and all code that holds a descriptor uses them. They never report an error: after
 * close(2) the descriptor is closed, whatever close(2) returned.
 */
#ifndef ST_OS_FD_H
#define ST_OS_FD_H

#include <stdint.h>
#include <unistd.h>

#include "base/compiler.h"

/**
 * st_fd_close() - close a descriptor and forget its number
 * @fd: the place where the number is kept; -1 is allowed and stays -1
 *
 * Keeps errno, so that it can serve as a scope cleanup: st_cleanup(st_fd_close).
 */
void st_fd_close(int *fd);

/**
 * st_fd_take() - move a descriptor out of its place
 * @fd: the place; holds -1 afterwards
 *
 * Return: the descriptor, now the caller's.
 */
static inline int st_fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/**
 * st_fd_count() - count the open descriptors of this process
 * @ret_nr: their number
 *
 * Return: 0, or -errno of open(2) or readdir(3): /proc is not there.
 */
int st_fd_count(uint32_t *ret_nr) __must_check;

#endif
