/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened, and what is known about who caused it.
 *
 * The daemon has one struct st_history. effects.c adds events. pending.c and
 * killing.c add the clients that asked. The tracer's reports add the senders of
 * signals. why.c reads all three. No decision depends on them.
 */
#ifndef ST_DAEMON_HISTORY_HISTORY_H
#define ST_DAEMON_HISTORY_HISTORY_H

#include "daemon/history/asked.h"
#include "daemon/history/events.h"
#include "daemon/history/witness.h"

struct st_tree;

struct st_history {
	const struct st_tree *tree; /* whose state the followers of inputs get */
	struct st_events *events; /* owned */
	struct st_asked_ring asked; /* which client asked for what */
	struct st_witness witness; /* which processes sent signals, if the tracer reports it */
};

#endif
