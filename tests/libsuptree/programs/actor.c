// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that calls libsuptree as its messages ask.
 *
 *	actor [ignore|fail TEXT|trap|bare]	a server that obeys calls and casts
 *	actor client			not a server; it obeys lines of standard input and
 *					answers with a line "0 RESULT" or "-ERRNO WORD"
 *
 * Both know: call NAME MS TEXT, cast NAME TEXT, send NAME TEXT, whereis NAME,
 * register NAME, unregister NAME, monitor NAME, demonitor REF, join GROUP, leave
 * GROUP, broadcast GROUP TEXT, state NAME, replace NAME TEXT. The client: receive MS.
 * The server: link NAME, unlink NAME, trap on|off, after MS TEXT, cancel REF, echo
 * TEXT, who, uid (of the caller), accept N, accept_links N (enum suptree_accept),
 * silent, later, now TEXT (answers those of later), bytes N, await N (the next N
 * messages that it was or will be given), signal N, stop N.
 * Both: offer NAME (with a word, an integer and a text), withdraw NAME.
 */
#include "libsuptree/suptree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WAITING 16
#define MAX_HEARD 1000

struct actor {
	char *heard[MAX_HEARD];
	unsigned int nr_heard;
	unsigned int wanted; /* by who awaits; 0: nobody does */
	struct suptree_from awaits;
	struct suptree_from later[MAX_WAITING];
	unsigned int nr_later;
	long value;
};

static char result[SUPTREE_MAX_MESSAGE + 1];

static int done(int ret, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int done(int ret, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result, sizeof(result), format, args);
	va_end(args);
	return ret;
}

/* Cut the first word off. */
static char *cut(char **rest)
{
	char *word = *rest, *end = strchr(word, ' ');

	*rest = end ? end + 1 : word + strlen(word);
	if (end)
		*end = '\0';
	return word;
}

static int do_whereis(struct suptree *self, const char *name)
{
	struct suptree_process process;
	int ret = suptree_whereis(self, name, &process);

	if (ret)
		return ret;
	return done(0, "%s %d %llu", process.path, process.pid,
		    (unsigned long long)process.generation);
}

static void describe(const struct suptree_info *info, char *out, size_t size)
{
	switch (info->type) {
	case SUPTREE_INFO_MESSAGE:
		snprintf(out, size, "message %s from %s", info->message.data, info->message.path);
		break;
	case SUPTREE_INFO_TIMEOUT:
		snprintf(out, size, "timeout %s %llu", info->message.data,
			 (unsigned long long)info->ref);
		break;
	case SUPTREE_INFO_DOWN:
		snprintf(out, size, "down %llu %s %s %d %d", (unsigned long long)info->ref,
			 info->path, info->reason.text, (int)info->reason.type, info->reason.value);
		break;
	case SUPTREE_INFO_EXIT:
		snprintf(out, size, "exit %s %s", info->path, info->reason.text);
		break;
	case SUPTREE_INFO_SIGNAL:
		snprintf(out, size, "signal %d", info->value);
		break;
	case SUPTREE_INFO_FD:
		snprintf(out, size, "fd %d", info->value);
		break;
	}
}

static int do_receive(struct suptree *self, int timeout_ms)
{
	struct suptree_info info;
	int ret = suptree_receive(self, timeout_ms, &info);

	if (!ret)
		describe(&info, result, sizeof(result));
	return ret;
}

static int do_offer(struct suptree *self, const char *name)
{
	const struct suptree_operation operations[] = {
		{ .name = name,
		  .summary = "do as it is told",
		  .parameters = { { "word", "a word", SUPTREE_WORD, false },
				  { "n", NULL, SUPTREE_INTEGER, true },
				  { "rest", "a text", SUPTREE_TEXT, true } } },
		{ .name = "who", .summary = "say who calls", .reads = true },
		{ .name = NULL },
	};

	return suptree_offer(self, operations);
}

