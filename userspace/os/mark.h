/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mark that a process passes on to all its descendants: whatever they execute, and
 * whether they fork twice, call setsid(2), clear their environment, or change their
 * user. The mark is the soft limit RLIMIT_LOCKS. Linux has kept this limit for each
 * process since 2.4, and has never used it for anything after 2.4.24 (setrlimit(2)). Only
 * a descendant that sets this very limit loses the mark.
 *
 * So the daemon knows which orphan came from which child, and which processes a daemon
 * has left that was killed. A look costs one system call and reads no file.
 *
 *	63 .. 24   the family: one daemon, from its start to its end
 *	23 .. 0    the number: one start of a child
 *
 * A family is random, so that nobody else's limit is taken for a mark.
 */
#ifndef ST_OS_MARK_H
#define ST_OS_MARK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "os/limits.h"

/* Numbers differ if the starts are less than this many apart. */
#define ST_MARK_NUMBERS (1u << 24)

/**
 * st_mark_family_new() - choose a family
 * @ret_family: never 0
 *
 * Return: 0; -EPERM: the own hard limit does not allow marks; or -errno of
 * getrandom(2).
 */
int st_mark_family_new(uint64_t *ret_family) __must_check;

/**
 * st_mark_limit() - the limit that gives a child its mark (spawn.h)
 * @family: from st_mark_family_new()
 * @number: of the child's start
 */
struct st_limit st_mark_limit(uint64_t family, uint64_t number);

/**
 * st_mark_read() - the number of a process of a family
 * @pid: a process of this pid namespace
 * @family: the family
 * @ret_number: below ST_MARK_NUMBERS
 *
 * Return: 1; 0: it is not of this family; -ESRCH: no such process; -EPERM: one may not
 * ask, because it has another user.
 */
int st_mark_read(pid_t pid, uint64_t family, uint32_t *ret_number) __must_check;

/**
 * st_mark_find() - all processes of a family on this machine
 * @family: the family
 * @ret_pids: array owned by the caller (st_free); NULL if there are none
 * @ret_nr_pids: its length
 *
 * Asks each process in /proc. Those that have ended are left out, and those of which
 * one may not ask.
 *
 * Return: 0; -ENOMEM; or -errno of reading /proc.
 */
int st_mark_find(uint64_t family, pid_t **ret_pids, size_t *ret_nr_pids) __must_check;

#endif
