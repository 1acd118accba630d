/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of operations that processes offer: from a client of the control socket to
 * the process, and its answer back.
 *
 *	asked --answer, or the end of the process--> answered, freed
 *	  |--time is over, or the client has gone--> freed
 *	  '--connection closed--> waits a moment for the end, which has the reason
 *
 * Each call has a connection of its own, and each client one call at most, so the
 * limit of clients is theirs, too. Nothing waits for a process but its client: a
 * server that is busy, stopped or hostile is a poll that does not come. A request is
 * sent once; what a server answers after its time goes nowhere.
 */
#ifndef ST_DAEMON_RELAY_H
#define ST_DAEMON_RELAY_H

#include <stdint.h>

#include "core/reason.h"
#include "daemon/client.h"

struct st_daemon;
struct st_process;

/**
 * st_relays_ended() - a process has ended: answer those who wait for it
 * @daemon: the daemon
 * @generation: of the process
 * @reason: why
 *
 * An answer that it has sent before is passed on.
 */
void st_relays_ended(struct st_daemon *daemon, uint64_t generation, const struct st_reason *reason);

/**
 * st_relay_pass_on() - have a process answer a request of the operations table
 * @daemon: the daemon
 * @client: gets the answer
 * @request: whose operation has an owner
 * @process: the owner: it gets the call NAME PARAMS, and replies with JSON, or with an
 *	error KIND TEXT, of the kinds of proto/errors.h
 * @params: an object
 */
void st_relay_pass_on(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request, const struct st_process *process,
		      const json_t *params);

/* A client has gone, and with it its call. */
void st_relays_forget(struct st_daemon *daemon, const struct st_client *client);

#endif
