/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests that core has not answered yet.
 *
 * A pending request owns everything that its struct st_request points to, so it
 * may wait in the shell's queue. It has a token; exactly one reply with that
 * token comes back (reply.c). Its client may have gone meanwhile.
 *
 * An operation that needs several requests is a script (script.h): the next
 * request is sent when the one before was answered.
 */
#ifndef ST_DAEMON_REQUESTS_PENDING_H
#define ST_DAEMON_REQUESTS_PENDING_H

#include <jansson.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "core/event.h"
#include "daemon/control/client.h"
#include "loop/deadline.h"
#include "proto/rpc.h"

struct st_history;
struct st_ring;
struct st_script;
struct st_shell;

/**
 * struct st_requests - all requests on their way
 * @ring: waits for their deadlines
 * @shell: takes them to core
 * @history: keeps which client asked for what; its events number the answers
 * @pending: token -> struct st_pending: those in core
 * @last_token: the last token that was given
 * @killers: struct st_pending of clients that wait for the end of a process
 */
struct st_requests {
	struct st_ring *ring;
	struct st_shell *shell;
	struct st_history *history;
	struct st_map pending;
	uint64_t last_token;
	struct st_list killers;
};

/**
 * st_requests_init() - make an empty set of requests
 * @requests: filled in
 * @ring: must outlive it, like the others
 * @shell: takes requests to core; its executor passes replies to st_reply()
 * @history: gets the requests that change something
 */
void st_requests_init(struct st_requests *requests, struct st_ring *ring, struct st_shell *shell,
		      struct st_history *history);
void st_requests_done(struct st_requests *requests); /* core has answered all of them */

struct st_pending {
	struct st_client *client; /* NULL: it has gone */
	enum st_operation op;
	struct st_script *script; /* NULL: this request is the whole operation */
	struct st_request request; /* points into this struct, and owns its specification */
	uint64_t killed_generation; /* kill, which core does not see: the process; else 0 */
	char *path; /* of the child or supervisor that the request is about */
	char *sup; /* the part of ->path that names the supervisor */
	const char *id; /* the part of ->path that names the child */
	json_t *params; /* keeps texts and arguments alive */
	const char **args;
	struct st_buf error_json;
	uint64_t deadline_ns; /* SETTLE: when the answer is that it took too long */
	struct st_deadline deadline; /* of SETTLE and kill */
	struct st_list link; /* in killers, or in a list of stopping.c, or in none */
};

/**
 * st_pending_new() - make a request
 * @client: the client that asks, or NULL
 * @op: the operation that it called
 * @path: of the child or the supervisor; copied
 * @is_child: the request is about a child: split its path
 *
 * Return: owned by the caller until st_pending_post(); NULL: no memory.
 */
struct st_pending *st_pending_new(struct st_client *client, enum st_operation op, const char *path,
				  bool is_child) __must_check;
void st_pending_free(struct st_pending *pending);

/**
 * st_pending_post() - send a request to core
 * @requests: all requests
 * @pending: taken; the client is answered in any case
 *
 * If its time is over the client gets the error timeout. The request itself
 * goes on then, and its reply is dropped.
 */
void st_pending_post(struct st_requests *requests, struct st_pending *pending);

/**
 * st_pending_take() - find the request that a reply is for, and remove it
 * @requests: all requests
 * @token: of the reply
 *
 * Return: owned by the caller; NULL if there is none.
 */
struct st_pending *st_pending_take(struct st_requests *requests, uint64_t token);

#endif
