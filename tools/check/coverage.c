// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linked with --wrap=_exit into the programs that tools/check/coverage builds.
 * The harness ends each test by _exit(2), which would lose its counters.
 */
void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
