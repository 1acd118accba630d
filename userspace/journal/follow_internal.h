/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the follower share; see follow.h.
 */
#ifndef ST_JOURNAL_FOLLOW_INTERNAL_H
#define ST_JOURNAL_FOLLOW_INTERNAL_H

#include <jansson.h>

#include "journal/follow.h"

/* follow_rows.c: store what a notification says. Return: as st_past_follow_line(). */
int st_past_follow_take(struct st_past_follow *follow, const json_t *message) __must_check;

/* From now on numbers are missed because the journal is too slow. */
void st_past_follow_too_slow(struct st_past_follow *follow);

#endif
