/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which client asked for what: the last requests to stop, start or signal
 * children.
 *
 * An event names the request that caused it by its token. A signal that a
 * client has sent is seen only in the end of its process. This ring keeps which
 * client made the request. Its size is fixed. killing.c and pending.c add to
 * it; why.c reads it.
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
 * @token: the token of a request to core; 0: this is a signal
 * @generation: for a signal: the process that it was sent to; else 0
 * @op: the operation that the client called
 * @signo: for a signal: its number
 * @peer: the client that asked
 */
struct st_asked {
	uint64_t token;
	uint64_t generation;
	enum st_operation op;
	int signo;
	struct st_peer peer;
};

/* Who asked, as an event keeps it. */
struct st_asker {
	uint64_t generation; /* of the client; 0: it is not supervised */
	int32_t pid;
	uint32_t uid;
	enum st_operation op;
};

struct st_asked_ring {
	struct st_asked items[ST_ASKED_KEPT];
	uint64_t nr; /* requests added since the start */
};

/* Keep the request to core that @client has made. */
void st_asked_request(struct st_asked_ring *ring, const struct st_client *client,
		      enum st_operation op, uint64_t token);

/*
 * Keep the signal that the daemon has sent to a process because @client asked
 * for it.
 */
void st_asked_signal(struct st_asked_ring *ring, const struct st_client *client, int signo,
		     uint64_t generation);

/* Return: the request with this token, borrowed; NULL if it is not kept. */
const struct st_asked *st_asked_find(const struct st_asked_ring *ring, uint64_t token);

/*
 * Return: the newest signal @signo to the process, borrowed; NULL if there is
 * none.
 */
const struct st_asked *st_asked_find_signal(const struct st_asked_ring *ring, uint64_t generation,
					    int signo);

/* Return: who asked, in short. */
struct st_asker st_asked_by(const struct st_asked *asked);

#endif
