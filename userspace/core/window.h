/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The restart window of a supervisor: maximum restart intensity. [E1] [E4]
 *
 * OTP keeps a list of restart times in whole monotonic seconds, adds "now",
 * drops what is older than the period (an entry is kept iff
 * floor(t) >= floor(now) - period) and gives up when the list has become
 * longer than the intensity. Here entries of the same second are one bucket,
 * so room for min(intensity, period) + 1 buckets is all that can ever be
 * needed. Each bucket has the number of all restarts up to it: what counts
 * now is a difference, found by a binary search, however long the period is.
 */
#ifndef ST_CORE_WINDOW_H
#define ST_CORE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct st_bucket {
	uint64_t second;
	uint64_t until; /* restarts up to the end of this second, since the window was empty */
};

struct st_window {
	struct st_bucket *buckets; /* a ring, oldest first */
	uint32_t first; /* the oldest one */
	uint32_t nr;
	uint32_t cap;
	uint64_t dropped; /* restarts before the oldest one */
};

/**
 * st_window_reserve() - make room for what these limits can need
 * @window: the window; its content is kept [K2]
 * @intensity: restarts allowed
 * @period_s: in this many seconds
 *
 * Up to a page of buckets is taken now; more would be taken when the restarts
 * really happen.
 *
 * Return: 0 or -ENOMEM.
 */
int st_window_reserve(struct st_window *window, uint32_t intensity, uint32_t period_s) __must_check;

/**
 * st_window_admit() - count a restart and return whether it is allowed
 * @window: the window
 * @now_ns: monotonic time
 * @intensity: restarts allowed; N allows exactly N in the period [E1]
 * @period_s: the period in seconds
 *
 * Return: false if the supervisor has to give up.
 */
bool st_window_admit(struct st_window *window, uint64_t now_ns, uint32_t intensity,
		     uint32_t period_s);

/**
 * st_window_count() - restarts that would still count now
 * @window: the window
 * @now_ns: monotonic time
 * @period_s: the period in seconds
 *
 * Return: the number; nothing is dropped.
 */
uint64_t st_window_count(const struct st_window *window, uint64_t now_ns, uint32_t period_s);

/**
 * st_window_copy() - make a window that counts the same
 * @window: empty, without memory
 * @from: is not changed
 *
 * Return: 0 or -ENOMEM.
 */
int st_window_copy(struct st_window *window, const struct st_window *from) __must_check;

/**
 * st_window_put() - append a bucket as st_window_at() has shown it
 * @window: nothing was dropped from it
 * @bucket: later than those before, with more restarts
 *
 * Return: 0; -ENOMEM; -EINVAL: it does not come after those before.
 */
int st_window_put(struct st_window *window, struct st_bucket bucket) __must_check;

/* The bucket of a place, 0 the oldest one, without what was dropped before it. */
struct st_bucket st_window_at(const struct st_window *window, uint32_t place);

void st_window_clear(struct st_window *window); /* forget all, keep the memory [E8] */
void st_window_done(struct st_window *window);

#endif
