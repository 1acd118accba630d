// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following the daemon: the connection, the lines that wait, the answers; see follow.h.
 * What notifications mean is in follow_rows.c.
 */
#include "journal/follow.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "journal/follow_internal.h"
#include "proto/parse.h"

enum {
	ID_STATUS = 1,
	ID_SUBSCRIBE,
	ID_SYNC, /* and all above */
};

static const char too_slow[] = "the journal was too slow, and the daemon's buffer was full";

/* From the first event that the daemon still has: those that are stored are passed over. */
static int subscribe(struct st_past_follow *follow)
{
	json_t *params = json_pack("{s:i, s:b, s:b, s:s}", "since", 0, "batch", 1, "inputs", 1,
				   "buffer", "journal");
	int err = params ? st_past_link_ask(&follow->link, ID_SUBSCRIBE, "subscribe", params) :
			   -ENOMEM;

	follow->is_subscribed = false;
	json_decref(params);
	return err;
}

int st_past_follow_start(struct st_past_follow *follow, const char *socket, const char *gap_why)
{
	int err = st_past_link_open(&follow->link, socket);

	follow->gap_why = gap_why;
	follow->asked_id = ID_SYNC;
	follow->answered_id = ID_SYNC;
	if (!err)
		err = st_past_link_ask(&follow->link, ID_STATUS, "status", NULL);
	return err ? err : subscribe(follow);
}

void st_past_follow_done(struct st_past_follow *follow)
{
	st_past_link_close(&follow->link);
	st_buf_done(&follow->lines);
	st_buf_done(&follow->status);
	st_buf_done(&follow->tree);
	st_buf_done(&follow->why);
}

const char *st_past_follow_why(const struct st_past_follow *follow)
{
	return st_buf_text(&follow->why);
}

int st_past_follow_sync(struct st_past_follow *follow, int64_t *ret_id)
{
	int err = st_past_link_ask(&follow->link, follow->asked_id + 1, "status", NULL);

	if (!err)
		*ret_id = ++follow->asked_id;
	return err;
}

/* ---- answers ---- */

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* a clock that Linux has cannot fail */
	return (int64_t)now.tv_sec * (int64_t)ST_NSEC_PER_SEC + now.tv_nsec;
}

static int begin(struct st_past_follow *follow, const json_t *result)
{
	const struct st_store_begin of_daemon = {
		.incarnation = json_integer_value(json_object_get(result, "incarnation")),
		.version = json_string_value(json_object_get(result, "version")),
		.boot_id = follow->boot_id,
		.wall_us = clock_ns(CLOCK_REALTIME) / 1000,
		.mono_ns = clock_ns(CLOCK_MONOTONIC),
	};
	int err;

	if (!json_is_integer(json_object_get(result, "incarnation")))
		return -EPROTO;
	err = st_store_begin(follow->store, &of_daemon);
	if (!err)
		follow->incarnation = of_daemon.incarnation;
	return err;
}

static int take_status(struct st_past_follow *follow, int64_t id, const json_t *result)
{
	if (id == ID_STATUS)
		return begin(follow, result);
	follow->synced_seq = (uint64_t)json_integer_value(json_object_get(result, "seq"));
	follow->answered_id = id;
	return 0;
}

static int take_answer(struct st_past_follow *follow, const json_t *message)
{
	const json_t *result = json_object_get(message, "result");
	const json_t *error = json_object_get(message, "error");
	const char *why = json_string_value(json_object_get(error, "message"));
	int64_t id = json_integer_value(json_object_get(message, "id"));

	if (!json_is_object(result)) {
		st_buf_reset(&follow->why);
		st_buf_add_text(&follow->why, why ? why : "its answer cannot be used");
		return why ? -EREMOTEIO : -EPROTO;
	}
	if (id == ID_SUBSCRIBE)
		follow->is_subscribed = true;
	else
		return take_status(follow, id, result);
	return 0;
}

/* ---- lines ---- */

