/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a checked request of the control protocol to the handler that serves it.
 *
 * Each row of the operations table that is the daemon's own has one function here,
 * handle_<name>(); one that is missing does not link. Rows of other owners are
 * passed on to the process that serves them (owned.h). A handler answers its client now, or
 * leaves behind something that will: a pending request, a script, a waiter.
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

/**
 * st_dispatch_find() - the child that a request's path names, or an error
 * @daemon: the daemon
 * @client: answered with not_found if there is none
 * @request: with or without "path"
 *
 * Return: borrowed, or NULL: the client is answered.
 */
struct st_child *st_dispatch_find(struct st_daemon *daemon, struct st_client *client,
				  const struct st_rpc_request *request);

#endif
