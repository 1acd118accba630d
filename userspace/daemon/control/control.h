/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control socket: it listens, takes clients and lets them go.
 *
 * main() opens one; the rest of the daemon hears of it through two callbacks
 * and answers with the functions of client.h. Nothing here supervises, blocks,
 * or starts anything. All memory of a client is freed in one place, when its
 * last operation on the ring has completed.
 */
#ifndef ST_DAEMON_CONTROL_CONTROL_H
#define ST_DAEMON_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "daemon/control/client.h"
#include "loop/ring.h"

#define ST_CONTROL_MAX_CLIENTS 512
#define ST_CONTROL_REQUESTS_PER_TURN 4 /* of one client */
#define ST_CONTROL_OUTPUT_LIMIT (1u << 20) /* bytes unread before a client is not read from */
#define ST_CONTROL_STREAM_LIMIT (256u << 10) /* bytes unread before events are dropped */

struct st_control;

/**
 * struct st_control_handler - how the daemon hears of clients
 * @on_request: a checked request that the peer's role permits; borrowed for
 *	the call (json_incref(request->params) to keep them). Each one must be
 *	answered once, now or later, unless the client goes first
 * @find_process: the generation of the supervised process with this pid; 0: it is
 *	none. Asked when somebody connects; NULL: nobody is supervised
 * @on_gone: the client is no more; forget it. What it had asked for is the
 *	daemon's to finish or to give up. Not called for a client that
 *	on_request was never called for
 */
struct st_control_handler {
	void (*on_request)(void *owner, struct st_client *client,
			   const struct st_rpc_request *request);
	uint64_t (*find_process)(void *owner, pid_t pid);
	void (*on_gone)(void *owner, struct st_client *client);
};

/* A zero means the constant above. */
struct st_control_config {
	const char *path; /* of the socket, made anew */
	uint32_t max_clients;
	uint32_t requests_per_turn;
	uint32_t output_limit; /* bytes */
	uint32_t stream_limit; /* bytes */
};

/**
 * st_control_open() - make the socket and listen
 * @ring: the loop, outlives the control
 * @config: copied
 * @handler: called from st_ring_run_once() only; must stay where it is
 * @owner: passed to @handler
 * @ret_control: owned by the caller, who closes it, runs the ring until
 *	st_control_is_closed(), and frees it
 *
 * A socket that nobody listens on any more is replaced. It is open to all users,
 * for supervised processes may have any, and each peer is judged: by its user and
 * groups (st_peer_read()), or because it is supervised.
 *
 * Return: 0; -EADDRINUSE: a daemon lives there; -EEXIST: something that is no
 * socket is there; -ENAMETOOLONG; -ENOMEM; -errno of socket(2), bind(2), listen(2).
 */
int st_control_open(struct st_ring *ring, const struct st_control_config *config,
		    const struct st_control_handler *handler, void *owner,
		    struct st_control **ret_control) __must_check;

/**
 * st_control_close() - take no more clients and let all go
 * @control: open
 *
 * Removes the socket. What stands in a client's output is sent as far as the
 * peer takes it at once. on_gone is called for each client.
 */
void st_control_close(struct st_control *control);

/**
 * st_control_is_closed() - whether the last operation has completed
 * @control: closed; the ring must be run for it to become true
 *
 * No program: the daemon waits for its whole ring; tests end one part of it.
 */
bool st_control_is_closed(const struct st_control *control);

/**
 * st_control_free() - free a closed control
 * @control: st_control_is_closed(), or NULL
 */
void st_control_free(struct st_control *control);

/**
 * st_control_tell_renamed() - tell who keeps connections that a name has moved
 * @control: the socket
 * @name: the name that leads somewhere else from now on
 */
void st_control_tell_renamed(struct st_control *control, const char *name);

/**
 * st_control_nr_clients() - connections now
 * @control: the control
 */
uint32_t st_control_nr_clients(const struct st_control *control);

#endif
