/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all workers do when they are cast "crash": they end with a status that
 * is not 0, which OTP calls abnormal. A worker without casts of its own has
 * st_handle_crash() as its handle_cast, one with casts of its own ends in it.
 */
#ifndef ST_WORKERS_CRASH_H
#define ST_WORKERS_CRASH_H

#include "libsuptree/suptree.h"
#include "workers/words.h"

#define ST_CRASH_STATUS 1

/* What a handler returns to crash. */
static inline enum suptree_next st_crash(struct suptree *self)
{
	return suptree_stop(self, ST_CRASH_STATUS);
}

/* Crash, if the words are "crash"; other words do nothing. */
static inline enum suptree_next st_handle_crash(struct suptree *self, void *state,
						const struct suptree_message *message)
{
	(void)state;
	return st_is_word(message->data, "crash") ? st_crash(self) : SUPTREE_CONTINUE;
}

#endif
