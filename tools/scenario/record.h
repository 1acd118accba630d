/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events so far, in the form of a trace.
 *
 * It turns events of the control protocol into events of the trace. The protocol names an
 * incarnation by its generation. A trace names it by the number of the start attempt at
 * its path ("inc"). The record knows both.
 */
#ifndef ST_SCENARIO_RECORD_H
#define ST_SCENARIO_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

/* One attempt to start a child; kept to the end. */
struct st_attempt {
	uint64_t generation;
	char *path;
	unsigned int inc;
	int pid; /* 0: a supervisor */
	bool has_started;
	bool has_ended;
};

struct st_record {
	struct st_attempt **attempts; /* in the order of their outcomes */
	size_t nr;
	size_t cap;
	struct st_map by_generation;
	json_t *events; /* of the trace, not taken yet */
};

void st_record_init(struct st_record *record);
void st_record_done(struct st_record *record);

/**
 * st_record_event() - record an event
 * @record: the record
 * @event: as the operation "subscribe" shows it; borrowed
 *
 * Events of "/" are not recorded: a trace has only "root" and the nodes below.
 */
void st_record_event(struct st_record *record, const json_t *event);

/* The trace's events since the last time; owned by the caller. */
json_t *st_record_take_events(struct st_record *record);

/* The attempt with a generation, or NULL. */
struct st_attempt *st_record_find(const struct st_record *record, uint64_t generation);

/* The last one at a path that became READY, dead or alive, or NULL. */
const struct st_attempt *st_record_last(const struct st_record *record, const char *path);

#endif
