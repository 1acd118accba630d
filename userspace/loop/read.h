/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading bytes from a pipe, socket or file into the caller's buffer.
 */
#ifndef ST_LOOP_READ_H
#define ST_LOOP_READ_H

#include <stddef.h>

#include "loop/op.h"

/**
 * struct st_read - one read
 * @op: common part
 * @fd: the descriptor
 * @buf: where the bytes go; the kernel's until the completion
 * @len: its size
 * @done: the callback: number of bytes; 0: end of file; -errno
 */
struct st_read {
	struct st_op op;
	int fd;
	void *buf;
	uint32_t len;
	void (*done)(struct st_read *read, int result);
};

/**
 * st_read_start() - be called when bytes have come
 * @ring: the ring
 * @read: idle; owned by the caller, who has set @read->fd, ->buf and ->len
 * @done: the callback
 */
void st_read_start(struct st_ring *ring, struct st_read *read,
		   void (*done)(struct st_read *read, int result));

#endif