static int take(struct st_past_follow *follow, const char *line, size_t len)
{
	json_t *message;
	int err = st_json_parse(line, len, JSON_REJECT_DUPLICATES, &message, NULL);

	if (err)
		return err == -EINVAL ? -EPROTO : err;
	if (!json_is_object(message))
		err = -EPROTO;
	else if (json_object_get(message, "method"))
		err = follow->is_subscribed && follow->store->boot ?
			      st_past_follow_take(follow, message) :
			      0;
	else
		err = take_answer(follow, message);
	json_decref(message);
	return err;
}

static bool is_of_store(int err)
{
	return err && err != -EPROTO && err != -EREMOTEIO && err != -EPIPE;
}

static int keep(struct st_past_follow *follow, const char *line, size_t len)
{
	size_t before = follow->lines.len;

	st_buf_add(&follow->lines, line, len);
	st_buf_add_char(&follow->lines, '\n');
	if (!st_buf_error(&follow->lines))
		return 0;
	follow->lines.failed = false; /* what came before is whole */
	follow->lines.len = before;
	return -ENOMEM;
}

/* The answer to the first question is needed again whenever the store is another one. */
static int keep_status(struct st_past_follow *follow, const char *line, size_t len)
{
	if (follow->status.len)
		return 0;
	st_buf_add(&follow->status, line, len);
	return st_buf_error(&follow->status);
}

int st_past_follow_line(struct st_past_follow *follow, const char *line, size_t len)
{
	int err = keep_status(follow, line, len);

	if (!err)
		err = keep(follow, line, len);
	if (!err)
		err = take(follow, line, len);
	if (!err && follow->store->nr_added >= ST_PAST_FOLLOW_ROWS)
		err = st_past_follow_commit(follow);
	if (is_of_store(err))
		follow->is_stuck = true;
	return err;
}

int st_past_follow_read(struct st_past_follow *follow, unsigned int max_lines, bool *ret_has_more)
{
	const char *line;
	size_t len;
	int ret = 0;

	for (unsigned int i = 0; i < max_lines; i++) {
		ret = st_past_link_next(&follow->link, &line, &len);
		if (ret <= 0)
			break;
		ret = st_past_follow_line(follow, line, len);
		if (ret)
			return ret;
		ret = 1;
	}
	*ret_has_more = ret > 0;
	return ret < 0 ? ret : 0;
}

int st_past_follow_commit(struct st_past_follow *follow)
{
	int err = st_store_commit(follow->store);

	if (err) {
		follow->is_stuck = true;
		return err;
	}
	st_buf_reset(&follow->lines);
	if (follow->link.fd >= 0 && follow->store->boot &&
	    follow->store->last_seq >= follow->tree_seq + ST_PAST_FOLLOW_TREE) {
		follow->tree_seq = follow->store->last_seq;
		return subscribe(follow); /* the state of the tree comes with it */
	}
	return 0;
}

/* The lines of a buffer once more. */
static int take_all(struct st_past_follow *follow, const struct st_buf *lines)
{
	const char *at = lines->data, *end = at + lines->len;
	int err = 0;

	while (!err && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		err = take(follow, at, len);
		at += len + 1;
	}
	return err;
}

int st_past_follow_retry(struct st_past_follow *follow)
{
	int err = 0;

	st_buf_reset(&follow->tree); /* its lines are among those that wait, or it is given up */
	if (follow->status.len && !follow->store->boot)
		err = take(follow, follow->status.data, follow->status.len);
	if (!err && follow->lines.len)
		err = take_all(follow, &follow->lines);
	if (!err)
		err = st_past_follow_commit(follow);
	follow->is_stuck = is_of_store(err);
	return err;
}

int st_past_follow_again(struct st_past_follow *follow)
{
	st_buf_reset(&follow->lines);
	st_buf_reset(&follow->tree);
	follow->gap_why = "the file of the journal was damaged";
	follow->tree_seq = 0;
	return subscribe(follow);
}

void st_past_follow_too_slow(struct st_past_follow *follow)
{
	follow->gap_why = too_slow;
}
