/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event loop: one io_uring, used by one thread. It owns only its own
 * descriptor and does not know what its operations are for. After st_ring_new() it
 * allocates only room for deadlines.
 *
 * A turn has these steps: pass new operations to the kernel; wait if there is
 * nothing to do; call back for at most ST_RING_BUDGET completions; for
 * ST_RING_SLICE_NS call the watches in line (patient ones, and those that asked
 * for another turn); call back for the deadlines that have passed. A turn makes one
 * system call. If only polls are armed, and no deadline is set, the thread sleeps
 * until something happens: there is no tick.
 *
 * Next: op.h for the life of an operation, then one header for each kind;
 * deadline.h.
 */
#ifndef ST_LOOP_RING_H
#define ST_LOOP_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "loop/op.h"
#include "loop/probe.h"

/* Completions served in one turn before deadlines are looked at. */
#define ST_RING_BUDGET 256

/* The time for watches in line in one turn; the first one is always served. */
#define ST_RING_SLICE_NS 100000

/**
 * st_ring_new() - make a ring
 * @probe: what the kernel has; copied
 * @ret_ring: owned by the caller (st_ring_free)
 *
 * Return: 0; -EOPNOTSUPP: st_probe_missing() names what is missing; -ENOMEM,
 * -EMFILE, -EPERM.
 */
int st_ring_new(const struct st_probe *probe, struct st_ring **ret_ring) __must_check;

/**
 * st_ring_free() - end a ring
 * @ring: no operation is armed on it, no deadline is set; may be NULL
 */
void st_ring_free(struct st_ring *ring);

/**
 * st_ring_has() - whether the ring can use a feature
 * @ring: the ring
 * @feature: the feature
 */
bool st_ring_has(const struct st_ring *ring, enum st_feature feature);

/**
 * st_ring_run_once() - one turn
 * @ring: the ring
 * @can_wait: false: return at once if there is nothing to do
 *
 * Return: the number of callbacks, which may be 0 (interrupted); -EBADR: the kernel
 * had no memory for a completion and has lost it, so the ring cannot be used any
 * more; otherwise -errno of io_uring_enter(2).
 */
int st_ring_run_once(struct st_ring *ring, bool can_wait) __must_check;

/**
 * st_ring_nr_armed() - operations that have not been completed
 * @ring: the ring
 */
unsigned int st_ring_nr_armed(const struct st_ring *ring);

/**
 * st_clock_ns() - the clock of all deadlines
 *
 * Return: CLOCK_MONOTONIC in nanoseconds.
 */
uint64_t st_clock_ns(void);

#endif
