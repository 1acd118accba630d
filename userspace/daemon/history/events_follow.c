// SPDX-License-Identifier: GPL-2.0-only
/*
 * Followers of events: who they are, and what each of them gets; see events.h.
 *
 * An event becomes JSON when the first follower comes to it, once for all that come to it
 * then. Those that want batches, or inputs, get their own lines. One follower, the journal,
 * reads from a ring that keeps more.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/save.h"
#include "daemon/control/follow.h"
#include "daemon/history/events_internal.h"
#include "daemon/history/events_write.h"
#include "daemon/history/history.h"
#include "proto/path.h"

#define BATCH_FRAME 128 /* bytes of a batch that are no events */

static struct st_subscriber *find(const struct st_events *events, const struct st_client *client)
{
	struct st_list *pos;

	st_list_for_each(pos, &events->subscribers) {
		struct st_subscriber *subscriber = st_subscriber_of(pos);

		if (subscriber->client == client)
			return subscriber;
	}
	return NULL;
}

static struct st_subscriber *find_journal(const struct st_events *events)
{
	struct st_list *pos;

	st_list_for_each(pos, &events->subscribers)
		if (st_subscriber_of(pos)->is_journal)
			return st_subscriber_of(pos);
	return NULL;
}

const struct st_client *st_events_journal(const struct st_events *events)
{
	const struct st_subscriber *journal = find_journal(events);

	return journal ? journal->client : NULL;
}

/* Take the memory for the journal, and begin with what is kept already. */
static int open_deep(struct st_events *events)
{
	const struct st_events_ring *ring = &events->ring;
	int err = st_events_ring_map(&events->deep, ST_JOURNAL_MAX, ST_JOURNAL_MAX_BYTES);

	if (err)
		return err;
	events->deep.first = ring->first;
	events->deep.last = ring->first - 1;
	for (uint64_t seq = ring->first; seq <= ring->last; seq++)
		st_events_ring_copy(&events->deep, st_events_ring_get(ring, seq));
	return 0;
}

static bool has_inputs(const struct st_events *events)
{
	struct st_list *pos;

	st_list_for_each(pos, &events->subscribers)
		if (st_subscriber_of(pos)->has_inputs)
			return true;
	return false;
}

static void free_subscriber(struct st_subscriber *subscriber)
{
	st_list_del(&subscriber->link);
	st_buf_done(&subscriber->state);
	st_free(subscriber);
}

static void forget(struct st_events *events, struct st_subscriber *subscriber)
{
	free_subscriber(subscriber);
	if (!find_journal(events))
		st_events_ring_done(&events->deep);
	if (!has_inputs(events))
		st_events_ring_done(&events->inputs);
}

static struct st_subscriber *new_subscriber(const struct st_events *events,
					    struct st_client *client,
					    const struct st_subscription *how)
{
	const char *path = st_path_plain(how->path);
	size_t len = strlen(path);
	struct st_subscriber *subscriber = st_alloc(sizeof(*subscriber) + len);

	if (!subscriber)
		return NULL;
	st_list_init(&subscriber->link);
	subscriber->client = client;
	subscriber->has_inputs = how->has_inputs;
	subscriber->needs_state = how->has_inputs;
	subscriber->is_batched = how->is_batched;
	subscriber->is_journal = how->is_journal;
	subscriber->path_len = len;
	memcpy(subscriber->path, path, len);
	subscriber->is_foreign = how->since >= 0 && (uint64_t)how->since > events->ring.last;
	if (how->since < 0 || subscriber->is_foreign)
		subscriber->next = events->ring.last + 1;
	else
		subscriber->next = (uint64_t)how->since + 1;
	return subscriber;
}

int st_events_subscribe(struct st_events *events, struct st_client *client,
			const struct st_subscription *how)
{
	struct st_subscriber *journal = find_journal(events), *old = find(events, client);
	struct st_subscriber *subscriber;
	int err = 0;

	if (how->is_journal && journal && journal != old)
		return -EBUSY;
	subscriber = new_subscriber(events, client, how);
	if (!subscriber)
		return -ENOMEM;
	if (how->has_inputs && !events->inputs.bytes)
		err = st_events_ring_map(&events->inputs, ST_JOURNAL_MAX, ST_JOURNAL_MAX_BYTES);
	if (!err && how->is_journal && !journal)
		err = open_deep(events);
	st_list_add_tail(&subscriber->link, &events->subscribers);
	if (err) {
		forget(events, subscriber);
		return err;
	}
	if (old)
		forget(events, old);
	return 0;
}

