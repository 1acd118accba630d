/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A time that its owner waits for: the loop calls back when it has come.
 *
 *	done --init--> clear --set--> set --its time, clear--> clear --done--> done
 *
 * The owner embeds a struct st_deadline and sets it. No other code needs to know it, so
 * none can be forgotten. The ring sleeps until the first deadline. Setting, moving and
 * clearing one never fails and makes no system call: the time is an argument of the
 * ring's wait. st_deadline_init() reserves room, and only this can fail.
 *
 * Times are of CLOCK_MONOTONIC, st_clock_ns().
 */
#ifndef ST_LOOP_DEADLINE_H
#define ST_LOOP_DEADLINE_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/heap.h"

struct st_ring;

/* All zero: done. */
struct st_deadline {
	struct st_heap_node node;
	struct st_ring *ring; /* NULL: done */
	void (*on_due)(struct st_deadline *deadline);
};

/**
 * st_deadline_init() - make a deadline that can be set
 * @deadline: done; must stay where it is until st_deadline_done()
 * @ring: waits for it; must outlive it
 * @on_due: called from a turn of the ring, when the moment has come, with the deadline
 *	clear; it may set, clear or end any deadline, this one too
 *
 * Return: 0 or -ENOMEM: it is still done.
 */
int st_deadline_init(struct st_deadline *deadline, struct st_ring *ring,
		     void (*on_due)(struct st_deadline *deadline)) __must_check;

/**
 * st_deadline_set() - wait for a moment
 * @deadline: not done; may be set already: then it is moved
 * @at_ns: the moment; one that has passed is served in the next turn;
 *	ST_NO_DEADLINE: clear it
 */
void st_deadline_set(struct st_deadline *deadline, uint64_t at_ns);

/**
 * st_deadline_clear() - wait no longer
 * @deadline: in any state
 */
void st_deadline_clear(struct st_deadline *deadline);

/**
 * st_deadline_at() - what a deadline waits for
 * @deadline: in any state
 *
 * Return: the moment, in ns; ST_NO_DEADLINE: it is not set.
 */
uint64_t st_deadline_at(const struct st_deadline *deadline);

/**
 * st_deadline_done() - clear a deadline and give its room back
 * @deadline: in any state
 */
void st_deadline_done(struct st_deadline *deadline);

#endif
