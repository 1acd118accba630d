/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who asked for what: the last requests that stop, start or signal children.
 *
 * Events say which request they come from, by its token, and a signal that a client
 * has sent is only seen in the end of its process; here is who that was. A small ring
 * of fixed size; why.c reads it, killing.c and pending.c add.
 */
#ifndef ST_DAEMON_HISTORY_ASKED_H
#define ST_DAEMON_HISTORY_ASKED_H

#include <stdint.h>

#include "daemon/control/client.h"
#include "proto/json.h"
#include "proto/ops.h"

#define ST_ASKED_KEPT 512

/**
 * struct st_asked - one request
 * @token: of the request to core; 0: a signal
 * @generation: signal: of the process it was sent to; else 0
 * @op: what was asked for
 * @signo: signal: which
 * @peer: who asked
 */
struct st_asked {
	uint64_t token;
	uint64_t generation;
	enum st_operation op;
	int signo;
	struct st_peer peer;
};

struct st_asked_ring {
	struct st_asked items[ST_ASKED_KEPT];
	uint64_t nr; /* ever */
};

/* Keep a request of @client to core. */
void st_asked_request(struct st_asked_ring *ring, const struct st_client *client,
		      enum st_operation op, uint64_t token);

/* Keep a signal that @client has had sent to a process. */
void st_asked_signal(struct st_asked_ring *ring, const struct st_client *client, int signo,
		     uint64_t generation);

/* Return: the request with a token, borrowed; NULL: not kept. */
const struct st_asked *st_asked_find(const struct st_asked_ring *ring, uint64_t token);

/* Return: the newest signal @signo to a process, borrowed; NULL: none. */
const struct st_asked *st_asked_find_signal(const struct st_asked_ring *ring, uint64_t generation,
					    int signo);

#endif