void st_events_unsubscribe(struct st_events *events, struct st_client *client)
{
	struct st_subscriber *subscriber = find(events, client);

	if (subscriber)
		forget(events, subscriber);
}

static const struct st_events_ring *ring_of(const struct st_events *events,
					    const struct st_subscriber *subscriber)
{
	return subscriber->is_journal ? &events->deep : &events->ring;
}

/* Tell the client which events it can no longer get. */
static void resync(const struct st_events *events, struct st_subscriber *subscriber)
{
	uint64_t first = ring_of(events, subscriber)->first;

	if (subscriber->has_inputs && subscriber->next_input < events->inputs.first)
		subscriber->needs_state = true;
	if (subscriber->is_foreign) {
		subscriber->is_foreign = false;
		st_follow_resync(subscriber->client, NULL, subscriber->next - 1, 0);
	}
	if (subscriber->next < first) {
		uint64_t nr_dropped = first - subscriber->next;

		subscriber->next = first;
		st_follow_resync(subscriber->client, NULL, first - 1, nr_dropped);
	}
}

static void write_line(struct st_events *events, const struct st_event_record *record, uint64_t seq)
{
	struct st_json json;

	st_buf_reset(&events->params);
	st_buf_reset(&events->line);
	st_json_init(&json, &events->params);
	st_event_record_write(events->history, record, seq, &json);
	if (st_buf_error(&events->params))
		events->line.failed = true;
	else
		st_rpc_write_notification(&events->line, "event", events->params.data,
					  events->params.len);
}

static void use_up(size_t *left, size_t nr)
{
	*left -= nr < *left ? nr : *left;
}

/*
 * Send an event to all subscribers that come to it next, while the slice lasts.
 */
static void give(struct st_events *events, const struct st_event_record *record, uint64_t seq,
		 size_t *left)
{
	struct st_list *pos;

	st_list_for_each(pos, &events->subscribers) {
		struct st_subscriber *to = st_subscriber_of(pos);

		if (to->next != seq || to->is_foreign || to->is_batched || to->has_inputs ||
		    !st_follow_has_room(to->client))
			continue;
		to->next++;
		if (!st_event_matches(record, to->path, to->path_len))
			continue;
		st_client_notify(to->client, seq, &events->line);
		use_up(left, events->line.len);
	}
}

/* What a subscriber is to get next. */
enum thing {
	NOTHING,
	STATE, /* the next line of the state of the tree */
	INPUT,
	EVENT
};

/* An input comes before the events that came of it. */
static bool is_input_next(const struct st_events *events, const struct st_subscriber *subscriber)
{
	const struct st_events_ring *inputs = &events->inputs;

	return subscriber->has_inputs && !subscriber->needs_state &&
	       subscriber->next_input <= inputs->last &&
	       st_events_ring_get(inputs, subscriber->next_input)->generation < subscriber->next;
}

/* All events until now were sent: the inputs go on from the state as it is. */
static bool take_state(struct st_events *events, struct st_subscriber *subscriber)
{
	subscriber->state_at = 0;
	st_buf_reset(&subscriber->state);
	if (!events->history || st_tree_save(events->history->tree, &subscriber->state)) {
		st_buf_done(&subscriber->state);
		return false;
	}
	subscriber->needs_state = false;
	subscriber->next_input = events->inputs.last + 1;
	return true;
}

static enum thing find_next(struct st_events *events, struct st_subscriber *subscriber)
{
	const struct st_events_ring *ring = ring_of(events, subscriber);

	for (;; subscriber->next++) {
		if (subscriber->state_at < subscriber->state.len)
			return STATE;
		if (is_input_next(events, subscriber))
			return INPUT;
		if (subscriber->next > ring->last)
			return subscriber->needs_state && take_state(events, subscriber) ? STATE :
											   NOTHING;
		if (st_event_matches(st_events_ring_get(ring, subscriber->next), subscriber->path,
				     subscriber->path_len))
			return EVENT;
	}
}

static void write_input(uint64_t seq, const char *text, size_t len, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_u64_field(json, "seq", seq);
	st_json_key(json, "line");
	st_json_text_len(json, text, len);
	st_json_end_object(json);
}

/* Append it to the params, and go on to what comes after it. */
static void write_thing(struct st_events *events, struct st_subscriber *subscriber,
			enum thing thing)
{
	const struct st_event_record *record;
	struct st_json json;
	const char *line;
	size_t len;