/* What both kinds know. Return: 0, a negative errno; 1: not this. */
static int do_common(struct suptree *self, const char *verb, char *rest)
{
	const char *name, *reply = "";
	uint64_t ref = 0;
	int ret;

	if (!strcmp(verb, "broadcast")) {
		name = cut(&rest);
		ret = suptree_broadcast(self, name, rest);
		return ret < 0 ? ret : done(0, "%d", ret);
	}
	if (!strcmp(verb, "demonitor"))
		return suptree_demonitor(self, strtoull(rest, NULL, 10));
	name = cut(&rest);
	if (!strcmp(verb, "call")) {
		int timeout_ms = atoi(cut(&rest));

		ret = suptree_call(self, name, rest, timeout_ms, &reply);
		return ret ? ret : done(0, "%s", reply);
	}
	if (!strcmp(verb, "state")) {
		ret = suptree_get_state(self, name, SUPTREE_TIMEOUT_MS, &reply);
		return ret ? ret : done(0, "%s", reply);
	}
	if (!strcmp(verb, "monitor")) {
		ret = suptree_monitor(self, name, &ref);
		return ret ? ret : done(0, "%llu", (unsigned long long)ref);
	}
	if (!strcmp(verb, "replace"))
		return suptree_replace_state(self, name, rest, SUPTREE_TIMEOUT_MS);
	if (!strcmp(verb, "cast"))
		return suptree_cast(self, name, rest);
	if (!strcmp(verb, "send"))
		return suptree_send(self, name, rest);
	if (!strcmp(verb, "whereis"))
		return do_whereis(self, name);
	if (!strcmp(verb, "register"))
		return suptree_register(self, name);
	if (!strcmp(verb, "unregister"))
		return suptree_unregister(self, name);
	if (!strcmp(verb, "offer"))
		return do_offer(self, name);
	if (!strcmp(verb, "withdraw"))
		return suptree_withdraw(self, name);
	if (!strcmp(verb, "join"))
		return suptree_join(self, name);
	if (!strcmp(verb, "leave"))
		return suptree_leave(self, name);
	return 1;
}

static int do_server(struct suptree *self, const char *verb, char *rest)
{
	uint64_t ref;
	int ret;

	if (!strcmp(verb, "link"))
		return suptree_link(self, rest);
	if (!strcmp(verb, "unlink"))
		return suptree_unlink(self, rest);
	if (!strcmp(verb, "trap"))
		return suptree_trap_exit(self, !strcmp(rest, "on"));
	if (!strcmp(verb, "accept"))
		return suptree_accept(self, (enum suptree_accept)atoi(rest));
	if (!strcmp(verb, "accept_links"))
		return suptree_accept_links(self, (enum suptree_accept)atoi(rest));
	if (!strcmp(verb, "signal"))
		return suptree_watch_signal(self, atoi(rest));
	if (!strcmp(verb, "after")) {
		uint32_t delay_ms = (uint32_t)atoi(cut(&rest));

		ret = suptree_send_after(self, delay_ms, rest, &ref);
		return ret ? ret : done(0, "%llu", (unsigned long long)ref);
	}
	if (!strcmp(verb, "cancel"))
		return done(0, suptree_cancel_timer(self, strtoull(rest, NULL, 10)) ? "yes" : "no");
	if (!strcmp(verb, "echo"))
		return done(0, "%s", rest);
	return 1;
}

static int act(struct suptree *self, const char *words, bool is_server)
{
	char text[SUPTREE_MAX_MESSAGE + 1];
	char *rest = text;
	const char *verb;
	int ret = 1;

	snprintf(text, sizeof(text), "%s", words);
	result[0] = '\0';
	verb = cut(&rest);
	if (is_server)
		ret = do_server(self, verb, rest);
	return ret > 0 ? do_common(self, verb, rest) : ret;
}

static void tell_heard(struct suptree *self, struct actor *actor)
{
	char text[SUPTREE_MAX_MESSAGE + 1] = "";
	size_t len = 0;

	if (!actor->wanted || actor->nr_heard < actor->wanted)
		return;
	for (unsigned int i = 0; i < actor->wanted; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? "\n" : "",
					actor->heard[i]);
		free(actor->heard[i]);
	}
	actor->nr_heard -= actor->wanted;
	memmove(actor->heard, actor->heard + actor->wanted,
		actor->nr_heard * sizeof(actor->heard[0]));
	actor->wanted = 0;
	suptree_reply(self, actor->awaits, "%s", text);
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct actor *actor = state;
	char text[1024];

	describe(info, text, sizeof(text));
	if (actor->nr_heard < MAX_HEARD)
		actor->heard[actor->nr_heard++] = strdup(text);
	tell_heard(self, actor);
	return SUPTREE_CONTINUE;
}

