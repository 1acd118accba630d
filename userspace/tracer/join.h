/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Joins the two records of a message, SENT and RECEIVED, to one record with both ends.
 *
 * Two records belong together if they have the same channel (kind, serial number) and
 * the same place in it, which both sides have counted. Times and bytes are not compared,
 * and nothing is guessed. A message that is received in several pieces is joined when
 * its last byte has been received. Several messages that are received as one piece stay
 * several messages. A record without another half is passed on alone. This file looks
 * nothing up.
 */
#ifndef ST_TRACER_JOIN_H
#define ST_TRACER_JOIN_H

#include <linux/types.h>

#include "base/compiler.h"

#include "record.h"

struct st_join;

/**
 * st_join_take - the callback for the results
 * @context: of st_join_new()
 * @record: followed by its payload, valid until this returns. A joined record has the
 *	action MESSAGE, the earlier of both times, the end that each side knew about
 *	itself, and the sender's payload. Other records are unchanged.
 * @latency_ns: of MESSAGE: until the last byte was received; 0 if the receiver's
 *	record was made first
 */
typedef void st_join_take(void *context, const struct st_record *record, __u64 latency_ns);

/**
 * st_join_new() - make an empty joiner
 * @take: called during the functions below
 * @context: passed to @take
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
 * st_join_add() - add a record, in any order
 * @join: the joiner
 * @record: followed by its payload; copied if it has to wait. A record that is not a
 *	message, or has no place in a channel, is passed on at once.
 *
 * Return: 0; -ENOMEM: the record was passed on alone.
 */
int __must_check st_join_add(struct st_join *join, const struct st_record *record);

/**
 * st_join_expire() - pass on alone the records that have waited too long
 * @join: the joiner
 * @before_ns: records that are older (CLOCK_BOOTTIME); UINT64_MAX: all
 */
void st_join_expire(struct st_join *join, __u64 before_ns);

/* Return: the time of the earliest record that waits; UINT64_MAX: none does. */
__u64 st_join_oldest_ns(const struct st_join *join);

#endif
