/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A copy of this process that does something which may take long, beside it: it reads
 * files of a network, or looks up a user. It has the memory of this process as it is
 * now, writes what it finds to a pipe, and ends. It dies with its parent.
 */
#ifndef ST_OS_ASIDE_H
#define ST_OS_ASIDE_H

#include "base/compiler.h"
#include "os/pidref.h"

/**
 * st_aside_start() - fork, and run a function in the copy
 * @run: called in the copy, with @context and the descriptor to write to; the copy has
 *	no other descriptors but 0 to 2, and ends when @run returns
 * @context: passed to @run
 * @ret_ref: the copy, a child of this process; owned by the caller, and to be reaped
 *	as any child
 * @ret_fd: non-blocking; what the copy writes, to the end; owned by the caller
 *
 * Only for single-threaded callers.
 *
 * Return: 0 or -errno: there is no copy.
 */
int st_aside_start(void (*run)(void *context, int fd), void *context, struct st_pidref *ret_ref,
		   int *ret_fd) __must_check;

#endif
