/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The future events of virtual time: a list in order of time; events with equal times
 * are in the order in which they were added.
 */
#ifndef ST_SCENARIO_AGENDA_H
#define ST_SCENARIO_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "core/reason.h"

struct st_agenda {
	struct st_list items; /* the next one first */
};

enum st_happening {
	ST_HAPPENING_OUTCOME, /* the process reports the outcome of its start */
	ST_HAPPENING_END, /* it ends */
};

struct st_agenda_item {
	struct st_list list;
	uint64_t at_ns;
	uint64_t generation; /* of the process */
	enum st_happening what;
	struct st_reason reason; /* END; without texts */
};

void st_agenda_init(struct st_agenda *agenda);
void st_agenda_done(struct st_agenda *agenda);

/* Add a copy of @item after those of the same time. */
void st_agenda_add(struct st_agenda *agenda, const struct st_agenda_item *item);

/* When the next one is due; ST_NO_DEADLINE: nothing is going to happen. */
uint64_t st_agenda_next(const struct st_agenda *agenda);

/* Take the next one, of which there must be one. */
struct st_agenda_item st_agenda_take(struct st_agenda *agenda);

#endif
