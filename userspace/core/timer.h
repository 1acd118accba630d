/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Deadlines of a tree, earliest first: a binary heap of embedded timers.
 *
 * Core owns no clock. The tree's earliest deadline is what the loop asks for
 * (st_next_deadline) and arms; nothing is ever cancelled outside. Room for
 * every timer is reserved when its owner is made.
 */
#ifndef ST_CORE_TIMER_H
#define ST_CORE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_NO_DEADLINE UINT64_MAX

struct st_timer {
	uint64_t deadline_ns; /* monotonic */
	uint32_t index; /* place in the heap + 1; 0: not armed */
};

struct st_timers {
	struct st_timer **heap;
	uint32_t nr;
	uint32_t cap;
};

/**
 * st_timers_reserve() - make room
 * @timers: the heap
 * @nr: timers that may be armed at the same time
 *
 * Return: 0 or -ENOMEM.
 */
int st_timers_reserve(struct st_timers *timers, uint32_t nr) __must_check;

/**
 * st_timer_arm() - set or move a deadline
 * @timers: the heap, with room reserved
 * @timer: the timer
 * @deadline_ns: monotonic time
 */
void st_timer_arm(struct st_timers *timers, struct st_timer *timer, uint64_t deadline_ns);

void st_timer_disarm(struct st_timers *timers, struct st_timer *timer);

/**
 * st_timers_expired() - take the earliest timer that is due
 * @timers: the heap
 * @now_ns: monotonic time
 *
 * Return: the timer, disarmed; NULL if none is due.
 */
struct st_timer *st_timers_expired(struct st_timers *timers, uint64_t now_ns);

static inline bool st_timer_is_armed(const struct st_timer *timer)
{
	return timer->index != 0;
}

void st_timers_done(struct st_timers *timers);

#endif
