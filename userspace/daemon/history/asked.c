// SPDX-License-Identifier: GPL-2.0-only
/*
 * Implements the ring of asked.h.
 */
#include "daemon/history/asked.h"

static struct st_asked *add(struct st_asked_ring *ring, const struct st_client *client)
{
	struct st_asked *asked = &ring->items[ring->nr++ % ST_ASKED_KEPT];

	*asked = (struct st_asked){ .peer = *st_client_peer(client) };
	return asked;
}

void st_asked_request(struct st_asked_ring *ring, const struct st_client *client,
		      enum st_operation op, uint64_t token)
{
	struct st_asked *asked = add(ring, client);

	asked->op = op;
	asked->token = token;
}

void st_asked_signal(struct st_asked_ring *ring, const struct st_client *client, int signo,
		     uint64_t generation)
{
	struct st_asked *asked = add(ring, client);

	asked->op = ST_OPERATION_KILL;
	asked->signo = signo;
	asked->generation = generation;
}

/* Search the newest first. A signal has token 0, a request has generation 0. */
static const struct st_asked *find(const struct st_asked_ring *ring, uint64_t token,
				   uint64_t generation, int signo)
{
	for (uint64_t i = ring->nr; i && i + ST_ASKED_KEPT > ring->nr; i--) {
		const struct st_asked *asked = &ring->items[(i - 1) % ST_ASKED_KEPT];

		if (asked->token == token && asked->generation == generation &&
		    asked->signo == signo)
			return asked;
	}
	return NULL;
}

const struct st_asked *st_asked_find(const struct st_asked_ring *ring, uint64_t token)
{
	return token ? find(ring, token, 0, 0) : NULL;
}

const struct st_asked *st_asked_find_signal(const struct st_asked_ring *ring, uint64_t generation,
					    int signo)
{
	return find(ring, 0, generation, signo);
}

struct st_asker st_asked_by(const struct st_asked *asked)
{
	return (struct st_asker){
		.generation = asked->peer.generation,
		.pid = asked->peer.pid,
		.uid = asked->peer.uid,
		.op = asked->op,
	};
}
