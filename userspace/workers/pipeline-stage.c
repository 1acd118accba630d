// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stage of a pipeline of processes. It does one thing to each text and sends it to the
 * next stage, which it knows by name. A restarted stage is found again, because a name
 * leads to the process that has it now.
 *
 *	pipeline-stage OPERATION NEXT	OPERATION: upper, lower, reverse, count
 *	pipeline-stage collect		the last stage: it keeps the texts
 *
 *	cast text TEXT		change it and pass it on; count puts the length in front
 *	call text TEXT		the same; the answer is the new text, or an error
 *	call collected		for the last stage: the latest texts, oldest first
 *	call counts		"passed N, lost N"
 *	cast crash
 *
 * A text is lost if there is no next stage. The texts in the mailbox of a stage that dies
 * are lost, too: a cast gives no guarantee. Read next: bank.c, which must not lose
 * anything.
 */
#include "libsuptree/suptree.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_TEXT 1024 /* bytes, the NUL too; what is longer is cut */
#define MAX_COLLECTED 20

struct stage {
	const struct operation *operation;
	const char *next; /* NULL: it is the last one */
	unsigned long passed;
	unsigned long lost;
	char collected[MAX_COLLECTED][MAX_TEXT]; /* text n at n modulo MAX_COLLECTED */
};

static void upper(const char *text, char *out)
{
	while (*text)
		*out++ = (char)toupper((unsigned char)*text++);
	*out = '\0';
}

static void lower(const char *text, char *out)
{
	while (*text)
		*out++ = (char)tolower((unsigned char)*text++);
	*out = '\0';
}

static void reverse(const char *text, char *out)
{
	for (size_t len = strlen(text); len > 0; len--)
		*out++ = text[len - 1];
	*out = '\0';
}

static void count(const char *text, char *out)
{
	snprintf(out, MAX_TEXT, "%zu %s", strlen(text), text);
}

static void collect(const char *text, char *out)
{
	snprintf(out, MAX_TEXT, "%s", text);
}

static const struct operation {
	const char *name;
	void (*run)(const char *text, char *out); /* both have room for MAX_TEXT */
	bool is_last;
} operations[] = {
	{ "upper", upper, false }, { "lower", lower, false },	 { "reverse", reverse, false },
	{ "count", count, false }, { "collect", collect, true },
};

static const struct suptree_operation offers[] = {
	{ .name = "text",
	  .summary = "do its work on a text and pass it on",
	  .parameters = { { "text", "the text", SUPTREE_TEXT, false } } },
	{ .name = "counts",
	  .summary = "return how many texts it has passed on, and how many it has lost",
	  .reads = true },
	{ .name = "collected",
	  .summary = "return the latest texts; only the last stage has them",
	  .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct stage *stage = state;
	size_t nr = sizeof(operations) / sizeof(*operations);

	if (argc != 2 && argc != 3)
		return suptree_fail(self, "usage: pipeline-stage OPERATION NEXT | collect");
	for (size_t i = 0; i < nr && !stage->operation; i++)
		if (!strcmp(operations[i].name, argv[1]))
			stage->operation = &operations[i];
	if (!stage->operation)
		return suptree_fail(self, "%s: none of upper, lower, reverse, count, collect",
				    argv[1]);
	if (stage->operation->is_last != (argc == 2))
		return suptree_fail(self, "%s: %s", argv[1],
				    argc == 2 ? "to which next stage?" : "has no next stage");
	stage->next = argc == 3 ? argv[2] : NULL;
	suptree_set_status(self, "%s: passed 0, lost 0", argv[1]);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

/* *ret_out has what became of the text. Return: NULL, or why it is lost. */
static const char *work(struct suptree *self, struct stage *stage, const char *text,
			char ret_out[static MAX_TEXT])
{
	char in[MAX_TEXT], message[MAX_TEXT + 8];
	const char *error = NULL;

	snprintf(in, sizeof(in), "%s", text);
	stage->operation->run(in, ret_out);
	snprintf(message, sizeof(message), "text %s", ret_out);
	if (stage->next && suptree_cast(self, stage->next, message))
		error = suptree_error(self);
	if (error)
		stage->lost++;
	else
		snprintf(stage->collected[++stage->passed % MAX_COLLECTED], MAX_TEXT, "%s",
			 ret_out);
	suptree_set_status(self, "%s: passed %lu, lost %lu", stage->operation->name, stage->passed,
			   stage->lost);
	return error;
}

static void reply_collected(struct suptree *self, const struct stage *stage,
			    struct suptree_from from)
{
	unsigned long nr = stage->passed;
	unsigned long first = nr < MAX_COLLECTED ? 1 : nr - MAX_COLLECTED + 1;
	char text[MAX_COLLECTED * MAX_TEXT];
	size_t len = 0;

	for (unsigned long i = first; i <= nr; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					i == first ? "" : "\n",
					stage->collected[i % MAX_COLLECTED]);
	suptree_reply_bytes(self, from, text, len);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *text = st_word(request->data, "text"), *error = NULL;
	char out[MAX_TEXT] = "";
	struct stage *stage = state;

	if (text)
		error = work(self, stage, text, out);
	if (error)
		suptree_reply_error(self, from, "%s: %s", stage->next, error);
	else if (text)
		suptree_reply(self, from, "%s", out);
	else if (st_is_word(request->data, "counts"))
		suptree_reply(self, from, "passed %lu, lost %lu", stage->passed, stage->lost);
	else if (st_is_word(request->data, "collected") && stage->operation->is_last)
		reply_collected(self, stage, from);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	const char *text = st_word(message->data, "text");
	char out[MAX_TEXT];

	if (text)
		(void)work(self, state, text, out); /* what is lost is counted */
	return st_handle_crash(self, state, message);
}

static void format_status(const void *state, FILE *out)
{
	const struct stage *stage = state;

	fprintf(out, "%s%s%s: passed %lu, lost %lu", stage->operation->name,
		stage->next ? ", next " : "", stage->next ? stage->next : "", stage->passed,
		stage->lost);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server pipeline_stage = {
		.vsn = "1",
		.state_size = sizeof(struct stage),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&pipeline_stage, argc, argv);
}
