/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts messages in the order of their times. join.c may pass a message on late: it was
 * joined, or given up, after others that happened later. So messages wait here, and a
 * call always comes before its reply. Only the times are compared.
 */
#ifndef ST_TRACER_ORDER_H
#define ST_TRACER_ORDER_H

#include <linux/types.h>

#include "base/compiler.h"
#include "tracer/join.h"

#define ST_ORDER_MAX 16384 /* records that wait; more, and the earliest goes */

struct st_order;

/**
 * st_order_new() - make an empty order
 * @take: called for each record, during the functions below
 * @context: passed to @take
 *
 * Return: to be freed by st_order_free(); NULL: no memory.
 */
struct st_order *st_order_new(st_join_take *take, void *context);
void st_order_free(struct st_order *order); /* with what waits; NULL is allowed */

/**
 * st_order_add() - add a record that has to wait
 * @order: the order
 * @record: followed by its payload; copied
 * @latency_ns: passed on
 *
 * Return: 0; -ENOMEM: the record was passed on at once.
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
