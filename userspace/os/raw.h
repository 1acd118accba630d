/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls without libc, for code that runs in a child which shares its
 * parent's memory: it has no errno, no locks and no thread-local storage of
 * its own, so it must not enter libc. Included by spawn.c and spawn_child.c
 * only.
 *
 * All return what the kernel returns: a result, or a negative errno.
 */
#ifndef ST_OS_RAW_H
#define ST_OS_RAW_H

#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifndef __x86_64__
#error "raw.h: write st_raw_call() and st_raw_clone() for this machine"
#endif

/*
 * No sanitizer may instrument code on the child's stack: their run-time keeps
 * records for the stacks it knows.
 */
#define ST_RAW __attribute__((no_sanitize("address", "undefined")))

/* A fifth argument is always 0: prctl(2) insists. */
static inline ST_RAW long st_raw_call(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory", "cc");
	return result;
}

/*
 * clone3(2), whose child calls entry(arg) on the stack that @args names. In the
 * child there is nothing to return to: its stack is empty.
 */
static inline ST_RAW long st_raw_clone(struct clone_args *args, void (*entry)(void *), void *arg)
{
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%rdx, %%rdi\n\t"
			 "call *%%rbx\n\t"
			 "ud2\n"
			 "1:"
			 : "=a"(result)
			 : "0"((long)SYS_clone3), "D"(args), "S"(sizeof(*args)), "b"(entry),
			   "d"(arg)
			 : "rcx", "r11", "memory", "cc");
	return result;
}

#endif
