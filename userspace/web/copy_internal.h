/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What copy.c and copy_events.c share.
 */
#ifndef ST_WEB_COPY_INTERNAL_H
#define ST_WEB_COPY_INTERNAL_H

#include "web/copy.h"

/* Forget all events and versions: another daemon numbers its own. */
void st_copy_begin_events(struct st_copy *copy, uint64_t incarnation);
void st_copy_forget_events(struct st_copy *copy);

/* Take a notification: an event, or resync. */
void st_copy_take_event(struct st_copy *copy, const char *method, const json_t *params);

#endif
