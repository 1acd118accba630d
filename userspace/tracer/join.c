// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that wait for their other half, by channel. See join.h.
 *
 * Each pair of a SENT and a RECEIVED that overlap is handled once: when the later one
 * comes. The overlap is counted for both. A SENT that is fully covered is a message.
 */
#include "tracer/join.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/list.h"
#include "tracer/words.h"

#define BUCKETS_MAX 4096
#define WAITING_MAX 65536 /* records; more, and the oldest go alone */

struct waiting {
	struct st_list in_channel; /* by offset */
	struct st_heap_node age; /* in ->waiting, by time */
	struct channel *channel;
	__u64 begin;
	__u64 end;
	__u64 covered;
	struct st_record *record; /* with its payload */
};

struct channel {
	struct st_list in_bucket;
	__u32 serial;
	__u8 kind;
	struct st_list sent;
	struct st_list received;
};

struct st_join {
	st_join_take *take;
	void *context;
	struct st_heap waiting; /* the oldest first */
	struct st_list buckets[BUCKETS_MAX];
};

struct st_join *st_join_new(st_join_take *take, void *context)
{
	struct st_join *join = calloc(1, sizeof(*join));

	if (!join)
		return NULL;
	join->take = take;
	join->context = context;
	for (unsigned int i = 0; i < BUCKETS_MAX; i++)
		st_list_init(&join->buckets[i]);
	return join;
}

static struct channel *find_channel(struct st_join *join, const struct st_record *record)
{
	struct st_list *bucket = &join->buckets[record->extra % BUCKETS_MAX];
	struct st_list *node;

	st_list_for_each(node, bucket) {
		struct channel *channel = st_list_entry(node, struct channel, in_bucket);

		if (channel->serial == record->extra && channel->kind == record->kind)
			return channel;
	}
	struct channel *channel = calloc(1, sizeof(*channel));

	if (!channel)
		return NULL;
	channel->serial = record->extra;
	channel->kind = record->kind;
	st_list_init(&channel->sent);
	st_list_init(&channel->received);
	st_list_add(&channel->in_bucket, bucket);
	return channel;
}

static void release_channel(struct channel *channel)
{
	if (!st_list_is_empty(&channel->sent) || !st_list_is_empty(&channel->received))
		return;
	st_list_del(&channel->in_bucket);
	free(channel);
}

static void remove_waiting(struct st_join *join, struct waiting *waiting)
{
	st_list_del(&waiting->in_channel);
	st_heap_remove(&join->waiting, &waiting->age);
	free(waiting->record);
	free(waiting);
}

static struct waiting *find_oldest(const struct st_join *join)
{
	struct st_heap_node *first = st_heap_first(&join->waiting);

	return first ? container_of(first, struct waiting, age) : NULL;
}

void st_join_free(struct st_join *join)
{
	struct waiting *oldest;

	if (!join)
		return;
	while ((oldest = find_oldest(join)) != NULL) {
		struct channel *channel = oldest->channel;

		remove_waiting(join, oldest);
		release_channel(channel);
	}
	st_heap_done(&join->waiting);
	free(join);
}

/* A message whose last byte was received by @received's process. */
static void hand_on(struct st_join *join, struct waiting *sent, const struct st_record *received)
{
	struct st_record *record = sent->record;
	__u64 latency_ns =
		received->time_ns > record->time_ns ? received->time_ns - record->time_ns : 0;

	/* hooks run after the fact: a slow sender's, even after what was answered */
	if (received->time_ns < record->time_ns)
		record->time_ns = received->time_ns;
	record->action = ST_ACTION_MESSAGE;
	record->to = received->to;
	record->to_tid = received->to_tid;
	record->channel = received->channel; /* accepted since, maybe */
	record->flags = (__u16)(record->flags & ~ST_FLAG_GUESS);
	join->take(join->context, record, latency_ns);
}

static void cover(struct waiting *a, struct waiting *b)
{
	__u64 begin = a->begin > b->begin ? a->begin : b->begin;
	__u64 end = a->end < b->end ? a->end : b->end;

	a->covered += end - begin;
	b->covered += end - begin;
}

