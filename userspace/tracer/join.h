/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Joins the two records of a message, SENT and RECEIVED, to one that knows both ends.
 *
 * They belong together if they are of the same channel (kind, serial number) and the
 * same place in it, which both sides have counted: nothing is compared by guess, time
 * or bytes. What is received in several pieces is joined when the last byte is; what
 * was sent in several and received in one piece gives as many messages as were sent.
 * What finds no other half is handed on alone. Nothing here looks anything up.
 */
#ifndef ST_TRACER_JOIN_H
#define ST_TRACER_JOIN_H

#include <linux/types.h>

#include "base/compiler.h"

#include "record.h"

struct st_join;

/**
 * st_join_take - what comes out
 * @context: of st_join_new()
 * @record: with its payload behind it, gone when this returns. A joined one has the
 *	action MESSAGE, the sender's time, or the receiver's if that is earlier, both ends
 *	as each side told its own, and the sender's payload; any other is as it came.
 * @latency_ns: of MESSAGE: until the last byte was received; 0 if the receiver's
 *	record was made first
 */
typedef void st_join_take(void *context, const struct st_record *record, __u64 latency_ns);

/**
 * st_join_new() - nothing waits yet
 * @take: is called during the functions below
 * @context: handed on
 *
 * Return: to be freed by st_join_free(); NULL: no memory.
 */
struct st_join *st_join_new(st_join_take *take, void *context);

/**
 * st_join_free() - forget what waits
 * @join: or NULL
 */
void st_join_free(struct st_join *join);

/**
 * st_join_add() - one record more, in any order
 * @join: the joiner
 * @record: with its payload behind it; copied if it has to wait. What is no message,
 *	or has no place in a channel, is handed on at once.
 *
 * Return: 0; -ENOMEM: the record was handed on alone.
 */
int __must_check st_join_add(struct st_join *join, const struct st_record *record);

/**
 * st_join_expire() - hand on alone what has waited too long
 * @join: the joiner
 * @before_ns: records that are older (CLOCK_BOOTTIME); UINT64_MAX: all
 */
void st_join_expire(struct st_join *join, __u64 before_ns);

/* Return: the time of the earliest record that waits; UINT64_MAX: none does. */
__u64 st_join_oldest_ns(const struct st_join *join);

#endif
