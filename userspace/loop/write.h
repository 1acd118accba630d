/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing bytes of the caller to a pipe or file. Less may be written than was
 * asked for; the owner goes on with the rest.
 */
#ifndef ST_LOOP_WRITE_H
#define ST_LOOP_WRITE_H

#include <stddef.h>

#include "loop/op.h"

/**
 * struct st_write - one write or send
 * @op: common part
 * @fd: the descriptor
 * @data: the bytes; must stay as they are until the completion
 * @len: their number
 * @done: the callback: number of bytes, or -errno
 */
struct st_write {
	struct st_op op;
	int fd;
	const void *data;
	uint32_t len;
	void (*done)(struct st_write *write, int result);
};

/**
 * st_write_start() - write to a pipe, or to a file at its current position
 * @ring: the ring
 * @write: idle; owned by the caller, who has set @write->fd, ->data and ->len
 * @done: the callback; -EPIPE comes with SIGPIPE, which is blocked or ignored
 */
void st_write_start(struct st_ring *ring, struct st_write *write,
		    void (*done)(struct st_write *write, int result));

#endif
