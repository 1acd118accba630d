/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened, and what is known of who made it happen.
 *
 * The daemon has one. effects.c adds events, pending.c and killing.c add who asked,
 * the tracer's reports add who sent signals. why.c reads all three. Nothing is decided
 * by it.
 */
#ifndef ST_DAEMON_HISTORY_HISTORY_H
#define ST_DAEMON_HISTORY_HISTORY_H

#include "daemon/history/asked.h"
#include "daemon/history/events.h"
#include "daemon/history/witness.h"

struct st_history {
	struct st_events *events; /* owned */
	struct st_asked_ring asked; /* who asked for what */
	struct st_witness witness; /* who sent signals, if the tracer reports it */
};

#endif
