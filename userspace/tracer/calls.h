/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which message answers which: calls and replies on unix sockets.
 *
 * A connection is a pair of sockets. On a connection with the frames of
 * userspace/libsuptree/PROTOCOL.md, CALL and SYSTEM are calls, and the REPLY or ERROR with the
 * same ref is the reply; other frames are neither. On any other connection the side that
 * is seen to send first is the caller. Each of its messages is a call. Each message of
 * the other side is the reply to the oldest call without a reply, or nothing if there is
 * none. On a stream each write counts as a message, so a request that is written in
 * pieces is several calls. Datagrams between two sockets are calls only after one has
 * been answered, because most datagrams have no answer.
 *
 * trace.c passes the messages that join.c has joined and order.c has ordered. This file
 * looks nothing up and keeps no bytes.
 */
#ifndef ST_TRACER_CALLS_H
#define ST_TRACER_CALLS_H

#include <linux/types.h>
#include <stdint.h>

#include "base/compiler.h"
#include "tracer/sample.h"

#include "record.h"

#define ST_CALLS_PAYLOAD 16 /* bytes of each message that must be kept to know frames */
#define ST_CALLS_OPEN_MAX 16384 /* calls that wait; more, and the oldest is given up */
#define ST_CALLS_CONNECTIONS_MAX 4096 /* the one that was silent longest is forgotten */

struct st_calls;

enum st_call_role {
	ST_CALL_NONE,
	ST_CALL_CALL,
	ST_CALL_REPLY,
};

/* The kind of a message, as far as it is known when the message is seen. */
struct st_call_note {
	enum st_call_role role;
	uint64_t seq; /* of a REPLY: its call's number; 0: it has none */
	uint64_t latency_ns; /* of a REPLY: from the call's sending to its own arrival */
};

struct st_calls_totals {
	uint64_t answered;
	uint64_t unanswered; /* given up, or waiting still */
	const struct st_sample *latency_ns; /* of the last answered ones; borrowed */
};

/* Return: to be freed by st_calls_free(); NULL: no memory. */
struct st_calls *st_calls_new(void);
void st_calls_free(struct st_calls *calls); /* NULL is allowed */

/**
 * st_calls_add() - add a message, in the order of their times
 * @calls: the calls
 * @record: followed by its payload; a record that is not a message is ignored
 * @latency_ns: of a MESSAGE, until it was received
 * @seq: the number of the message; 0: none
 * @note: set to its kind, also on failure
 *
 * Return: 0; -ENOMEM: it is not counted.
 */
int __must_check st_calls_add(struct st_calls *calls, const struct st_record *record,
			      uint64_t latency_ns, uint64_t seq, struct st_call_note *note);

void st_calls_count(const struct st_calls *calls, struct st_calls_totals *ret_totals);

#endif
