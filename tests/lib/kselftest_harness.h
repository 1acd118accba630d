/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's kselftest_harness.h, as tests include it, with two things added. The
 * harness runs each test in a child that leaves by _exit(), where LeakSanitizer
 * does not look; here, in a build with it, it looks once more, and a test that leaked
 * has failed. And a FIXTURE_SETUP can skip the tests of its fixture.
 */
#ifndef ST_TESTS_KSELFTEST_HARNESS_H
#define ST_TESTS_KSELFTEST_HARNESS_H

#include <unistd.h>

#ifdef ST_SANITIZED
#include <sanitizer/lsan_interface.h>

/**
 * leave_test() - _exit() for the harness's children, after a search for leaks
 * @status: what the test came to; 0 becomes 1 if something leaked
 */
static inline _Noreturn void leave_test(int status)
{
	if (status == 0 && __lsan_do_recoverable_leak_check())
		status = 1;
	_exit(status);
}

#define _exit(status) leave_test(status)
#endif

#include_next <kselftest_harness.h>

#undef _exit

/* In a FIXTURE_SETUP, SKIP(return, ...) says so and lets the test run all the same; the
 * harness takes this status for a skipped test.
 */
#define SKIP_FIXTURE(reason) SKIP(_exit(255), reason)

#endif
