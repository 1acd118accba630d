// SPDX-License-Identifier: GPL-2.0-only
/*
 * The deadlines of a ring, in a heap. See deadline.h; ring.c serves them.
 */
#include "loop/deadline.h"

#include <assert.h>
#include <string.h>

#include "loop/internal.h"

int st_deadline_init(struct st_deadline *deadline, struct st_ring *ring,
		     void (*on_due)(struct st_deadline *deadline))
{
	struct st_deadlines *deadlines = st_ring_deadlines(ring);
	int err = st_heap_reserve(&deadlines->heap, deadlines->nr_owned + 1);

	if (err)
		return err;
	deadlines->nr_owned++;
	*deadline = (struct st_deadline){ .ring = ring, .on_due = on_due };
	return 0;
}

/* While those that are due are served, the past is for the next turn. */
static void put(struct st_deadlines *deadlines, struct st_deadline *deadline, uint64_t at_ns)
{
	if (at_ns < deadlines->served_ns)
		at_ns = deadlines->served_ns;
	st_heap_put(&deadlines->heap, &deadline->node, at_ns);
}

void st_deadline_set(struct st_deadline *deadline, uint64_t at_ns)
{
	assert(deadline->ring);
	if (at_ns == ST_NO_DEADLINE)
		st_deadline_clear(deadline);
	else if (at_ns != st_deadline_at(deadline))
		put(st_ring_deadlines(deadline->ring), deadline, at_ns);
}

void st_deadline_clear(struct st_deadline *deadline)
{
	if (st_heap_holds(&deadline->node))
		st_heap_remove(&st_ring_deadlines(deadline->ring)->heap, &deadline->node);
}

uint64_t st_deadline_at(const struct st_deadline *deadline)
{
	return st_heap_holds(&deadline->node) ? deadline->node.key : ST_NO_DEADLINE;
}

void st_deadline_done(struct st_deadline *deadline)
{
	if (!deadline->ring)
		return;
	st_deadline_clear(deadline);
	st_ring_deadlines(deadline->ring)->nr_owned--;
	memset(deadline, 0, sizeof(*deadline));
}

uint64_t st_deadlines_next(const struct st_deadlines *deadlines)
{
	const struct st_heap_node *first = st_heap_first(&deadlines->heap);

	return first ? first->key : ST_NO_DEADLINE;
}

/* Those that are due now: what a callback sets to the past is for the next turn. */
int st_deadlines_serve(struct st_deadlines *deadlines)
{
	uint32_t most = deadlines->heap.nr;
	uint64_t now_ns = most ? st_clock_ns() : 0;
	uint32_t nr;

	deadlines->served_ns = now_ns + 1;
	for (nr = 0; nr < most; nr++) {
		struct st_heap_node *node = st_heap_take_until(&deadlines->heap, now_ns);
		struct st_deadline *deadline;

		if (!node)
			break;
		deadline = container_of(node, struct st_deadline, node);
		deadline->on_due(deadline);
	}
	deadlines->served_ns = 0;
	return (int)nr;
}
