/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a word of memory to change, as the kernel changes the tid word
 * of a spawn (os/spawn/spawn.h). It needs Linux 6.7; probe.h checks for it.
 */
#ifndef ST_LOOP_FUTEX_H
#define ST_LOOP_FUTEX_H

#include "loop/op.h"

/**
 * struct st_futex - a wait for a futex
 * @op: common part
 * @word: the futex
 * @expected: the value that is waited away
 * @done: the callback: result 0: woken, or the word was different already;
 *	-ECANCELED; -errno
 */
struct st_futex {
	struct st_op op;
	uint32_t *word;
	uint32_t expected;
	void (*done)(struct st_futex *futex, int result);
};

/**
 * st_futex_start() - call back when a word no longer holds a value
 * @ring: the ring
 * @futex: idle; owned by the caller
 * @word: a shared futex: the waking side must not use FUTEX_PRIVATE_FLAG
 * @expected: wait while the word holds this value
 * @done: the callback; a wake-up can be spurious, so it checks the word
 */
void st_futex_start(struct st_ring *ring, struct st_futex *futex, uint32_t *word, uint32_t expected,
		    void (*done)(struct st_futex *futex, int result));

#endif
