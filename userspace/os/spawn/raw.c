// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two functions that each machine needs; see raw.h.
 */
#include "os/spawn/raw.h"

#ifndef __x86_64__
#error "raw.c: write st_raw_call() and st_raw_clone() for this machine"
#endif

ST_RAW long st_raw_call(long nr, long a, long b, long c, long d)
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

ST_RAW long st_raw_clone(struct clone_args *args, void (*entry)(void *), void *arg)
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
