// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maximum restart intensity, as window.h describes it.
 */
#include "core/window.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_RESERVED 256 /* buckets taken in advance: one page */

static int grow(struct st_window *window, uint32_t cap)
{
	struct st_bucket *buckets;

	if (cap <= window->cap)
		return 0;
	buckets = st_realloc(window->buckets, cap * sizeof(*buckets));
	if (!buckets)
		return -ENOMEM;
	window->buckets = buckets;
	window->cap = cap;
	return 0;
}

int st_window_reserve(struct st_window *window, uint32_t intensity, uint32_t period_s)
{
	uint32_t need = intensity < period_s ? intensity : period_s;

	need = need < MAX_RESERVED - 1 ? need + 1 : MAX_RESERVED;
	return grow(window, need);
}

static bool is_kept(uint64_t second, uint64_t now_s, uint32_t period_s)
{
	return second + period_s >= now_s;
}

static void drop_old(struct st_window *window, uint64_t now_s, uint32_t period_s)
{
	uint32_t old = 0;

	while (old < window->nr && !is_kept(window->buckets[old].second, now_s, period_s))
		old++;
	if (!old)
		return;
	window->nr -= old;
	memmove(window->buckets, window->buckets + old, window->nr * sizeof(*window->buckets));
}

static void add(struct st_window *window, uint64_t now_s)
{
	struct st_bucket *last = window->nr ? &window->buckets[window->nr - 1] : NULL;

	if (last && last->second == now_s) {
		last->count++;
		return;
	}
	/*
	 * Without memory for one more second the restart is counted with the
	 * newest one: it is remembered for a moment less than it should be.
	 */
	if (window->nr == window->cap && grow(window, window->cap * 2 + 1) && last) {
		last->count++;
		return;
	}
	if (window->nr < window->cap)
		window->buckets[window->nr++] = (struct st_bucket){ now_s, 1 };
}

bool st_window_admit(struct st_window *window, uint64_t now_ns, uint32_t intensity,
		     uint32_t period_s)
{
	uint64_t now_s = now_ns / ST_NSEC_PER_SEC;

	drop_old(window, now_s, period_s);
	add(window, now_s);
	return st_window_count(window, now_ns, period_s) <= intensity;
}

uint64_t st_window_count(const struct st_window *window, uint64_t now_ns, uint32_t period_s)
{
	uint64_t now_s = now_ns / ST_NSEC_PER_SEC, count = 0;

	for (uint32_t i = 0; i < window->nr; i++)
		if (is_kept(window->buckets[i].second, now_s, period_s))
			count += window->buckets[i].count;
	return count;
}

void st_window_clear(struct st_window *window)
{
	window->nr = 0;
}

void st_window_done(struct st_window *window)
{
	st_free(window->buckets);
	memset(window, 0, sizeof(*window));
}
