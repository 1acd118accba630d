/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual processes: workers that exist only on the agenda, and behave as
 * st-worker does.
 *
 * SPAWN and SIGNAL effects come in; what a process does then is put on the
 * agenda, and comes out as an event for core when its time has come. Nothing
 * here calls core.
 */
#ifndef ST_SCENARIO_VIRTUAL_H
#define ST_SCENARIO_VIRTUAL_H

#include <jansson.h>

#include "agenda.h"
#include "base/map.h"
#include "core/event.h"
#include "core/types.h"

struct st_virtual_process;

struct st_virtual {
	struct st_agenda agenda;
	struct st_list processes; /* of struct st_virtual_process, dead ones too */
	struct st_map alive; /* by generation */
	uint32_t nr_alive;
	json_t *attempts; /* path -> number of starts, of supervisors too */
};

void st_virtual_init(struct st_virtual *world);
void st_virtual_done(struct st_virtual *world);

/* Count an attempt to start @child; returns its ordinal at that path. */
unsigned int st_virtual_attempt(struct st_virtual *world, const struct st_child *child);

/* Start the process of @child; its pid will be its generation. */
void st_virtual_spawn(struct st_virtual *world, const struct st_child *child, uint64_t now_ns);
void st_virtual_signal(struct st_virtual *world, uint64_t generation, int signo, uint64_t now_ns);

/* Let a process end from outside, as soon as it takes notice. */
void st_virtual_end(struct st_virtual *world, uint64_t generation, const json_t *reason,
		    uint64_t now_ns);
bool st_virtual_is_alive(const struct st_virtual *world, uint64_t generation);

/**
 * st_virtual_next() - let the next event of the agenda happen
 * @world: the processes
 * @now_ns: its time
 * @ret_event: the event for core; its text is valid until _done()
 *
 * Return: false if no process is concerned any more.
 */
bool st_virtual_next(struct st_virtual *world, uint64_t now_ns, struct st_event *ret_event);

#endif
