/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intrusive doubly linked lists, in the manner of the kernel's list.h.
 *
 * A list is a struct st_list used as head; members embed another one. A node
 * that is on no list points at itself, so st_list_del() may be called twice.
 * The lists own nothing and never allocate.
 */
#ifndef ST_BASE_LIST_H
#define ST_BASE_LIST_H

#include <stdbool.h>

#include "base/compiler.h"

struct st_list {
	struct st_list *next;
	struct st_list *prev;
};

static inline void st_list_init(struct st_list *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool st_list_is_empty(const struct st_list *list)
{
	return list->next == list;
}

static inline void st_list_insert(struct st_list *node, struct st_list *prev, struct st_list *next)
{
	next->prev = node;
	node->next = next;
	node->prev = prev;
	prev->next = node;
}

/* Insert @node as the first member of @head, or right after the member @head. */
static inline void st_list_add(struct st_list *node, struct st_list *head)
{
	st_list_insert(node, head, head->next);
}

/* Insert @node as the last member of @head, or right before the member @head. */
static inline void st_list_add_tail(struct st_list *node, struct st_list *head)
{
	st_list_insert(node, head->prev, head);
}

static inline void st_list_del(struct st_list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	st_list_init(node);
}

/* Move all members of @from to the end of @to; @from is empty afterwards. */
static inline void st_list_splice_tail(struct st_list *from, struct st_list *to)
{
	if (st_list_is_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	st_list_init(from);
}

#define st_list_entry(node, type, member) container_of(node, type, member)

#define st_list_for_each(pos, head) for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)

/* As st_list_for_each(), safe when the body removes @pos. */
#define st_list_for_each_safe(pos, tmp, head) \
	for ((pos) = (head)->next, (tmp) = (pos)->next; (pos) != (head); \
	     (pos) = (tmp), (tmp) = (pos)->next)

#endif
