/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What followers of events and followers of output share: when a client has
 * room, and how it is told what it has missed.
 */
#ifndef ST_DAEMON_CONTROL_FOLLOW_H
#define ST_DAEMON_CONTROL_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/control/client.h"
#include "proto/json.h"

/* Most bytes for all followers of a kind in one turn: about 1 ms of work. */
#define ST_FOLLOW_SLICE (64u << 10) /* bytes */

/*
 * A client with less than this unsent is given more. Even with the longest
 * notification on top it stays below the limit of a client's output. So what a
 * slow client loses depends on the ring, and not on the client's output.
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
 * @seq: the last number that the client has missed
 * @nr_dropped: number of events or lines that the client has missed
 */
void st_follow_resync(struct st_client *client, const char *path, uint64_t seq,
		      uint64_t nr_dropped);

#endif
