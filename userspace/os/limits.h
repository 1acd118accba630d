/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resource limits by name ("nofile" is RLIMIT_NOFILE), and the one limit the
 * daemon changes for itself. Used by the configuration's binder and by main;
 * the limits of children are set in the child (spawn.h).
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
 * st_limit_find() - the resource of a name
 * @name: the name of prlimit(1) in lower case: "nofile", "core", "nproc"
 *
 * Return: RLIMIT_*, or -ENOENT.
 */
int st_limit_find(const char *name) __must_check;

/**
 * st_limit_name() - the name of a resource
 * @resource: RLIMIT_*
 *
 * Return: static text, or NULL if there is no such resource.
 */
const char *st_limit_name(int resource);

/**
 * st_limits_raise_nofile() - raise the own soft limit of descriptors to the hard one
 * @ret_before: the limit before, which children should get back: programs that
 *	use select(2) break above 1,024
 *
 * Return: 0 or -errno of prlimit(2).
 */
int st_limits_raise_nofile(struct rlimit *ret_before) __must_check;

#endif
