// SPDX-License-Identifier: GPL-2.0-only
/*
 * What suptree-journal reads: lines of the daemon. They go into a store in memory; then
 * the history is read back. Whatever the lines are, the store must stay whole.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/answer.h"
#include "journal/follow.h"
#include "proto/parse.h"

static const char begin[] =
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"incarnation\":7,\"version\":\"0\",\"seq\":0}}";
static const char subscribed[] =
	"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"seq\":0,\"incarnation\":7}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_lines(struct st_past_follow *follow, const char *at, size_t size)
{
	const char *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		if (st_past_follow_line(follow, at, len) && follow->is_stuck)
			abort(); /* nothing that is read makes the store fail */
		at += len + 1;
	}
}

static void read_back(const struct st_store *store)
{
	json_t *params = json_object(), *page;
	struct st_buf out = ST_BUF_INIT;
	json_error_t error;

	if (st_past_answer_history(store, params, 0, &out))
		abort();
	page = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, &error);
	if (!page)
		abort();
	json_decref(page);
	st_buf_reset(&out);
	if (st_past_answer_unstable(store, params, INT64_C(4102444800000000), &out))
		abort();
	json_decref(params);
	st_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_set_up;
	struct st_store store;
	struct st_past_follow follow = { .store = &store, .link = { .fd = -1 }, .gap_why = "fuzz" };

	if (!is_set_up)
		st_json_init_memory();
	is_set_up = true;
	if (st_store_open(&store, ":memory:", false) ||
	    st_past_follow_line(&follow, begin, strlen(begin)) ||
	    st_past_follow_line(&follow, subscribed, strlen(subscribed)))
		abort();
	take_lines(&follow, (const char *)data, size);
	if (st_past_follow_commit(&follow) || st_store_reload(&store))
		abort();
	read_back(&store);
	st_past_follow_done(&follow);
	st_store_close(&store);
	return 0;
}