static void answer_later(struct suptree *self, struct actor *actor, const char *text)
{
	for (unsigned int i = 0; i < actor->nr_later; i++)
		suptree_reply(self, actor->later[i], "%s", text);
	actor->nr_later = 0;
}

/* Words whose answer is not what act() says. Return: whether it was one of them. */
static bool handle_special(struct suptree *self, struct actor *actor,
			   const struct suptree_message *request, struct suptree_from from)
{
	static char many[SUPTREE_MAX_MESSAGE + 2];
	const char *words = request->data;

	if (!strncmp(words, "await ", 6)) {
		actor->wanted = (unsigned int)atoi(words + 6);
		actor->awaits = from;
		tell_heard(self, actor);
	} else if (!strcmp(words, "later")) {
		actor->later[actor->nr_later++ % MAX_WAITING] = from;
	} else if (!strncmp(words, "bytes ", 6)) {
		memset(many, 'x', sizeof(many));
		suptree_reply_bytes(self, from, many, strtoul(words + 6, NULL, 10));
	} else if (!strcmp(words, "who")) {
		suptree_reply(self, from, "%s %d %llu", request->path, request->pid,
			      (unsigned long long)request->generation);
	} else if (!strcmp(words, "uid")) {
		suptree_reply(self, from, "%u", request->uid);
	} else {
		return !strcmp(words, "silent");
	}
	return true;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct actor *actor = state;
	int ret;

	if (handle_special(self, actor, request, from))
		return SUPTREE_CONTINUE;
	if (!strncmp(request->data, "stop ", 5)) {
		suptree_reply(self, from, "stopping");
		return suptree_stop(self, atoi(request->data + 5));
	}
	if (!strncmp(request->data, "now ", 4)) {
		answer_later(self, actor, request->data + 4);
		suptree_reply(self, from, "0 ");
		return SUPTREE_CONTINUE;
	}
	ret = act(self, request->data, true);
	if (ret > 0)
		suptree_reply_error(self, from, "unknown_call");
	else
		suptree_reply(self, from, "%d %s", ret, ret ? suptree_error(self) : result);
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	struct actor *actor = state;

	if (!strncmp(message->data, "stop ", 5))
		return suptree_stop(self, atoi(message->data + 5));
	if (!strncmp(message->data, "add ", 4))
		actor->value += atol(message->data + 4);
	else
		(void)act(self, message->data, true);
	return SUPTREE_CONTINUE;
}

static void terminate(struct suptree *self, void *state, const struct suptree_reason *reason)
{
	struct actor *actor = state;

	(void)self;
	printf("terminate %s %d\n", reason->text, reason->value);
	for (unsigned int i = 0; i < actor->nr_heard; i++)
		free(actor->heard[i]);
}

static int code_change(struct suptree *self, void *state, const char *old_vsn, const char *text)
{
	struct actor *actor = state;
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end)
		return suptree_fail(self, "no number of version %s: %s", old_vsn, text);
	actor->value = value;
	return 0;
}

static void format_status(const void *state, FILE *out)
{
	const struct actor *actor = state;

	fprintf(out, "%ld", actor->value);
}

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	(void)state;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "ignore"))
		return SUPTREE_IGNORE;
	if (argc > 2 && !strcmp(argv[1], "fail"))
		return suptree_fail(self, "%s", argv[2]);
	if (argc > 1 && !strcmp(argv[1], "trap"))
		return suptree_trap_exit(self, true);
	return 0;
}

static int be_client(void)
{
	struct suptree *self;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (suptree_open(NULL, &self))
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((len = getline(&line, &size, stdin)) > 0) {
		int ret;

		line[len - 1] = '\0';
		if (!strncmp(line, "receive ", 8))
			ret = do_receive(self, atoi(line + 8));
		else
			ret = act(self, line, false);
		printf("%d %s\n", ret, ret ? suptree_error(self) : result);
	}
	free(line);
	suptree_close(self);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server bare = { .init = init };
	static const struct suptree_gen_server actor = {
		.vsn = "1",
		.state_size = sizeof(struct actor),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.terminate = terminate,
		.code_change = code_change,
		.format_status = format_status,
	};

	if (argc > 1 && !strcmp(argv[1], "client"))
		return be_client();
	if (argc > 1 && !strcmp(argv[1], "bare"))
		return suptree_gen_server_main(&bare, argc, argv);
	return suptree_gen_server_main(&actor, argc, argv);
}