	st_json_init(&json, &events->params);
	switch (thing) {
	case STATE:
		line = subscriber->state.data + subscriber->state_at;
		len = strcspn(line, "\n");
		write_input(subscriber->next - 1, line, len, &json);
		subscriber->state_at += len + 1;
		return;
	case INPUT:
		record = st_events_ring_get(&events->inputs, subscriber->next_input++);
		write_input(record->generation, record->text, record->reason_len, &json);
		return;
	case EVENT:
		record = st_events_ring_get(ring_of(events, subscriber), subscriber->next);
		st_event_record_write(events->history, record, subscriber->next++, &json);
		return;
	case NOTHING:
		break;
	}
}

/* Where a subscriber is, so that it can go back there. */
struct place {
	uint64_t next;
	uint64_t next_input;
	size_t state_at;
};

static struct place place_of(const struct st_subscriber *subscriber)
{
	return (struct place){ subscriber->next, subscriber->next_input, subscriber->state_at };
}

static void go_back(struct st_subscriber *subscriber, const struct place *place)
{
	subscriber->next = place->next;
	subscriber->next_input = place->next_input;
	subscriber->state_at = place->state_at;
}

/*
 * Write a list of what comes next, up to the size of a batch, and at least one thing if there
 * is one.
 */
static void write_batch(struct st_events *events, struct st_subscriber *subscriber)
{
	struct st_buf *params = &events->params;
	enum thing thing;

	while ((thing = find_next(events, subscriber)) != NOTHING) {
		struct place place = place_of(subscriber);
		size_t before = params->len;

		st_buf_add_char(params, before ? ',' : '[');
		write_thing(events, subscriber, thing);
		if (before && params->len > ST_BATCH_MAX - BATCH_FRAME) {
			go_back(subscriber, &place);
			params->len = before;
			break;
		}
	}
	if (params->len)
		st_buf_add_char(params, ']');
}

/*
 * Send what only this subscriber gets. Return: false if there is no memory for a line now.
 */
static bool give_own(struct st_events *events, struct st_subscriber *subscriber, enum thing thing,
		     size_t *left)
{
	struct place place = place_of(subscriber);
	const char *method = "events";

	st_buf_reset(&events->params);
	st_buf_reset(&events->line);
	if (subscriber->is_batched) {
		write_batch(events, subscriber);
	} else {
		method = thing == EVENT ? "event" : "input";
		write_thing(events, subscriber, thing);
	}
	if (!st_buf_error(&events->params))
		st_rpc_write_notification(&events->line, method, events->params.data,
					  events->params.len);
	if (st_buf_error(&events->params) || st_buf_error(&events->line)) {
		go_back(subscriber, &place);
		return false;
	}
	st_client_notify(subscriber->client, subscriber->next - 1, &events->line);
	use_up(left, events->line.len);
	if (subscriber->state_at == subscriber->state.len)
		st_buf_done(&subscriber->state);
	return true;
}

/* Return: false if there is no memory for a line now. */
static bool give_one(struct st_events *events, struct st_subscriber *subscriber, size_t *left)
{
	uint64_t seq = subscriber->next;
	const struct st_event_record *record = st_events_ring_get(ring_of(events, subscriber), seq);

	write_line(events, record, seq);
	if (st_buf_error(&events->line))
		return false;
	give(events, record, seq, left);
	return true;
}

/*
 * Return: false if the slice is used up, or there is no memory for a line now.
 */
static bool serve(struct st_events *events, struct st_subscriber *subscriber, size_t *left)
{
	bool is_alone = subscriber->is_batched || subscriber->has_inputs;

	while (st_follow_has_room(subscriber->client)) {
		enum thing thing;

		resync(events, subscriber);
		thing = find_next(events, subscriber);
		if (thing == NOTHING)
			return true;
		if (!*left)
			return false;
		if (is_alone ? !give_own(events, subscriber, thing, left) :
			       !give_one(events, subscriber, left))
			return false;
	}
	return true;
}

void st_events_pump(struct st_events *events)
{
	size_t left = ST_FOLLOW_SLICE;
	struct st_list *pos;

	st_list_for_each(pos, &events->subscribers) {
		if (serve(events, st_subscriber_of(pos), &left))
			continue;
		/*
		 * move the list's head after this subscriber, so that the
		 * others come first next time
		 */
		st_list_del(&events->subscribers);
		st_list_add(&events->subscribers, pos);
		return;
	}
}
