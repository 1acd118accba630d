/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A resource limit of a child, the one limit that the daemon changes for itself, and
 * the table of descriptors that grows up to it. The limits of children are set in the
 * child (spawn.h); their names are in config/keys.h.
 */
#ifndef ST_OS_LIMITS_H
#define ST_OS_LIMITS_H

#include <sys/resource.h>

#include "base/compiler.h"

/**
 * struct st_limit - one resource limit for a child
 * @resource: RLIMIT_NOFILE and so on
 * @value: soft and hard limit, RLIM_INFINITY for none
 */
struct st_limit {
	int resource;
	struct rlimit value;
};

/**
 * st_limits_raise_nofile() - raise the own soft limit of descriptors to the hard one
 * @ret_before: the limit before, which children should get back: programs that
 *	use select(2) break above 1,024
 *
 * Return: 0 or -errno of prlimit(2).
 */
int st_limits_raise_nofile(struct rlimit *ret_before) __must_check;

/**
 * st_limits_grow_table() - let the kernel's table of descriptors have room for more
 * @nr: descriptors that shall fit; as many as the soft limit allows, if it is less
 *
 * A table that must grow while children in flight share it (spawn.h) makes its owner
 * wait until all processors have passed a quiet state: 8 to 24 ms, each time that it
 * doubles. If nobody shares it, it grows in microseconds. So call this before the first
 * clone, and once before many starts. The table never gets smaller.
 *
 * Return: 0, or -errno of fcntl(2): the table grows later, when it must.
 */
int st_limits_grow_table(unsigned int nr) __must_check;

#endif
