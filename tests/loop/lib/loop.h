/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of loop/: rings as new and as old kernels have them, and turns
 * until something has happened. The harness's time limit is the only clock.
 */
#ifndef ST_TESTS_LOOP_LOOP_H
#define ST_TESTS_LOOP_LOOP_H

#include <stdbool.h>

#include "loop/ring.h"

/*
 * A ring with all that the kernel has, or with no more than is needed: as on
 * the oldest kernel that will do.
 */
struct st_ring *new_ring(bool is_modern);

/* Take turns until *@count has reached @target. */
void run_until(struct st_ring *ring, const int *count, int target);

/* Take turns, without waiting, until nothing happens in one. */
void run_dry(struct st_ring *ring);

#endif
