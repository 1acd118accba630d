/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control socket: it listens, accepts clients and disconnects them.
 *
 * main() opens one. The rest of the daemon gets requests through callbacks and
 * answers with the functions of client.h. Nothing here supervises, blocks, or
 * starts anything. All memory of a client is freed in one place, when its last
 * operation on the ring has completed.
 */
#ifndef ST_DAEMON_CONTROL_CONTROL_H
#define ST_DAEMON_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "daemon/control/client.h"
#include "loop/ring.h"

#define ST_CONTROL_MAX_CLIENTS 512
#define ST_CONTROL_FOR_ADMINS 32 /* of these, so that an admin is always served */
#define ST_CONTROL_PER_USER 64 /* of a user without the role admin */
#define ST_CONTROL_PER_PROCESS 2 /* of a supervised process, also beyond its user's share */
#define ST_CONTROL_PATIENCE_MS 500 /* for a daemon that was killed a moment ago */
#define ST_CONTROL_REQUESTS_PER_TURN 4 /* of one client in one turn */
#define ST_CONTROL_OUTPUT_LIMIT (64u << 10) /* unread bytes above which requests are not read */
#define ST_CONTROL_ANSWERS (16u << 20) /* bytes of long answers of all clients together */
#define ST_CONTROL_ANSWERS_OF_ADMINS (4u << 20) /* of these, so that an admin gets an answer */
#define ST_CONTROL_STREAM_LIMIT (256u << 10) /* unread bytes above which events are dropped */

struct st_control;
struct st_descriptors;

/**
 * struct st_control_handler - callbacks for what clients do
 * @on_request: a checked request that the peer's role permits; borrowed for the
 *	call (json_incref(request->params) to keep them). Each request must be
 *	answered once, now or later, unless the client goes first
 * @find_process: return the generation of the supervised process that has
 *	connected this socket, and has this pid; 0: no supervised process has.
 *	Called when a peer connects; NULL: no process is supervised
 * @lend_role: return what this supervised process may do for what it is, as a service;
 *	its own role counts if that is higher. NULL: nothing
 * @on_gone: the client no longer exists; forget it. The daemon finishes or
 *	gives up what the client had asked for. Not called for a client without
 *	a call of on_request
 */
struct st_control_handler {
	void (*on_request)(void *owner, struct st_client *client,
			   const struct st_rpc_request *request);
	uint64_t (*find_process)(void *owner, int fd, pid_t pid);
	enum st_role (*lend_role)(void *owner, uint64_t generation);
	void (*on_gone)(void *owner, struct st_client *client);
};

/* Zero means the constant above. */
struct st_control_config {
	const char *path; /* of the socket, which is created */
	uint32_t max_clients;
	uint32_t for_admins; /* of max_clients */
	uint32_t per_user;
	uint32_t per_process;
	uint32_t requests_per_turn;
	uint32_t output_limit; /* bytes */
	uint32_t stream_limit; /* bytes */
	uint32_t answers; /* bytes */
	uint32_t answers_of_admins; /* bytes; of answers */
	uint64_t incarnation; /* the daemon's random number */
	struct st_descriptors *descriptors; /* lends those of clients; NULL: no limit */
};

/**
 * st_control_open() - create the socket and listen
 * @ring: the loop, outlives the control
 * @config: copied
 * @handler: called from st_ring_run_once() only; must not move
 * @owner: passed to @handler
 * @reterr_owner: with -EADDRINUSE: the process that listens there; 0: not known
 * @ret_control: owned by the caller, who closes it, runs the ring until
 *	st_control_is_closed(), and frees it
 *
 * A socket that no process listens on any more is replaced. If the process that
 * listens there has just been killed, its end is awaited, for half a second at
 * most (st_control_listen()). All users may
 * connect, because supervised processes may run as any user. Each peer is
 * checked: by its user and groups (st_peer_read()), or because it is
 * supervised.
 *
 * Return: 0; -EADDRINUSE: a living process listens there; -EEXIST: the path is
 * something other than a socket; -ENAMETOOLONG; -ENOMEM; -errno of socket(2),
 * bind(2), listen(2).
 */
int st_control_open(struct st_ring *ring, const struct st_control_config *config,
		    const struct st_control_handler *handler, void *owner, pid_t *reterr_owner,
		    struct st_control **ret_control) __must_check;

/**
 * st_control_close() - accept no more clients and disconnect all
 * @control: open
 *
 * Removes the socket. A client's output is sent as far as the peer takes it at
 * once. on_gone is called for each client.
 */
void st_control_close(struct st_control *control);

/**
 * st_control_is_closed() - whether the last operation has completed
 * @control: closed; run the ring until this is true
 *
 * No program: the daemon waits for its whole ring. Tests call it to end this
 * part alone.
 */
bool st_control_is_closed(const struct st_control *control);

/**
 * st_control_free() - free a closed control
 * @control: st_control_is_closed(), or NULL
 */
void st_control_free(struct st_control *control);

/**
 * st_control_tell_renamed() - tell clients with connections that a name has moved
 * @control: the socket
 * @name: the name, which has a new owner now
 */
void st_control_tell_renamed(struct st_control *control, const char *name);

/**
 * st_control_nr_clients() - number of connections now
 * @control: the control
 */
uint32_t st_control_nr_clients(const struct st_control *control);

#endif
