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
 * @directory: where names lead
 * @offers: what processes offer
 * @events: have the reason of an end that came before its connection's
 */
struct st_relays {
	struct st_list list;
	struct st_ring *ring;
	const struct st_directory *directory;
	const struct st_offers *offers;
	const struct st_events *events;
};

/**
 * st_relays_init() - no call waits
 * @relays: filled in
 * @ring: must outlive it, as the others
 * @directory: where names lead
 * @offers: what processes offer
 * @events: what has happened
 */
void st_relays_init(struct st_relays *relays, struct st_ring *ring,
		    const struct st_directory *directory, const struct st_offers *offers,
		    const struct st_events *events);

/**
 * st_relay_invoke() - have a process answer a call of what it offers
 * @relays: all calls
 * @client: gets the answer
 * @method: x.NAME.OP; the client is answered if there is none
 * @params: an object; checked here
 */
void st_relay_invoke(struct st_relays *relays, struct st_client *client, const char *method,
		     json_t *params);

/**
 * st_relays_ended() - a process has ended: answer those who wait for it
 * @relays: all calls
 * @generation: of the process
 * @reason: why
 *
 * An answer that it has sent before is passed on.
 */
void st_relays_ended(struct st_relays *relays, uint64_t generation, const struct st_reason *reason);

/**
 * st_relay_pass_on() - have a process answer a request of the operations table
 * @relays: all calls
 * @client: gets the answer
 * @request: whose operation has an owner
 * @process: the owner: it gets the call NAME PARAMS, and replies with JSON, or with an
 *	error KIND TEXT, of the kinds of proto/errors.h
 * @params: an object
 */
void st_relay_pass_on(struct st_relays *relays, struct st_client *client,
		      const struct st_rpc_request *request, const struct st_process *process,
		      const json_t *params);

/* A client has gone, and with it its call. */
void st_relays_forget(struct st_relays *relays, const struct st_client *client);

#endif
