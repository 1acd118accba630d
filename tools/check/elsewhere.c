// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded in front of libfaketime by tools/check/elsewhere. libfaketime 0.9.10 leaves
 * CLOCK_MONOTONIC alone when it is asked to, but takes its offset from a moment on that
 * clock until which somebody wants to sleep: Python's time.sleep() fails by it. Such a
 * sleep goes to the kernel as it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int sleep_until(clockid_t clock, int flags, const struct timespec *when,
			struct timespec *left);

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *when, struct timespec *left)
{
	sleep_until *next = (sleep_until *)dlsym(RTLD_NEXT, "clock_nanosleep");

	if (clock == CLOCK_REALTIME && next)
		return next(clock, flags, when, left);
	return syscall(SYS_clock_nanosleep, clock, flags, when, left) ? errno : 0;
}
