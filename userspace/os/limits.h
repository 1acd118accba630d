/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A resource limit of a child, and the one limit that the daemon changes for
 * itself, called by its main(). The limits of children are set in the child
 * (spawn.h); their names are in config/keys.h.
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

#endif
