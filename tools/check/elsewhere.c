// SPDX-License-Identifier: GPL-2.0-only
/*
 * tools/check/elsewhere loads this before libfaketime. libfaketime 0.9.10 can
 * leave CLOCK_MONOTONIC alone, but takes its offset also from an absolute time
 * on that clock until which a program wants to sleep. That breaks Python's
 * time.sleep(). So such a sleep goes to the kernel unchanged.
 *
 * It also has a semaphore that all its processes share. A process that is killed
 * while it holds the semaphore would stop all later ones at their start, and our
 * tests kill many. It guards a beginning that a fixed offset does not need, so each
 * process gets a semaphore of its own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
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

static sem_t own;

typedef sem_t *open_semaphore(const char *name, int flags, ...);
typedef int close_semaphore(sem_t *semaphore);

sem_t *sem_open(const char *name, int flags, ...)
{
	open_semaphore *next = (open_semaphore *)dlsym(RTLD_NEXT, "sem_open");
	unsigned int value = 1;
	mode_t mode = 0600;
	va_list args;

	if (!strncmp(name, "/faketime_sem_", 14))
		return sem_init(&own, 0, 1) ? SEM_FAILED : &own;
	va_start(args, flags);
	if (flags & O_CREAT) {
		mode = va_arg(args, mode_t);
		value = va_arg(args, unsigned int);
	}
	va_end(args);
	return next ? next(name, flags, mode, value) : SEM_FAILED;
}

int sem_close(sem_t *semaphore)
{
	close_semaphore *next = (close_semaphore *)dlsym(RTLD_NEXT, "sem_close");

	if (semaphore == &own || !next)
		return 0;
	return next(semaphore);
}
