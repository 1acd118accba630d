// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications of the daemon as rows of the store: events, inputs, and what is missing.
 * See follow.h.
 */
#include <errno.h>
#include <string.h>

#include "journal/follow_internal.h"
#include "journal/schema.h"

#define STATE_BEGIN "suptree-state " /* the first line of st_tree_save() */
#define STATE_END "end " /* the last one, with a checksum */

/* Numbers that did not come; one that is stored already is no gap. */
static int take_gap(struct st_past_follow *follow, uint64_t seq)
{
	struct st_store *store = follow->store;
	uint64_t first = store->last_seq + 1;
	int err;

	if (seq <= first)
		return 0;
	err = st_store_add_gap(store, first, seq - 1, follow->gap_why);
	if (!err)
		follow->nr_missing += seq - first;
	return err;
}

static int take_event(struct st_past_follow *follow, const json_t *event)
{
	struct st_past_row row;
	int err = st_past_row_read(event, &row);

	if (err == -EINVAL)
		return -EPROTO;
	if (err)
		return err;
	err = take_gap(follow, row.seq);
	if (!err && row.seq > follow->store->last_seq) {
		err = st_store_add(follow->store, &row);
		if (!err)
			st_past_follow_too_slow(follow);
	}
	st_past_row_done(&row);
	return err == -ERANGE ? -EPROTO : err;
}

/* A state has many lines, and is one row. */
static int take_state(struct st_past_follow *follow, uint64_t seq, const char *line)
{
	bool is_end = !strncmp(line, STATE_END, strlen(STATE_END));
	int err;

	if (!strncmp(line, STATE_BEGIN, strlen(STATE_BEGIN))) {
		st_buf_reset(&follow->tree);
		follow->tree_at = seq;
	}
	st_buf_add_text(&follow->tree, line);
	st_buf_add_char(&follow->tree, '\n');
	err = st_buf_error(&follow->tree);
	if (err || !is_end)
		return err;
	err = st_store_add_tree(follow->store, follow->tree_at, st_buf_text(&follow->tree));
	st_buf_done(&follow->tree);
	if (!err)
		follow->tree_seq = follow->tree_at;
	return err;
}

static int take_input(struct st_past_follow *follow, const json_t *input)
{
	const char *line = json_string_value(json_object_get(input, "line"));
	int64_t seq = json_integer_value(json_object_get(input, "seq"));

	if (!line || seq < 0 || seq > (int64_t)ST_SCHEMA_MAX_SEQ)
		return -EPROTO;
	if (follow->tree.len || !strncmp(line, STATE_BEGIN, strlen(STATE_BEGIN)))
		return take_state(follow, (uint64_t)seq, line);
	return st_store_add_input(follow->store, (uint64_t)seq, line);
}

static int take_one(struct st_past_follow *follow, const json_t *thing)
{
	return json_object_get(thing, "line") ? take_input(follow, thing) :
						take_event(follow, thing);
}

static int take_events(struct st_past_follow *follow, const json_t *list)
{
	const json_t *thing;
	size_t index;
	int err = 0;

	json_array_foreach(list, index, thing) {
		err = take_one(follow, thing);
		if (err)
			break;
	}
	return err;
}

/* What is missing shows in the number of the next event, unless the daemon is another one. */
static int take_resync(const struct st_past_follow *follow, const json_t *params)
{
	const json_t *incarnation = json_object_get(params, "incarnation");

	return json_is_integer(incarnation) &&
			       json_integer_value(incarnation) != follow->incarnation ?
		       -EPROTO :
		       0;
}

int st_past_follow_take(struct st_past_follow *follow, const json_t *message)
{
	const char *method = json_string_value(json_object_get(message, "method"));
	const json_t *params = json_object_get(message, "params");

	if (!method)
		return -EPROTO;
	if (!strcmp(method, "events"))
		return take_events(follow, params);
	if (!strcmp(method, "event") || !strcmp(method, "input"))
		return take_one(follow, params);
	if (!strcmp(method, "resync"))
		return take_resync(follow, params);
	return 0; /* what a later daemon may send */
}
