/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls without libc, for code that runs in a child which shares its
 * parent's memory: it has no errno, no locks and no thread-local storage of
 * its own, so it must not enter libc. Included by spawn.c and spawn_child.c
 * only. They are functions of their own, not inline, so that the linker can put
 * doubles in their place (tests/faults).
 *
 * All return what the kernel returns: a result, or a negative errno.
 */
#ifndef ST_OS_RAW_H
#define ST_OS_RAW_H

#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>

/*
 * No sanitizer may instrument code on the child's stack: their run-time keeps
 * records for the stacks it knows.
 */
#define ST_RAW __attribute__((no_sanitize("address", "undefined")))

/* A fifth argument is always 0: prctl(2) insists. */
long st_raw_call(long nr, long a, long b, long c, long d);

/*
 * clone3(2), whose child calls entry(arg) on the stack that @args names. In the
 * child there is nothing to return to: its stack is empty.
 */
long st_raw_clone(struct clone_args *args, void (*entry)(void *), void *arg);

#endif
