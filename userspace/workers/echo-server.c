// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest useful server: it returns each message. Copy it to write your first
 * server.
 *
 *	echo-server
 *
 *	call echo TEXT		TEXT
 *	call crash		ends instead of answering: the caller gets an error
 *	cast crash
 *
 * Read next: kv-store.c, which remembers something.
 */
#include "libsuptree/suptree.h"
#include <stdio.h>

#include "workers/crash.h"
#include "workers/words.h"

struct echo {
	unsigned long nr_echoes;
};

static const struct suptree_operation offers[] = {
	{ .name = "echo",
	  .summary = "return the message",
	  .parameters = { { "text", "what to say", SUPTREE_TEXT, false } },
	  .reads = true },
	{ .name = "crash", .summary = "end instead of answering" },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	const struct echo *echo = state;

	(void)argv;
	if (argc != 1)
		return suptree_fail(self, "usage: echo-server");
	suptree_set_status(self, "echoed %lu", echo->nr_echoes);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *text = st_word(request->data, "echo");
	struct echo *echo = state;

	if (st_is_word(request->data, "crash"))
		return st_crash(self);
	if (!text) {
		suptree_reply_error(self, from, "unknown_call");
		return SUPTREE_CONTINUE;
	}
	suptree_set_status(self, "echoed %lu", ++echo->nr_echoes);
	suptree_reply(self, from, "%s", text);
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct echo *echo = state;

	fprintf(out, "echoed %lu", echo->nr_echoes);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server echo_server = {
		.vsn = "1",
		.state_size = sizeof(struct echo),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = st_handle_crash,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&echo_server, argc, argv);
}
