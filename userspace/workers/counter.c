// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that holds a number. It shows what a supervisor can bring back and what not:
 * after a restart it begins with its argument again, and the old count is lost with the
 * old process.
 *
 *	counter START
 *
 *	call get_value, increment, decrement, add N, reset	the new value
 *	call crash		ends instead of answering
 *	cast increment, decrement, add N, reset, crash
 *
 * SIGUSR1 adds one, SIGUSR2 takes one off. The number is shown on standard output
 * and as its status whenever it changes. Read next: printer.c.
 */
#include "libsuptree/suptree.h"
#include <signal.h>
#include <stdio.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_VALUE 1000000000

struct counter {
	long start;
	long value;
};

static void set(struct suptree *self, struct counter *counter, long value)
{
	/* it wraps; signed overflow would be undefined in C */
	if (value > MAX_VALUE || value < -MAX_VALUE)
		value = 0;
	counter->value = value;
	printf("value %ld\n", value);
	suptree_set_status(self, "value %ld", value);
}

static const struct suptree_operation offers[] = {
	{ .name = "get_value", .summary = "return the number", .reads = true },
	{ .name = "increment", .summary = "add one, and return the number" },
	{ .name = "decrement", .summary = "subtract one, and return the number" },
	{ .name = "add",
	  .summary = "add to the number, and return it",
	  .parameters = { { "n", "what to add", SUPTREE_INTEGER, false } } },
	{ .name = "reset", .summary = "set the number to its first value" },
	{ .name = "crash", .summary = "end instead of answering" },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct counter *counter = state;

	if (argc != 2)
		return suptree_fail(self, "usage: counter START");
	if (!st_number(argv[1], -MAX_VALUE, MAX_VALUE, &counter->start))
		return suptree_fail(self, "%s: not a number from %d to %d", argv[1], -MAX_VALUE,
				    MAX_VALUE);
	if (suptree_watch_signal(self, SIGUSR1) || suptree_watch_signal(self, SIGUSR2))
		return suptree_fail(self, "watch signals: %s", suptree_error(self));
	set(self, counter, counter->start);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

/* Do what the words ask for. Return: whether they are a request. */
static bool change(struct suptree *self, struct counter *counter, const char *words)
{
	const char *argument = st_word(words, "add");
	long number;

	if (argument && st_number(argument, -MAX_VALUE, MAX_VALUE, &number))
		set(self, counter, counter->value + number);
	else if (st_is_word(words, "increment"))
		set(self, counter, counter->value + 1);
	else if (st_is_word(words, "decrement"))
		set(self, counter, counter->value - 1);
	else if (st_is_word(words, "reset"))
		set(self, counter, counter->start);
	else
		return false;
	return true;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct counter *counter = state;

	if (st_is_word(request->data, "crash"))
		return st_crash(self);
	if (st_is_word(request->data, "get_value") || change(self, counter, request->data))
		suptree_reply(self, from, "%ld", counter->value);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	change(self, state, message->data);
	return st_handle_crash(self, state, message);
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct counter *counter = state;

	if (info->type == SUPTREE_INFO_SIGNAL)
		set(self, counter, counter->value + (info->value == SIGUSR1 ? 1 : -1));
	return SUPTREE_CONTINUE;
}

static int code_change(struct suptree *self, void *state, const char *old_vsn, const char *text)
{
	const char *number = st_word(text, "value");
	long value;

	if (!number || !st_number(number, -MAX_VALUE, MAX_VALUE, &value))
		return suptree_fail(self, "a state is \"value N\", of version %s too", old_vsn);
	set(self, state, value);
	return 0;
}

static void format_status(const void *state, FILE *out)
{
	const struct counter *counter = state;

	fprintf(out, "value %ld", counter->value);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server counter = {
		.vsn = "1",
		.state_size = sizeof(struct counter),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.code_change = code_change,
		.format_status = format_status,
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return suptree_gen_server_main(&counter, argc, argv);
}
