// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of agenda.h. Scenarios have few processes: no heap is needed.
 */
#include "agenda.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "die.h"

static struct st_agenda_item *item_of(struct st_list *list)
{
	return st_list_entry(list, struct st_agenda_item, list);
}

void st_agenda_init(struct st_agenda *agenda)
{
	st_list_init(&agenda->items);
}

void st_agenda_done(struct st_agenda *agenda)
{
	while (!st_list_is_empty(&agenda->items))
		(void)st_agenda_take(agenda);
}

void st_agenda_add(struct st_agenda *agenda, const struct st_agenda_item *item)
{
	struct st_agenda_item *copy = st_need(malloc(sizeof(*copy)));
	struct st_list *pos = agenda->items.prev;

	*copy = *item;
	while (pos != &agenda->items && item_of(pos)->at_ns > item->at_ns)
		pos = pos->prev;
	st_list_add(&copy->list, pos);
}

uint64_t st_agenda_next(const struct st_agenda *agenda)
{
	if (st_list_is_empty(&agenda->items))
		return ST_NO_DEADLINE;
	return item_of(agenda->items.next)->at_ns;
}

struct st_agenda_item st_agenda_take(struct st_agenda *agenda)
{
	struct st_agenda_item *item = item_of(agenda->items.next), copy = *item;

	st_list_del(&item->list);
	free(item);
	return copy;
}
