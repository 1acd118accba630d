/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What followers of events and of output have in common: when a client has
 * room, and what it is told about what it has missed.
 */
#ifndef ST_DAEMON_CONTROL_FOLLOW_H
#define ST_DAEMON_CONTROL_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/control/client.h"
#include "proto/json.h"

/* Given to all followers of a kind in one turn: what is made in about 1 ms. */
#define ST_FOLLOW_SLICE (64u << 10) /* bytes */

/*
 * A client that has less than this unsent is given more. With the longest
 * notification on top it stays below what a client may have unsent, so it is
 * the ring that decides what a slow one loses, and not the client.
 */
#define ST_FOLLOW_ROOM (64u << 10) /* bytes */

static inline bool st_follow_has_room(const struct st_client *client)
{
	return st_client_unsent(client) < ST_FOLLOW_ROOM;
}

/**
 * st_follow_resync() - tell a client that it has missed something
 * @client: the client
 * @path: of the child whose output it is; NULL: events
 * @seq: the last number that it has missed
 * @nr_dropped: how many it has missed
 */
void st_follow_resync(struct st_client *client, const char *path, uint64_t seq,
		      uint64_t nr_dropped);

#endif
