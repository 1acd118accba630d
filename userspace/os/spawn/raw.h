/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls without libc, for code that runs in a child that shares its parent's
 * memory. Such a child does not have its own errno, locks and thread-local storage, so
 * it must not call libc. Only spawn.c and spawn_child.c include this. The functions are
 * not inline, so that the linker can replace them by doubles (tests/faults).
 *
 * All return what the kernel returns: a result, or a negative errno.
 */
#ifndef ST_OS_SPAWN_RAW_H
#define ST_OS_SPAWN_RAW_H

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
 * clone3(2). The child calls entry(arg) on the stack that @args names. It must not
 * return from there, because its stack is empty.
 */
long st_raw_clone(struct clone_args *args, void (*entry)(void *), void *arg);

#endif