static bool is_covered(const struct waiting *waiting)
{
	return waiting->covered >= waiting->end - waiting->begin;
}

/* Of a pair that overlaps; true: @fresh is done with. */
static bool match(struct st_join *join, struct waiting *fresh, struct waiting *other)
{
	bool is_sent = fresh->record->action == ST_ACTION_SENT;
	struct waiting *sent = is_sent ? fresh : other;
	struct waiting *received = is_sent ? other : fresh;

	cover(sent, received);
	if (is_covered(sent))
		hand_on(join, sent, received->record);
	bool is_done = is_covered(fresh);

	if (is_covered(other))
		remove_waiting(join, other);
	return is_done;
}

/* True: nothing of it has to wait. */
static bool match_all(struct st_join *join, struct waiting *fresh, struct st_list *others)
{
	struct st_list *node;
	struct st_list *next;

	st_list_for_each_safe(node, next, others) {
		struct waiting *other = st_list_entry(node, struct waiting, in_channel);

		if (other->begin >= fresh->end)
			break;
		if (other->end > fresh->begin && match(join, fresh, other))
			return true;
	}
	return false;
}

/* Mostly it is the last one. */
static void insert(struct waiting *fresh, struct st_list *list)
{
	struct st_list *place = list->prev;

	while (place != list &&
	       st_list_entry(place, struct waiting, in_channel)->begin > fresh->begin)
		place = place->prev;
	st_list_add(&fresh->in_channel, place);
}

static struct waiting *copy_record(const struct st_record *record)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));
	size_t size = sizeof(*record) + record->captured;
	bool is_counted = record->flags & (ST_FLAG_DGRAM | ST_FLAG_SEQPACKET);

	if (!waiting)
		return NULL;
	waiting->record = malloc(size);
	if (!waiting->record) {
		free(waiting);
		return NULL;
	}
	memcpy(waiting->record, record, size);
	waiting->begin = record->offset;
	waiting->end = record->offset + (is_counted ? 1 : record->size);
	st_list_init(&waiting->in_channel);
	return waiting;
}

static void expire(struct st_join *join, struct waiting *oldest)
{
	struct channel *channel = oldest->channel;

	join->take(join->context, oldest->record, 0);
	remove_waiting(join, oldest);
	release_channel(channel);
}

void st_join_expire(struct st_join *join, __u64 before_ns)
{
	struct waiting *oldest;

	while ((oldest = find_oldest(join)) != NULL && oldest->age.key < before_ns)
		expire(join, oldest);
}

__u64 st_join_oldest_ns(const struct st_join *join)
{
	const struct st_heap_node *first = st_heap_first(&join->waiting);

	return first ? first->key : UINT64_MAX;
}

static bool has_place(const struct st_record *record)
{
	bool is_counted = record->kind == ST_RECORD_UNIX || record->kind == ST_RECORD_PIPE;

	return is_counted && record->extra && !(record->flags & ST_FLAG_PEEK);
}

int st_join_add(struct st_join *join, const struct st_record *record)
{
	struct channel *channel = has_place(record) ? find_channel(join, record) : NULL;
	struct waiting *fresh = NULL;

	if (channel && !st_heap_reserve(&join->waiting, join->waiting.nr + 1))
		fresh = copy_record(record);
	if (!fresh) {
		if (channel)
			release_channel(channel);
		join->take(join->context, record, 0);
		return has_place(record) ? -ENOMEM : 0;
	}
	bool is_sent = record->action == ST_ACTION_SENT;

	fresh->channel = channel;
	if (match_all(join, fresh, is_sent ? &channel->received : &channel->sent)) {
		remove_waiting(join, fresh);
		release_channel(channel);
		return 0;
	}
	insert(fresh, is_sent ? &channel->sent : &channel->received);
	st_heap_put(&join->waiting, &fresh->age, record->time_ns);
	if (join->waiting.nr > WAITING_MAX)
		expire(join, find_oldest(join));
	return 0;
}
