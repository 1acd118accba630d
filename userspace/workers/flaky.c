// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that crashes by itself. It shows what intensity and period do, and what a
 * caller sees of a crash.
 *
 *	flaky after N		at its Nth request
 *	flaky chance PERCENT SEED	at each request, with that probability
 *
 *	call work		the number of requests it has survived; or the caller
 *				gets the error that it ended, with {"code":1}
 *	cast work, crash
 *
 * With the same seed each incarnation crashes at the same request, so that a lesson can
 * be repeated. Read next: slow-starter.c.
 */
#include "libsuptree/suptree.h"
#include <stdint.h>
#include <stdio.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_COUNT 1000000
#define MAX_SEED 0xffffffffL

struct flaky {
	long fatal; /* request; 0: it is a matter of chance */
	long percent;
	uint32_t random; /* never 0, as xorshift wants it */
	long nr_survived;
};

/* xorshift32 of G. Marsaglia. Return: from 0 to 99. */
static long throw_dice(struct flaky *flaky)
{
	flaky->random ^= flaky->random << 13;
	flaky->random ^= flaky->random >> 17;
	flaky->random ^= flaky->random << 5;
	return flaky->random % 100;
}

static const struct suptree_operation offers[] = {
	{ .name = "work", .summary = "return how many requests it has survived, or crash" },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct flaky *flaky = state;
	long seed;

	if (argc == 3 && st_is_word(argv[1], "after")) {
		if (!st_number(argv[2], 1, MAX_COUNT, &flaky->fatal))
			return suptree_fail(self, "%s: not a number of requests from 1 to %d",
					    argv[2], MAX_COUNT);
	} else if (argc == 4 && st_is_word(argv[1], "chance")) {
		if (!st_number(argv[2], 0, 100, &flaky->percent))
			return suptree_fail(self, "%s: not a percentage from 0 to 100", argv[2]);
		if (!st_number(argv[3], 1, MAX_SEED, &seed))
			return suptree_fail(self, "%s: not a seed from 1 to %ld", argv[3],
					    MAX_SEED);
		flaky->random = (uint32_t)seed;
	} else {
		return suptree_fail(self, "usage: flaky after N | flaky chance PERCENT SEED");
	}
	suptree_set_status(self, "survived 0 requests");
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

/* Return: whether it was survived. */
static bool work(struct suptree *self, struct flaky *flaky)
{
	if (flaky->fatal ? flaky->nr_survived + 1 >= flaky->fatal :
			   throw_dice(flaky) < flaky->percent)
		return false;
	suptree_set_status(self, "survived %ld requests", ++flaky->nr_survived);
	return true;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct flaky *flaky = state;

	if (!st_is_word(request->data, "work"))
		suptree_reply_error(self, from, "unknown_call");
	else if (work(self, flaky))
		suptree_reply(self, from, "%ld", flaky->nr_survived);
	else
		return st_crash(self);
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	if (st_is_word(message->data, "work") && !work(self, state))
		return st_crash(self);
	return st_handle_crash(self, state, message);
}

static void format_status(const void *state, FILE *out)
{
	const struct flaky *flaky = state;

	fprintf(out, "survived %ld requests, ", flaky->nr_survived);
	if (flaky->fatal)
		fprintf(out, "crashes at request %ld", flaky->fatal);
	else
		fprintf(out, "crashes at %ld %% of them", flaky->percent);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server flaky = {
		.vsn = "1",
		.state_size = sizeof(struct flaky),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&flaky, argc, argv);
}
