// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many calls to a counter over libsuptree, each answer checked and timed.
 *
 *	st-soak NAME NR		NAME: a counter below the daemon of $SUPTREE_SOCKET
 *
 * Prints one JSON line. Each call adds 1, so an answer that is lost, doubled or
 * another caller's is found at once. Started by ./soak.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libsuptree/suptree.h"

#define MAX_CALLS 10000000
#define NS_PER_S UINT64_C(1000000000)
#define FAILED 1
#define USAGE 2

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The counter's value after another 1; 0: the call failed, and the error was printed. */
static unsigned long add_one(struct suptree *self, const char *name)
{
	const char *reply;

	if (!suptree_call(self, name, "add 1", SUPTREE_TIMEOUT_MS, &reply))
		return strtoul(reply, NULL, 10);
	(void)fprintf(stderr, "st-soak: call %s: %s\n", name, suptree_error(self));
	return 0;
}

static int make_calls(struct suptree *self, const char *name, uint32_t *took_ns, size_t nr)
{
	unsigned long expected = add_one(self, name);

	if (!expected)
		return FAILED;
	for (size_t i = 0; i < nr; i++) {
		uint64_t begin_ns = now_ns();
		unsigned long value = add_one(self, name);

		took_ns[i] = (uint32_t)(now_ns() - begin_ns);
		if (value != ++expected) {
			(void)fprintf(stderr, "st-soak: call %s: the answer is %lu, not %lu\n",
				      name, value, expected);
			return FAILED;
		}
	}
	return 0;
}

static int run(const char *name, size_t nr)
{
	uint32_t *took_ns = calloc(nr, sizeof(*took_ns));
	struct suptree *self = NULL;
	int status = FAILED;
	uint64_t begin_ns;

	if (!took_ns || suptree_open(NULL, &self)) {
		(void)fprintf(stderr, "st-soak: open: %s\n", strerror(ENOMEM));
		free(took_ns);
		return FAILED;
	}
	begin_ns = now_ns();
	if (!make_calls(self, name, took_ns, nr)) {
		uint64_t all_ns = now_ns() - begin_ns;
		size_t middle = nr / 2, late = nr * 99 / 100;

		qsort(took_ns, nr, sizeof(*took_ns), compare);
		(void)printf("{\"calls\":%zu,\"p50_us\":%.2f,\"p99_us\":%.2f,\"per_s\":%.0f}\n", nr,
			     took_ns[middle] / 1e3, took_ns[late] / 1e3,
			     1e9 * (double)nr / (double)all_ns);
		status = 0;
	}
	suptree_close(self);
	free(took_ns);
	return status;
}

int main(int argc, char **argv)
{
	size_t nr = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (nr > 0 && nr <= MAX_CALLS)
		return run(argv[1], nr);
	(void)fputs("usage: st-soak NAME NR\n", stderr);
	return USAGE;
}
