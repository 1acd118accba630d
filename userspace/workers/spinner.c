// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that keeps a processor busy and handles no messages in the meantime. It shows
 * what happens to calls to a server that does one thing at a time.
 *
 *	spinner
 *
 *	call spin MS		done, after MS milliseconds of processor time
 *	call ping		pong; while it spins the caller waits, until its timeout
 *	cast spin MS, crash
 *
 * It also answers a call that has timed out, but the answer is dropped. SIGTERM ends it
 * at once, because it traps no exits; a crash has to wait for its turn. `nice` and
 * `limits: {cpu: 10}` in the child specification limit such a process. Read next:
 * ping-pong.c.
 */
#include "libsuptree/suptree.h"
#include <stdio.h>
#include <time.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_MS 3600000

struct spinner {
	long spun_ms;
};

static long long cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Return: whether the words ask for it. */
static bool spin(struct suptree *self, struct spinner *spinner, const char *words)
{
	const char *argument = st_word(words, "spin");
	long long begin_ms = cpu_ms();
	long ms;

	if (!argument || !st_number(argument, 0, MAX_MS, &ms))
		return false;
	suptree_set_status(self, "spinning for %ld ms", ms);
	while (cpu_ms() - begin_ms < ms)
		continue;
	spinner->spun_ms += ms;
	suptree_set_status(self, "spun %ld ms", spinner->spun_ms);
	return true;
}

static const struct suptree_operation offers[] = {
	{ .name = "spin",
	  .summary = "keep a processor busy, then return done",
	  .parameters = { { "ms", "milliseconds of processor time", SUPTREE_INTEGER, false } } },
	{ .name = "ping", .summary = "return pong, unless it is busy", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	const struct spinner *spinner = state;

	(void)argv;
	if (argc != 1)
		return suptree_fail(self, "usage: spinner");
	suptree_set_status(self, "spun %ld ms", spinner->spun_ms);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	if (st_is_word(request->data, "ping"))
		suptree_reply(self, from, "pong");
	else if (spin(self, state, request->data))
		suptree_reply(self, from, "done");
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	(void)spin(self, state, message->data); /* what it does not know it forgets */
	return st_handle_crash(self, state, message);
}

static void format_status(const void *state, FILE *out)
{
	const struct spinner *spinner = state;

	fprintf(out, "spun %ld ms", spinner->spun_ms);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server spinner = {
		.vsn = "1",
		.state_size = sizeof(struct spinner),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&spinner, argc, argv);
}
