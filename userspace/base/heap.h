/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A binary heap of embedded nodes, the least key first.
 *
 * Its keys are times: the deadlines of a tree (core) and of a loop (loop/deadline.h).
 * The heap has no clock; it only compares keys. Room for a node is reserved when its
 * owner is made, so that inserting it never fails. The order of nodes with equal keys is
 * not specified, but it is always the same after the same calls.
 */
#ifndef ST_BASE_HEAP_H
#define ST_BASE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* All zero: in no heap. */
struct st_heap_node {
	uint64_t key;
	uint32_t index; /* place in the heap + 1; 0: in no heap */
};

/* All zero: empty, without room. */
struct st_heap {
	struct st_heap_node **nodes;
	uint32_t nr;
	uint32_t cap;
};

/**
 * st_heap_reserve() - make room
 * @heap: the heap
 * @nr: nodes that may be in it at the same time
 *
 * Return: 0 or -ENOMEM.
 */
int st_heap_reserve(struct st_heap *heap, uint32_t nr) __must_check;

/**
 * st_heap_put() - put a node in, or give it another key
 * @heap: with room for the node
 * @node: in this heap or in none; must stay where it is while it is in the heap
 * @key: the least is taken first
 */
void st_heap_put(struct st_heap *heap, struct st_heap_node *node, uint64_t key);

/**
 * st_heap_remove() - take a node out
 * @heap: the heap
 * @node: in this heap or in none; its key is kept
 */
void st_heap_remove(struct st_heap *heap, struct st_heap_node *node);

/**
 * st_heap_take_until() - take the first node out, if its key is not beyond a limit
 * @heap: the heap
 * @limit: the greatest key that is taken
 *
 * Return: the node, which is in no heap now; NULL: there is none with such a key.
 */
struct st_heap_node *st_heap_take_until(struct st_heap *heap, uint64_t limit);

/**
 * st_heap_first() - the node with the least key
 * @heap: the heap
 *
 * Return: the node, still in the heap; NULL if the heap is empty.
 */
static inline struct st_heap_node *st_heap_first(const struct st_heap *heap)
{
	return heap->nr ? heap->nodes[0] : NULL;
}

static inline bool st_heap_holds(const struct st_heap_node *node)
{
	return node->index != 0;
}

void st_heap_done(struct st_heap *heap); /* the nodes are their owners' */

#endif
