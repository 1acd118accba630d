// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that remembers values by keys, as long as it lives. Its state can be
 * looked at and replaced from outside, as with OTP's sys:get_state and
 * sys:replace_state: a line "KEY VALUE" for each pair.
 *
 *	kv-store
 *
 *	call put KEY VALUE	ok; error full, too_long, bad_value
 *	call get KEY		the value; error not_found
 *	call delete KEY		ok; error not_found
 *	call keys		the keys, a line each, in the order of their coming
 *	call size		how many there are
 *	cast put KEY VALUE, delete KEY, crash
 *
 * A key has no spaces, a value no newlines. Read next: flaky.c.
 */
#include "libsuptree/suptree.h"
#include <stdio.h>
#include <string.h>

#include "workers/crash.h"
#include "workers/words.h"

#define MAX_PAIRS 128
#define MAX_KEY 64 /* bytes, the NUL too; the whole store fits into one message */
#define MAX_VALUE 256

struct pair {
	char key[MAX_KEY];
	char value[MAX_VALUE];
};

struct store {
	size_t nr_pairs;
	struct pair pairs[MAX_PAIRS];
};

/* Return: its index, or nr_pairs. */
static size_t find(const struct store *store, const char *key)
{
	size_t i = 0;

	while (i < store->nr_pairs && strcmp(store->pairs[i].key, key) != 0)
		i++;
	return i;
}

/* Store "KEY VALUE". Return: NULL, or why not. */
static const char *put(struct store *store, const char *text, size_t len)
{
	const char *space = memchr(text, ' ', len);
	size_t key_len = space ? (size_t)(space - text) : 0;
	char key[MAX_KEY];
	size_t i;

	if (!key_len || memchr(text, '\n', len))
		return "bad_value";
	if (key_len >= MAX_KEY || len - key_len - 1 >= MAX_VALUE)
		return "too_long";
	memcpy(key, text, key_len);
	key[key_len] = '\0';
	i = find(store, key);
	if (i == MAX_PAIRS)
		return "full";
	store->nr_pairs += i == store->nr_pairs;
	memcpy(store->pairs[i].key, key, key_len + 1);
	memcpy(store->pairs[i].value, space + 1, len - key_len - 1);
	store->pairs[i].value[len - key_len - 1] = '\0';
	return NULL;
}

static const char *delete (struct store *store, const char *key)
{
	size_t i = find(store, key);

	if (i == store->nr_pairs)
		return "not_found";
	store->nr_pairs--;
	memmove(&store->pairs[i], &store->pairs[i + 1],
		(store->nr_pairs - i) * sizeof(struct pair));
	return NULL;
}

/* Do the change that the words ask for. *ret_error is why it was not done. */
static bool change(struct suptree *self, struct store *store, const char *words,
		   const char **ret_error)
{
	const char *pair = st_word(words, "put"), *key = st_word(words, "delete");

	if (pair)
		*ret_error = put(store, pair, strlen(pair));
	else if (key)
		*ret_error = delete (store, key);
	else
		return false;
	suptree_set_status(self, "%zu pairs", store->nr_pairs);
	return true;
}

static void reply_keys(struct suptree *self, const struct store *store, struct suptree_from from)
{
	char text[MAX_PAIRS * MAX_KEY];
	size_t len = 0;

	for (size_t i = 0; i < store->nr_pairs; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? "\n" : "",
					store->pairs[i].key);
	suptree_reply_bytes(self, from, text, len);
}

static void reply_value(struct suptree *self, const struct store *store, const char *key,
			struct suptree_from from)
{
	size_t i = find(store, key);

	if (i == store->nr_pairs)
		suptree_reply_error(self, from, "not_found");
	else
		suptree_reply(self, from, "%s", store->pairs[i].value);
}

static const struct suptree_operation offers[] = {
	{ .name = "put",
	  .summary = "store a value",
	  .parameters = { { "key", "under what", SUPTREE_WORD, false },
			  { "value", "what", SUPTREE_TEXT, false } } },
	{ .name = "get",
	  .summary = "return the value of a key",
	  .parameters = { { "key", "whose", SUPTREE_WORD, false } },
	  .reads = true },
	{ .name = "delete",
	  .summary = "forget a key",
	  .parameters = { { "key", "which", SUPTREE_WORD, false } } },
	{ .name = "keys", .summary = "list the keys", .reads = true },
	{ .name = "size", .summary = "return how many keys there are", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	const struct store *store = state;

	(void)argv;
	if (argc != 1)
		return suptree_fail(self, "usage: kv-store");
	suptree_set_status(self, "%zu pairs", store->nr_pairs);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *key = st_word(request->data, "get"), *error = NULL;
	struct store *store = state;

	if (key)
		reply_value(self, store, key, from);
	else if (st_is_word(request->data, "keys"))
		reply_keys(self, store, from);
	else if (st_is_word(request->data, "size"))
		suptree_reply(self, from, "%zu", store->nr_pairs);
	else if (!change(self, store, request->data, &error))
		suptree_reply_error(self, from, "unknown_call");
	else if (error)
		suptree_reply_error(self, from, "%s", error);
	else
		suptree_reply(self, from, "ok");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	const char *error;

	(void)change(self, state, message->data, &error); /* nobody waits for the error */
	return st_handle_crash(self, state, message);
}

/* All lines or none. */
static int code_change(struct suptree *self, void *state, const char *old_vsn, const char *text)
{
	struct store store = { .nr_pairs = 0 };

	for (size_t nr = 1, len; *text; nr++, text += len + (text[len] == '\n')) {
		const char *error;

		len = strcspn(text, "\n");
		error = put(&store, text, len);
		if (error)
			return suptree_fail(self, "line %zu of the state (version %s): %s", nr,
					    old_vsn, error);
	}
	*(struct store *)state = store;
	suptree_set_status(self, "%zu pairs", store.nr_pairs);
	return 0;
}

static void format_status(const void *state, FILE *out)
{
	const struct store *store = state;

	for (size_t i = 0; i < store->nr_pairs; i++)
		fprintf(out, "%s%s %s", i ? "\n" : "", store->pairs[i].key, store->pairs[i].value);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server kv_store = {
		.vsn = "1",
		.state_size = sizeof(struct store),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.code_change = code_change,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&kv_store, argc, argv);
}
