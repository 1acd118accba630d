/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Passes a checked request of the control protocol to the handler that serves
 * it.
 *
 * Each row of the operations table that the daemon owns has one function here,
 * st_handle_<name>(); if it is missing the program does not link. Rows of other
 * owners are passed on to the process that serves them (owned.h). A handler
 * answers its client now, or leaves something that answers later: a pending
 * request, a script, a waiter.
 */
#ifndef ST_DAEMON_OPERATIONS_DISPATCH_H
#define ST_DAEMON_OPERATIONS_DISPATCH_H

#include "daemon/daemon.h"
#include "daemon/requests/pending.h"
#include "proto/ops.h"

/* The control socket's callbacks; their owner is the struct st_daemon. */
extern const struct st_control_handler st_dispatch_handler;

#define ST_DECLARE_HANDLER(id, name, verb, owner, ...) \
	ST_IF_DAEMON(owner, \
		     void st_handle_##name(struct st_daemon *daemon, struct st_client *client, \
					   const struct st_rpc_request *request); \
		     , )
ST_OPERATION_LIST(ST_DECLARE_HANDLER)
#undef ST_DECLARE_HANDLER

/* Carry out a request from its beginning: what it had to wait for is there (ahead.h). */
void st_dispatch_again(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request);

/**
 * st_dispatch_find() - find the child that a request's path names
 * @daemon: the daemon
 * @client: gets the answer not_found if there is none
 * @request: with or without "path"
 *
 * Return: the child, borrowed; NULL: the client has its answer.
 */
struct st_child *st_dispatch_find(struct st_daemon *daemon, struct st_client *client,
				  const struct st_rpc_request *request);

#endif
