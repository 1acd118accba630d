/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor numbers below 64, kept free for handing descriptors to children.
 *
 * A child begins with its parent's whole descriptor table. It leaves this table with
 * close_range(first, ~0, CLOSE_RANGE_UNSHARE), which copies only the descriptors below
 * `first`. So the cost of a spawn grows with the highest descriptor that the child
 * needs. Therefore the child's descriptors are first duplicated to low numbers. The
 * thousands of pidfds and sockets of a daemon must not take these numbers: at the
 * start all free low numbers are filled with duplicates of /dev/null. The limit is 64
 * because the kernel keeps that number in its struct files_struct: up to there a copy
 * allocates no table (NR_OPEN_DEFAULT).
 *
 * Only spawn.c uses this. The numbers of a spawn may be given back only when its child
 * has its own table.
 */
#ifndef ST_OS_SPAWN_LOW_FDS_H
#define ST_OS_SPAWN_LOW_FDS_H

#include <stdint.h>

#include "base/compiler.h"

#define ST_LOW_FDS_END 64

/**
 * struct st_low_fds - the numbers, as bits
 * @owned: those that were free at the start
 * @busy: those of @owned that hold a descriptor for a child
 * @null_fd: one of @owned: /dev/null for every child, never busy
 */
struct st_low_fds {
	uint64_t owned;
	uint64_t busy;
	int null_fd;
};

/* Return: 0; -EMFILE: no low number is free; -errno of opening /dev/null. */
int st_low_fds_init(struct st_low_fds *low) __must_check;

void st_low_fds_done(struct st_low_fds *low);

/*
 * Duplicate @source to the lowest free number that is not in the set @avoid.
 * Return: the number; -EAGAIN: none is free; -EBADF: @source is not open.
 */
int st_low_fds_pass(struct st_low_fds *low, int source, uint64_t avoid) __must_check;

/* Give back the numbers in the set @fds. */
void st_low_fds_release(struct st_low_fds *low, uint64_t fds);

#endif
