/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers to the operations of the journal (proto/ops/journal.h), out of the store.
 *
 * The daemon has checked the parameters by the table, and checks the answer by its shape.
 * An answer is one message, so lists end where it is full.
 */
#ifndef ST_JOURNAL_ANSWER_H
#define ST_JOURNAL_ANSWER_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "journal/store.h"

#define ST_PAST_ANSWER_ROOM 60000 /* bytes: an answer is one message of libsuptree */

/**
 * st_past_answer_history() - what has happened
 * @store: open
 * @params: of the operation history
 * @now_us: the time of day
 * @out: gets the answer
 *
 * Return: 0; -errno of database.h or -ENOMEM: @out has a part of an answer.
 */
int st_past_answer_history(const struct st_store *store, const json_t *params, int64_t now_us,
			   struct st_buf *out) __must_check;

/* The same for unstable: which children were restarted most, and why last. */
int st_past_answer_unstable(const struct st_store *store, const json_t *params, int64_t now_us,
			    struct st_buf *out) __must_check;

/* Return: the time of day that a parameter in milliseconds ago means; @otherwise: not given. */
int64_t st_past_answer_time(const json_t *params, const char *name, int64_t now_us,
			    int64_t otherwise);

#endif
