// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings for tests of loop/; see loop.h. What cannot fail in a sane machine ends
 * the test by abort().
 */
#include "loop.h"

#include <stdio.h>
#include <stdlib.h>

static int must(int result, const char *what)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "%s: %d\n", what, result);
	abort();
}

struct st_ring *new_ring(bool is_modern)
{
	struct st_probe probe;
	struct st_ring *ring;

	must(st_probe_run(&probe), "probe");
	if (!is_modern) {
		for (int i = 0; i < ST_FEATURE__MAX; i++)
			probe.has[i] &= st_feature_info((enum st_feature)i)->is_needed;
		probe.setup_flags = 0;
	}
	must(st_ring_new(&probe, &ring), "make a ring");
	return ring;
}

void run_until(struct st_ring *ring, const int *count, int target)
{
	while (*count < target)
		must(st_ring_run_once(ring, true), "take a turn");
}

void run_dry(struct st_ring *ring)
{
	while (must(st_ring_run_once(ring, false), "take a turn") > 0)
		;
}
