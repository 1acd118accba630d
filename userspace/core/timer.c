// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap of deadlines of timer.h.
 */
#include "core/timer.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

int st_timers_reserve(struct st_timers *timers, uint32_t nr)
{
	uint32_t cap = timers->cap ? timers->cap : 16;
	struct st_timer **heap;

	if (nr <= timers->cap)
		return 0;
	while (cap < nr)
		cap *= 2;
	heap = st_realloc(timers->heap, cap * sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	timers->heap = heap;
	timers->cap = cap;
	return 0;
}

static void place(struct st_timers *timers, uint32_t at, struct st_timer *timer)
{
	timers->heap[at] = timer;
	timer->index = at + 1;
}

static void sift_up(struct st_timers *timers, uint32_t at, struct st_timer *timer)
{
	while (at) {
		uint32_t up = (at - 1) / 2;

		if (timers->heap[up]->deadline_ns <= timer->deadline_ns)
			break;
		place(timers, at, timers->heap[up]);
		at = up;
	}
	place(timers, at, timer);
}

static void sift_down(struct st_timers *timers, uint32_t at, struct st_timer *timer)
{
	for (;;) {
		uint32_t down = at * 2 + 1;

		if (down >= timers->nr)
			break;
		if (down + 1 < timers->nr &&
		    timers->heap[down + 1]->deadline_ns < timers->heap[down]->deadline_ns)
			down++;
		if (timer->deadline_ns <= timers->heap[down]->deadline_ns)
			break;
		place(timers, at, timers->heap[down]);
		at = down;
	}
	place(timers, at, timer);
}

void st_timer_arm(struct st_timers *timers, struct st_timer *timer, uint64_t deadline_ns)
{
	st_timer_disarm(timers, timer);
	timer->deadline_ns = deadline_ns;
	sift_up(timers, timers->nr++, timer);
}

void st_timer_disarm(struct st_timers *timers, struct st_timer *timer)
{
	uint32_t at = timer->index - 1;
	struct st_timer *last;

	if (!timer->index)
		return;
	timer->index = 0;
	last = timers->heap[--timers->nr];
	if (last == timer)
		return;
	if (last->deadline_ns < timer->deadline_ns)
		sift_up(timers, at, last);
	else
		sift_down(timers, at, last);
}

struct st_timer *st_timers_expired(struct st_timers *timers, uint64_t now_ns)
{
	struct st_timer *first = timers->nr ? timers->heap[0] : NULL;

	if (!first || first->deadline_ns > now_ns)
		return NULL;
	st_timer_disarm(timers, first);
	return first;
}

void st_timers_done(struct st_timers *timers)
{
	st_free(timers->heap);
	memset(timers, 0, sizeof(*timers));
}
