/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of operations that processes offer: passed from a client of the control
 * socket to the process, and the answer back.
 *
 *	asked --answer, or the end of the process--> answered, freed
 *	  |--time is over, or the client has gone--> freed
 *	  '--connection closed--> waits a moment for the end, which has the reason
 *
 * Each call has a connection of its own, and each client has one call at most,
 * so the limit of clients also limits calls. Only the client waits for the
 * process: a server that is busy, stopped or hostile is a poll that does not
 * complete. A request is sent once. An answer that comes after the time is
 * dropped.
 */
#ifndef ST_DAEMON_REQUESTS_RELAY_H
#define ST_DAEMON_REQUESTS_RELAY_H

#include <jansson.h>
#include <stdint.h>

#include "base/list.h"
#include "core/reason.h"
#include "daemon/control/client.h"

struct st_directory;
struct st_events;
struct st_offers;
struct st_process;
struct st_ring;

/**
 * struct st_relays - all calls that wait for their answer
 * @list: of the calls
 * @ring: waits for answers and deadlines
 * @directory: the tables that resolve names
 * @offers: operations that processes offer
 * @events: have the reason of an end that came before the connection closed
 */
struct st_relays {
	struct st_list list;
	struct st_ring *ring;
	const struct st_directory *directory;
	const struct st_offers *offers;
	const struct st_events *events;
};

/**
 * st_relays_init() - make an empty set of calls
 * @relays: filled in
 * @ring: must outlive it, like the others
 * @directory: the tables that resolve names
 * @offers: operations that processes offer
 * @events: what has happened
 */
void st_relays_init(struct st_relays *relays, struct st_ring *ring,
		    const struct st_directory *directory, const struct st_offers *offers,
		    const struct st_events *events);

/**
 * st_relay_invoke() - call an operation that a process offers
 * @relays: all calls
 * @client: gets the answer
 * @method: x.NAME.OP; if there is none, the client gets an error
 * @params: an object; checked here
 */
void st_relay_invoke(struct st_relays *relays, struct st_client *client, const char *method,
		     json_t *params);

/**
 * st_relays_ended() - a process has ended: answer the clients that wait for it
 * @relays: all calls
 * @generation: of the process
 * @reason: why it has ended
 *
 * An answer that the process sent before is passed on.
 */
void st_relays_ended(struct st_relays *relays, uint64_t generation, const struct st_reason *reason);

/**
 * st_relay_pass_on() - have a process answer a request of the operations table
 * @relays: all calls
 * @client: gets the answer
 * @request: its operation has an owner
 * @process: the owner: it gets the call NAME PARAMS, and replies with JSON, or
 *	with an error KIND TEXT, of the kinds of proto/errors.h
 * @params: an object
 */
void st_relay_pass_on(struct st_relays *relays, struct st_client *client,
		      const struct st_rpc_request *request, const struct st_process *process,
		      const json_t *params);

/* Forget the call of a client that has gone. */
void st_relays_forget(struct st_relays *relays, const struct st_client *client);

#endif
