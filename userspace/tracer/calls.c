// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that wait, by connection and in order. See calls.h.
 */
#include "tracer/calls.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "proto/packet.h"

#define BUCKETS_MAX 1024

_Static_assert(sizeof(struct st_packet_header) == ST_CALLS_PAYLOAD, "a frame's header is kept");

struct call {
	struct st_list in_connection; /* as they came */
	struct st_list in_all; /* as they came */
	struct connection *connection;
	uint64_t seq;
	uint64_t time_ns;
	uint64_t ref; /* of a frame; 0: in order */
	__u32 caller; /* its socket */
};

struct connection {
	struct st_list in_bucket;
	struct st_list in_all; /* the one that was silent longest first */
	__u32 ends[2]; /* inode numbers, the smaller one first */
	__u32 caller; /* the socket that spoke first */
	bool is_dgram;
	bool is_answered;
	uint32_t nr_open;
	struct st_list open; /* of struct call */
	struct {
		__u32 serial; /* of the channel */
		__u64 offset;
	} alone[2]; /* for each end: when a message without a known sender last arrived there */
};

struct st_calls {
	struct st_list buckets[BUCKETS_MAX];
	struct st_list connections;
	struct st_list open;
	uint32_t nr_connections;
	uint32_t nr_open;
	uint64_t nr_answered;
	uint64_t nr_given_up;
	struct st_sample latency_ns;
};

struct st_calls *st_calls_new(void)
{
	struct st_calls *calls = calloc(1, sizeof(*calls));

	if (!calls)
		return NULL;
	st_list_init(&calls->connections);
	st_list_init(&calls->open);
	for (unsigned int i = 0; i < BUCKETS_MAX; i++)
		st_list_init(&calls->buckets[i]);
	return calls;
}

static void remove_call(struct st_calls *calls, struct call *call)
{
	st_list_del(&call->in_connection);
	st_list_del(&call->in_all);
	call->connection->nr_open--;
	calls->nr_open--;
	free(call);
}

/* Whether the unanswered messages on it were calls. */
static bool wants_answers(const struct connection *connection)
{
	return !connection->is_dgram || connection->is_answered;
}

static void give_up_call(struct st_calls *calls, struct call *call)
{
	calls->nr_given_up += wants_answers(call->connection);
	remove_call(calls, call);
}

static void forget_connection(struct st_calls *calls, struct connection *connection)
{
	while (!st_list_is_empty(&connection->open))
		give_up_call(calls,
			     st_list_entry(connection->open.next, struct call, in_connection));
	st_list_del(&connection->in_bucket);
	st_list_del(&connection->in_all);
	calls->nr_connections--;
	free(connection);
}

void st_calls_free(struct st_calls *calls)
{
	if (!calls)
		return;
	while (!st_list_is_empty(&calls->connections))
		forget_connection(calls, st_list_entry(calls->connections.next, struct connection,
						       in_all));
	free(calls);
}

static struct connection *add_connection(struct st_calls *calls, const __u32 ends[2],
					 const struct st_record *record)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return NULL;
	connection->ends[0] = ends[0];
	connection->ends[1] = ends[1];
	connection->caller = record->source;
	connection->is_dgram = record->flags & ST_FLAG_DGRAM;
	st_list_init(&connection->open);
	st_list_add(&connection->in_bucket, &calls->buckets[(ends[0] ^ ends[1]) % BUCKETS_MAX]);
	st_list_add_tail(&connection->in_all, &calls->connections);
	if (++calls->nr_connections > ST_CALLS_CONNECTIONS_MAX)
		forget_connection(calls, st_list_entry(calls->connections.next, struct connection,
						       in_all));
	return connection;
}

static struct connection *find_connection(struct st_calls *calls, const struct st_record *record)
{
	bool is_first = record->source < record->channel;
	const __u32 ends[2] = { is_first ? record->source : record->channel,
				is_first ? record->channel : record->source };
	struct st_list *node;

	st_list_for_each(node, &calls->buckets[(ends[0] ^ ends[1]) % BUCKETS_MAX]) {
		struct connection *found = st_list_entry(node, struct connection, in_bucket);

		if (found->ends[0] != ends[0] || found->ends[1] != ends[1])
			continue;
		st_list_del(&found->in_all);
		st_list_add_tail(&found->in_all, &calls->connections);
		return found;
	}
	return add_connection(calls, ends, record);
}

