/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A live suptreed for the module's tests, with two workers, "left" and "right", which
 * it restarts as often as they are killed.
 */
#ifndef ST_TESTS_KMOD_LIVE_H
#define ST_TESTS_KMOD_LIVE_H

#include <sys/types.h>

#include "temporary.h"

struct live {
	pid_t pid;
	char dir[TEMPORARY_SIZE];
};

int live_start(struct live *live); /* 0 or -errno */

/* Wait until the module has all of its tree. Return: the pid of "left"; -1: it has ended. */
pid_t live_await(const struct live *live);

int live_audit(const struct live *live); /* 0: the module's tree is the daemon's */
int live_stop(struct live *live); /* the status that wait gave */

#endif
