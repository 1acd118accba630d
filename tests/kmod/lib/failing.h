/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations of the kernel that fail, for the module's tests: its fault injection
 * (Documentation/fault-injection), which the kernel of `make kasan` has and no other
 * here: elsewhere, programs of this are skipped. What is asked for holds for the calling
 * thread alone.
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
