// SPDX-License-Identifier: GPL-2.0-only
/* Records that wait for earlier ones; see order.h. */
#include "tracer/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

struct held {
	struct st_list link; /* by time */
	__u64 latency_ns;
	struct st_record record; /* and its payload */
};

struct st_order {
	st_join_take *take;
	void *context;
	struct st_list held;
	unsigned int nr;
};

struct st_order *st_order_new(st_join_take *take, void *context)
{
	struct st_order *order = calloc(1, sizeof(*order));

	if (!order)
		return NULL;
	order->take = take;
	order->context = context;
	st_list_init(&order->held);
	return order;
}

static struct held *earliest(const struct st_order *order)
{
	return st_list_entry(order->held.next, struct held, link);
}

static void drop(struct st_order *order, struct held *held)
{
	st_list_del(&held->link);
	order->nr--;
	free(held);
}

void st_order_free(struct st_order *order)
{
	if (!order)
		return;
	while (order->nr)
		drop(order, earliest(order));
	free(order);
}

static void hand_on(struct st_order *order)
{
	struct held *held = earliest(order);

	order->take(order->context, &held->record, held->latency_ns);
	drop(order, held);
}

int st_order_add(struct st_order *order, const struct st_record *record, __u64 latency_ns)
{
	size_t size = sizeof(*record) + record->captured;
	struct held *held = malloc(offsetof(struct held, record) + size);
	struct st_list *place = order->held.prev;

	if (!held) {
		order->take(order->context, record, latency_ns);
		return -ENOMEM;
	}
	held->latency_ns = latency_ns;
	memcpy((char *)held + offsetof(struct held, record), record, size);
	/* mostly it is the last one */
	while (place != &order->held &&
	       st_list_entry(place, struct held, link)->record.time_ns > record->time_ns)
		place = place->prev;
	st_list_init(&held->link);
	st_list_add(&held->link, place);
	if (++order->nr > ST_ORDER_MAX)
		hand_on(order);
	return 0;
}

void st_order_release(struct st_order *order, __u64 before_ns)
{
	while (order->nr && earliest(order)->record.time_ns < before_ns)
		hand_on(order);
}
