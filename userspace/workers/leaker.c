// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that takes resources and never gives them back. It shows what resource limits
 * are for, and that a restart gives everything back at once.
 *
 *	leaker memory STEP PERIOD LIMIT		STEP KiB each PERIOD ms, up to LIMIT KiB
 *	leaker descriptors STEP PERIOD LIMIT	the same with open files
 *
 *	call leaked		how much, in KiB or in descriptors
 *	cast leak, crash	leak: a step at once
 *
 * With PERIOD 0 it leaks only on `cast leak`. At LIMIT it takes no more, so that it does
 * no harm. When it gets no more, for example with `limits: {as: 64 MiB}` or
 * `limits: {nofile: 32}`, it crashes, as most programs do. Read next: spinner.c.
 */
#include "libsuptree/suptree.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_LIMIT 1048576 /* 1 GiB */
#define MAX_MS 3600000
#define KIB 1024

struct leaker {
	bool leaks_descriptors;
	long step;
	long period_ms;
	long limit;
	long leaked;
};

static const char *unit(const struct leaker *leaker)
{
	return leaker->leaks_descriptors ? "descriptors" : "KiB";
}

/* As it is meant: neither the descriptor nor the memory is kept in mind. */
static bool take(const struct leaker *leaker, long amount)
{
	if (!leaker->leaks_descriptors)
		return mmap(NULL, (size_t)amount * KIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) != MAP_FAILED;
	for (long i = 0; i < amount; i++)
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
			return false;
	return true;
}

static enum suptree_next leak(struct suptree *self, struct leaker *leaker)
{
	long left = leaker->limit - leaker->leaked;
	long amount = leaker->step < left ? leaker->step : left;

	if (amount && !take(leaker, amount)) {
		fprintf(stderr, "leaker: %ld %s, and no more: %s\n", leaker->leaked, unit(leaker),
			strerror(errno));
		return st_crash(self);
	}
	leaker->leaked += amount;
	suptree_set_status(self, "leaked %ld %s", leaker->leaked, unit(leaker));
	return SUPTREE_CONTINUE;
}

static int set_timer(struct suptree *self, const struct leaker *leaker)
{
	if (!leaker->period_ms || leaker->leaked == leaker->limit)
		return 0;
	return suptree_send_after(self, (uint32_t)leaker->period_ms, "leak", NULL);
}

static const struct suptree_operation offers[] = {
	{ .name = "leaked", .summary = "return how much it has leaked", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct leaker *leaker = state;

	if (argc != 5 || !(st_is_word(argv[1], "memory") || st_is_word(argv[1], "descriptors")))
		return suptree_fail(self, "usage: leaker memory|descriptors STEP PERIOD LIMIT");
	leaker->leaks_descriptors = st_is_word(argv[1], "descriptors");
	if (!st_number(argv[2], 1, MAX_LIMIT, &leaker->step))
		return suptree_fail(self, "%s: not a step from 1 to %d", argv[2], MAX_LIMIT);
	if (!st_number(argv[3], 0, MAX_MS, &leaker->period_ms))
		return suptree_fail(self, "%s: not a number of ms from 0 to %d", argv[3], MAX_MS);
	if (!st_number(argv[4], 1, MAX_LIMIT, &leaker->limit))
		return suptree_fail(self, "%s: not a limit from 1 to %d", argv[4], MAX_LIMIT);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	suptree_set_status(self, "leaked 0 %s", unit(leaker));
	return set_timer(self, leaker);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const struct leaker *leaker = state;

	if (st_is_word(request->data, "leaked"))
		suptree_reply(self, from, "%ld", leaker->leaked);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	return st_is_word(message->data, "leak") ? leak(self, state) :
						   st_handle_crash(self, state, message);
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	if (info->type != SUPTREE_INFO_TIMEOUT)
		return SUPTREE_CONTINUE;
	if (leak(self, state) == SUPTREE_STOP || set_timer(self, state))
		return st_crash(self);
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct leaker *leaker = state;

	fprintf(out, "leaked %ld of %ld %s, %ld each %ld ms", leaker->leaked, leaker->limit,
		unit(leaker), leaker->step, leaker->period_ms);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server leaker = {
		.vsn = "1",
		.state_size = sizeof(struct leaker),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&leaker, argc, argv);
}
