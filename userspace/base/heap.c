// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap of heap.h.
 */
#include "base/heap.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

int st_heap_reserve(struct st_heap *heap, uint32_t nr)
{
	uint32_t cap = heap->cap ? heap->cap : 16;
	struct st_heap_node **nodes;

	if (nr <= heap->cap)
		return 0;
	while (cap < nr)
		cap *= 2;
	nodes = st_realloc(heap->nodes, cap * sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	heap->nodes = nodes;
	heap->cap = cap;
	return 0;
}

static void place(struct st_heap *heap, uint32_t at, struct st_heap_node *node)
{
	heap->nodes[at] = node;
	node->index = at + 1;
}

static void sift_up(struct st_heap *heap, uint32_t at, struct st_heap_node *node)
{
	while (at) {
		uint32_t up = (at - 1) / 2;

		if (heap->nodes[up]->key <= node->key)
			break;
		place(heap, at, heap->nodes[up]);
		at = up;
	}
	place(heap, at, node);
}

static void sift_down(struct st_heap *heap, uint32_t at, struct st_heap_node *node)
{
	for (;;) {
		uint32_t down = at * 2 + 1;

		if (down >= heap->nr)
			break;
		if (down + 1 < heap->nr && heap->nodes[down + 1]->key < heap->nodes[down]->key)
			down++;
		if (node->key <= heap->nodes[down]->key)
			break;
		place(heap, at, heap->nodes[down]);
		at = down;
	}
	place(heap, at, node);
}

void st_heap_put(struct st_heap *heap, struct st_heap_node *node, uint64_t key)
{
	st_heap_remove(heap, node);
	node->key = key;
	sift_up(heap, heap->nr++, node);
}

void st_heap_remove(struct st_heap *heap, struct st_heap_node *node)
{
	uint32_t at = node->index - 1;
	struct st_heap_node *last;

	if (!node->index)
		return;
	node->index = 0;
	last = heap->nodes[--heap->nr];
	if (last == node)
		return;
	if (last->key < node->key)
		sift_up(heap, at, last);
	else
		sift_down(heap, at, last);
}

struct st_heap_node *st_heap_take_until(struct st_heap *heap, uint64_t limit)
{
	struct st_heap_node *first = heap->nr ? heap->nodes[0] : NULL;

	if (!first || first->key > limit)
		return NULL;
	st_heap_remove(heap, first);
	return first;
}

void st_heap_done(struct st_heap *heap)
{
	st_free(heap->nodes);
	memset(heap, 0, sizeof(*heap));
}
