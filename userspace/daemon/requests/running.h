/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer of `why --running`: why a child runs, and what its process holds.
 *
 *   the event of its start --> the end or the request that made it start
 *   /proc of the process --a few descriptors a slice--> files, ports
 *
 * The first part is written at once. A process may have very many descriptors, so the
 * second part is written in slices (os/held.h). Its folder in /proc is opened while the process
 * has not been reaped, so no other process with its pid gets into the answer; and what ends
 * meanwhile is said to have ended. Used by ../operations/explain.c.
 */
#ifndef ST_DAEMON_REQUESTS_RUNNING_H
#define ST_DAEMON_REQUESTS_RUNNING_H

#include "base/buf.h"
#include "daemon/control/client.h"

#define ST_RUNNING_MAX_SHOWN 1000 /* files, and ports */
#define ST_RUNNING_DESCRIPTORS 3 /* that an answer needs until it is written */

struct st_descriptors;
struct st_processes;

/* What an answer needs. */
struct st_running_query {
	const struct st_processes *processes;
	struct st_descriptors *descriptors; /* lends ST_RUNNING_DESCRIPTORS, which are given back */
	bool is_admin; /* the client */
	uint64_t generation; /* of the process; 0: a supervisor */
};

/**
 * st_running_new() - make an answer
 * @query: copied; what it points to must outlive the answer
 * @head: an object that is begun, with at least one member; taken on success
 * @ret_slices: on success the answer, for st_client_reply_slices()
 *
 * Return: 0; -EMFILE: no descriptors left; -ENOMEM.
 */
int st_running_new(const struct st_running_query *query, struct st_buf *head,
		   struct st_slices **ret_slices) __must_check;

#endif
