// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that does not stop at once. It shows what the shutdown timeout of a child
 * specification is for. It traps exits, so that SIGTERM only starts its clean-up, and
 * the clean-up takes long.
 *
 *	stubborn MS | forever	how long the clean-up takes
 *
 *	call patience		the present value: MS or forever
 *	cast take MS, take forever, crash
 *
 * With a shutdown timeout longer than MS it ends with shutdown. With a shorter one, or
 * with forever, its supervisor kills it when the time is up. With brutal_kill it is
 * killed at once. A crash runs the clean-up too, as in OTP. Read next: leaker.c.
 */
#include "libsuptree/suptree.h"
#include <poll.h>
#include <stdio.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_MS 3600000
#define FOREVER (-1)

struct stubborn {
	long takes_ms;
};

static bool read_time(const char *text, long *ret_ms)
{
	if (st_number(text, 0, MAX_MS, ret_ms))
		return true;
	if (!st_is_word(text, "forever"))
		return false;
	*ret_ms = FOREVER;
	return true;
}

static void write_time(const struct stubborn *stubborn, char text[static 32])
{
	if (stubborn->takes_ms == FOREVER)
		snprintf(text, 32, "forever");
	else
		snprintf(text, 32, "%ld", stubborn->takes_ms);
}

static const struct suptree_operation offers[] = {
	{ .name = "patience", .summary = "return how long it takes to stop", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct stubborn *stubborn = state;

	if (argc != 2)
		return suptree_fail(self, "usage: stubborn MS | stubborn forever");
	if (!read_time(argv[1], &stubborn->takes_ms))
		return suptree_fail(self, "%s: not a number of ms from 0 to %d, nor forever",
				    argv[1], MAX_MS);
	if (suptree_trap_exit(self, true))
		return suptree_fail(self, "trap exits: %s", suptree_error(self));
	suptree_set_status(self, "at work");
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	char text[32];

	write_time(state, text);
	if (st_is_word(request->data, "patience"))
		suptree_reply(self, from, "%s", text);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	const char *time = st_word(message->data, "take");
	struct stubborn *stubborn = state;
	long takes_ms;

	if (time && read_time(time, &takes_ms))
		stubborn->takes_ms = takes_ms;
	return st_handle_crash(self, state, message);
}

/* SIGTERM is blocked while exits are trapped: more of them change nothing. */
static void terminate(struct suptree *self, void *state, const struct suptree_reason *reason)
{
	const struct stubborn *stubborn = state;
	char text[32];

	write_time(stubborn, text);
	suptree_set_status(self, "%s: cleaning up, takes %s", reason->text, text);
	(void)poll(NULL, 0, (int)stubborn->takes_ms); /* no descriptor: time passes */
}

static void format_status(const void *state, FILE *out)
{
	char text[32];

	write_time(state, text);
	fprintf(out, "takes %s to clean up", text);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server stubborn = {
		.vsn = "1",
		.state_size = sizeof(struct stubborn),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.terminate = terminate,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&stubborn, argc, argv);
}
