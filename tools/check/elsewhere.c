// SPDX-License-Identifier: GPL-2.0-only
/*
 * tools/check/elsewhere loads this before libfaketime. libfaketime 0.9.10 can
 * leave CLOCK_MONOTONIC alone, but takes its offset also from an absolute time
 * on that clock until which a program wants to sleep. That breaks Python's
 * time.sleep(). So such a sleep goes to the kernel unchanged.
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
