/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing to a descriptor that other processes share, such as standard error, without
 * ever waiting: whoever reads a pipe or a terminal must not be able to stop the writer.
 *
 * O_NONBLOCK belongs to the open file, and so to all processes that share it. So it is
 * never set here. A pipe or a terminal is opened once more, a socket is asked to send
 * without waiting. A plain file is written as it is.
 */
#ifndef ST_OS_NOWAIT_H
#define ST_OS_NOWAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"

/**
 * struct st_nowait - where to write
 * @fd: the descriptor, to poll for POLLOUT
 * @is_own: it was opened here
 * @is_socket: it is a socket
 * @must_ask: it could not be opened once more: ask with poll(2) before each write,
 *	which is short
 */
struct st_nowait {
	int fd;
	bool is_own;
	bool is_socket;
	bool must_ask;
};

/* Write to @fd as it is, after poll(2). */
#define ST_NOWAIT_ASK(number) ((struct st_nowait){ .fd = (number), .must_ask = true })

/**
 * st_nowait_open() - find out how to write without waiting
 * @fd: borrowed; must stay open
 *
 * Return: the caller's (st_nowait_done). It cannot fail: if nothing better is found, it
 * is ST_NOWAIT_ASK(fd).
 */
struct st_nowait st_nowait_open(int fd);
void st_nowait_done(struct st_nowait *out);

/**
 * st_nowait_write() - write as much as is taken now
 * @out: where
 * @data: the bytes
 * @len: their number
 *
 * Return: the number of bytes written; -EAGAIN: none is taken now, poll for POLLOUT; or
 * another -errno of write(2).
 */
ssize_t st_nowait_write(const struct st_nowait *out, const void *data, size_t len) __must_check;

#endif
