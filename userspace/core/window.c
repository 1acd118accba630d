// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maximum restart intensity, as window.h describes it.
 */
#include "core/window.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_RESERVED 256 /* buckets taken in advance: one page */

static struct st_bucket *bucket_at(const struct st_window *window, uint32_t i)
{
	return &window->buckets[(window->first + (uint64_t)i) % window->cap];
}

static int grow(struct st_window *window, uint32_t cap)
{
	struct st_bucket *buckets;

	if (cap <= window->cap)
		return 0;
	buckets = st_alloc_array(cap, sizeof(*buckets));
	if (!buckets)
		return -ENOMEM;
	for (uint32_t i = 0; i < window->nr; i++)
		buckets[i] = *bucket_at(window, i);
	st_free(window->buckets);
	window->buckets = buckets;
	window->first = 0;
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

/* How many buckets, from the oldest on, do not count any more: they are sorted. */
static uint32_t nr_old(const struct st_window *window, uint64_t now_s, uint32_t period_s)
{
	uint32_t low = 0, high = window->nr;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (is_kept(bucket_at(window, middle)->second, now_s, period_s))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Restarts up to those of the first @nr buckets, since the window was empty. */
static uint64_t count_until(const struct st_window *window, uint32_t nr)
{
	return nr ? bucket_at(window, nr - 1)->until : window->dropped;
}

static void drop_old(struct st_window *window, uint64_t now_s, uint32_t period_s)
{
	uint32_t old = nr_old(window, now_s, period_s);

	if (!old)
		return;
	window->dropped = count_until(window, old);
	window->first = (uint32_t)((window->first + (uint64_t)old) % window->cap);
	window->nr -= old;
}

static void add(struct st_window *window, uint64_t now_s)
{
	struct st_bucket *last = window->nr ? bucket_at(window, window->nr - 1) : NULL;
	uint64_t until = count_until(window, window->nr) + 1;

	if (last && last->second == now_s) {
		last->until = until;
		return;
	}
	/*
	 * Without memory for one more second the restart is counted with the
	 * newest one: it is remembered for a moment less than it should be.
	 */
	if (window->nr == window->cap && grow(window, window->cap * 2 + 1) && last) {
		last->until = until;
		return;
	}
	if (window->nr < window->cap)
		*bucket_at(window, window->nr++) = (struct st_bucket){ now_s, until };
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
	uint32_t old = nr_old(window, now_ns / ST_NSEC_PER_SEC, period_s);

	return count_until(window, window->nr) - count_until(window, old);
}

int st_window_copy(struct st_window *window, const struct st_window *from)
{
	int err = grow(window, from->cap);

	if (err)
		return err;
	for (uint32_t i = 0; i < from->nr; i++)
		window->buckets[i] = *bucket_at(from, i);
	window->nr = from->nr;
	window->dropped = from->dropped;
	return 0;
}

int st_window_put(struct st_window *window, struct st_bucket bucket)
{
	const struct st_bucket *last = window->nr ? bucket_at(window, window->nr - 1) : NULL;

	if (bucket.until <= count_until(window, window->nr) ||
	    (last && bucket.second <= last->second))
		return -EINVAL;
	if (window->nr == window->cap && grow(window, window->cap * 2 + 1))
		return -ENOMEM;
	*bucket_at(window, window->nr++) = bucket;
	return 0;
}

struct st_bucket st_window_at(const struct st_window *window, uint32_t place)
{
	struct st_bucket bucket = *bucket_at(window, place);

	bucket.until -= window->dropped;
	return bucket;
}

void st_window_clear(struct st_window *window)
{
	window->nr = 0;
	window->dropped = 0;
}

void st_window_done(struct st_window *window)
{
	st_free(window->buckets);
	memset(window, 0, sizeof(*window));
}