/* Return: whether it is a frame of PROTOCOL.md. */
static bool read_frame(const struct st_record *record, struct st_packet_header *ret_header)
{
	static const uint8_t zero[sizeof(ret_header->zero)];

	if (!(record->flags & ST_FLAG_SEQPACKET) || record->captured < sizeof(*ret_header))
		return false;
	memcpy(ret_header, record + 1, sizeof(*ret_header));
	return ret_header->type >= ST_PACKET_HELLO && ret_header->type < ST_PACKET__MAX &&
	       !memcmp(ret_header->zero, zero, sizeof(zero));
}

static int open_call(struct st_calls *calls, struct connection *connection,
		     const struct st_record *record, uint64_t seq, uint64_t ref)
{
	struct call *call = calloc(1, sizeof(*call));

	if (!call)
		return -ENOMEM;
	call->connection = connection;
	call->seq = seq;
	call->time_ns = record->time_ns;
	call->ref = ref;
	call->caller = record->source;
	st_list_add_tail(&call->in_connection, &connection->open);
	st_list_add_tail(&call->in_all, &calls->open);
	connection->nr_open++;
	if (++calls->nr_open > ST_CALLS_OPEN_MAX)
		give_up_call(calls, st_list_entry(calls->open.next, struct call, in_all));
	return 0;
}

/* The oldest one that the other side made, with this ref. */
static struct call *find_call(const struct connection *connection, const struct st_record *record,
			      uint64_t ref)
{
	struct st_list *node;

	st_list_for_each(node, &connection->open) {
		struct call *call = st_list_entry(node, struct call, in_connection);

		if (call->caller == record->channel && call->ref == ref)
			return call;
	}
	return NULL;
}

static void answer_call(struct st_calls *calls, struct call *call, const struct st_record *record,
			uint64_t latency_ns, struct st_call_note *ret_note)
{
	uint64_t end_ns = record->time_ns + latency_ns;

	ret_note->role = ST_CALL_REPLY;
	ret_note->seq = call->seq;
	ret_note->latency_ns = end_ns > call->time_ns ? end_ns - call->time_ns : 0;
	st_sample_add(&calls->latency_ns, ret_note->latency_ns);
	calls->nr_answered++;
	call->connection->is_answered = true;
	remove_call(calls, call);
}

/* Between two known sockets. A RECEIVED record has a payload only if no sender was seen;
 * otherwise the SENT record had it. */
static bool is_said(const struct st_record *record)
{
	return record->kind == ST_RECORD_UNIX && record->source && record->channel &&
	       (record->action == ST_ACTION_MESSAGE || record->action == ST_ACTION_SENT ||
		(record->action == ST_ACTION_RECEIVED && record->captured));
}

/* Its sender was seen so late that it had been taken for a message without a sender. */
static bool is_said_again(struct connection *connection, const struct st_record *record)
{
	int end = connection->ends[1] == record->channel;

	if (record->action == ST_ACTION_SENT)
		return connection->alone[end].serial == record->extra &&
		       connection->alone[end].offset == record->offset;
	if (record->action == ST_ACTION_RECEIVED) {
		connection->alone[end].serial = record->extra;
		connection->alone[end].offset = record->offset;
	}
	return false;
}

int st_calls_add(struct st_calls *calls, const struct st_record *record, uint64_t latency_ns,
		 uint64_t seq, struct st_call_note *note)
{
	struct st_packet_header header = { .type = 0 };
	struct connection *connection;
	struct call *call;
	bool is_call;
	int err = 0;

	memset(note, 0, sizeof(*note));
	if (!is_said(record))
		return 0;
	connection = find_connection(calls, record);
	if (!connection)
		return -ENOMEM;
	if (is_said_again(connection, record))
		return 0;
	if (read_frame(record, &header)) {
		is_call = header.type == ST_PACKET_CALL || header.type == ST_PACKET_SYSTEM;
		if (!is_call && header.type != ST_PACKET_REPLY && header.type != ST_PACKET_ERROR)
			return 0;
	} else {
		is_call = connection->caller == record->source;
	}
	if (is_call) {
		err = open_call(calls, connection, record, seq, header.ref);
		note->role = !err && wants_answers(connection) ? ST_CALL_CALL : ST_CALL_NONE;
		return err;
	}
	call = find_call(connection, record, header.ref);
	if (call)
		answer_call(calls, call, record, latency_ns, note);
	return 0;
}

void st_calls_count(const struct st_calls *calls, struct st_calls_totals *ret_totals)
{
	struct st_list *node;

	ret_totals->answered = calls->nr_answered;
	ret_totals->unanswered = calls->nr_given_up;
	ret_totals->latency_ns = &calls->latency_ns;
	st_list_for_each(node, &calls->connections) {
		const struct connection *found = st_list_entry(node, struct connection, in_all);

		if (wants_answers(found))
			ret_totals->unanswered += found->nr_open;
	}
}
