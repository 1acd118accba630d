// SPDX-License-Identifier: GPL-2.0-only
/*
 * Followers of events: who they are, and what each of them gets; see events.h.
 *
 * An event becomes JSON when the first follower comes to it, once for all that come to it
 * then. Those that want batches get their own lines. One follower, the journal, reads from
 * a ring that keeps more.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/control/follow.h"
#include "daemon/history/events_internal.h"
#include "daemon/history/events_write.h"
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

static void forget(struct st_events *events, struct st_subscriber *subscriber)
{
	st_list_del(&subscriber->link);
	st_free(subscriber);
	if (!find_journal(events))
		st_events_ring_done(&events->deep);
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
	subscriber->client = client;
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
	if (how->is_journal && !journal)
		err = open_deep(events);
	if (err) {
		st_free(subscriber);
		return err;
	}
	st_list_add_tail(&subscriber->link, &events->subscribers);
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

		if (to->next != seq || to->is_foreign || to->is_batched ||
		    !st_follow_has_room(to->client))
			continue;
		to->next++;
		if (!st_event_matches(record, to->path, to->path_len))
			continue;
		st_client_notify(to->client, seq, &events->line);
		use_up(left, events->line.len);
	}
}

/*
 * Append the next events of a subscriber to a list, up to the size of a batch, and at least one
 * if there is one. Return: the number of the first event that is not in it.
 */
static uint64_t write_batch(struct st_events *events, const struct st_subscriber *subscriber)
{
	const struct st_events_ring *ring = ring_of(events, subscriber);
	struct st_buf *params = &events->params;
	uint64_t seq = subscriber->next;
	struct st_json json;

	st_buf_reset(params);
	for (; seq <= ring->last; seq++) {
		const struct st_event_record *record = st_events_ring_get(ring, seq);
		size_t before = params->len;

		if (!st_event_matches(record, subscriber->path, subscriber->path_len))
			continue;
		st_buf_add_char(params, before ? ',' : '[');
		st_json_init(&json, params);
		st_event_record_write(events->history, record, seq, &json);
		if (before && params->len > ST_BATCH_MAX - BATCH_FRAME) {
			params->len = before;
			break;
		}
	}
	if (params->len)
		st_buf_add_char(params, ']');
	return seq;
}

/* Return: false if there is no memory for a line now. */
static bool give_batch(struct st_events *events, struct st_subscriber *subscriber, size_t *left)
{
	uint64_t next = write_batch(events, subscriber);

	if (st_buf_error(&events->params))
		return false;
	if (events->params.len) {
		st_buf_reset(&events->line);
		st_rpc_write_notification(&events->line, "events", events->params.data,
					  events->params.len);
		if (st_buf_error(&events->line))
			return false;
		st_client_notify(subscriber->client, next - 1, &events->line);
		use_up(left, events->line.len);
	}
	subscriber->next = next;
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

/* Go to the next event that the subscriber is to get. Return: false: there is none. */
static bool go_on(const struct st_events *events, struct st_subscriber *subscriber)
{
	const struct st_events_ring *ring = ring_of(events, subscriber);

	for (; subscriber->next <= ring->last; subscriber->next++)
		if (st_event_matches(st_events_ring_get(ring, subscriber->next), subscriber->path,
				     subscriber->path_len))
			return true;
	return false;
}

/*
 * Return: false if the slice is used up, or there is no memory for a line now.
 */
static bool serve(struct st_events *events, struct st_subscriber *subscriber, size_t *left)
{
	while (st_follow_has_room(subscriber->client)) {
		resync(events, subscriber);
		if (!go_on(events, subscriber))
			return true;
		if (!*left)
			return false;
		if (subscriber->is_batched ? !give_batch(events, subscriber, left) :
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
