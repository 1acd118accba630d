/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts messages in the order of their times, where join.c hands one on late: it was
 * joined, or given up, after others that happened later. They wait here meanwhile, so
 * that a call always comes before its reply. Nothing is looked at but the time.
 */
#ifndef ST_TRACER_ORDER_H
#define ST_TRACER_ORDER_H

#include <linux/types.h>

#include "base/compiler.h"
#include "tracer/join.h"

#define ST_ORDER_MAX 16384 /* records that wait; more, and the earliest goes */

struct st_order;

/**
 * st_order_new() - nothing waits yet
 * @take: is called for each record, during the functions below
 * @context: handed on
 *
 * Return: to be freed by st_order_free(); NULL: no memory.
 */
struct st_order *st_order_new(st_join_take *take, void *context);
void st_order_free(struct st_order *order); /* with what waits; NULL is allowed */

/**
 * st_order_add() - one record more, to wait
 * @order: the order
 * @record: with its payload behind it; copied
 * @latency_ns: handed on
 *
 * Return: 0; -ENOMEM: the record was handed on at once.
 */
int __must_check st_order_add(struct st_order *order, const struct st_record *record,
			      __u64 latency_ns);

/**
 * st_order_release() - hand on what nothing can come before any more
 * @order: the order
 * @before_ns: records that are older; UINT64_MAX: all
 */
void st_order_release(struct st_order *order, __u64 before_ns);

#endif
