/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing allocations of the kernel, for the module's tests: the kernel's fault injection
 * (Documentation/fault-injection). Only the kernel of `make kasan` has it; on others these
 * programs are skipped. The settings apply only to the calling thread.
 */
#ifndef ST_TESTS_KMOD_FAILING_H
#define ST_TESTS_KMOD_FAILING_H

/* The @nth allocation from here on fails. Return: 0 or -errno. */
int failing_nth(unsigned int nth);

/* No more. Return: how many it was still to be; 0: it has failed. */
unsigned int failing_end(void);

/* From here on that many of a hundred fail; 0: none. Return: 0 or -errno. */
int failing_often(unsigned int percent);

#endif
