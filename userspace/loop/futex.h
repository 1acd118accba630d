/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a word of memory to change, as the kernel changes the tid word
 * of a spawn (os/spawn.h). Needs Linux 6.7; probe.h tells.
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
 * st_futex_start() - be called when a word does not hold a value any more
 * @ring: the ring
 * @futex: idle; owned by the caller
 * @word: a shared futex: who wakes it must not use FUTEX_PRIVATE_FLAG
 * @expected: wait while the word holds this
 * @done: the callback; a wake-up can be spurious, so it looks at the word
 */
void st_futex_start(struct st_ring *ring, struct st_futex *futex, uint32_t *word, uint32_t expected,
		    void (*done)(struct st_futex *futex, int result));

#endif
