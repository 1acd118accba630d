// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptreed, whose n-th allocation fails. $ST_TEST_MEMORY names a file with three
 * numbers that the test and this program both map: see struct switches. Next:
 * requests.py, which turns them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../lib/wrapped.h"

#define main suptreed_main
#include "daemon/main.c"
#undef main

/**
 * struct switches - what the test and the daemon share
 * @left: allocations until the one that fails; 0: none does
 * @nr_failed: how many have failed
 */
struct switches {
	volatile uint64_t left;
	volatile uint64_t nr_failed;
};

static struct switches *switches;

static bool fails_now(void)
{
	if (!switches || !switches->left || --switches->left)
		return false;
	switches->nr_failed++;
	errno = ENOMEM;
	return true;
}

#define DOUBLE(name, type, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return fails_now() ? NULL : __real_##name arguments; \
	}
CALLS(DOUBLE)
#undef DOUBLE

int main(int argc, char **argv)
{
	int fd = open(getenv("ST_TEST_MEMORY"), O_RDWR | O_CLOEXEC);

	switches = mmap(NULL, sizeof(*switches), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || switches == MAP_FAILED) {
		perror("ST_TEST_MEMORY");
		return 2;
	}
	close(fd);
	return suptreed_main(argc, argv);
}
