/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a checked request of the control protocol to the handler that serves it.
 *
 * Each row of the operations table that is the daemon's own has one function here,
 * handle_<name>(); one that is missing does not link. Rows of other owners are
 * passed on to the process that serves them (owned.h). A handler answers its client now, or
 * leaves behind something that will: a pending request, a script, a waiter.
 */
#ifndef ST_DAEMON_DISPATCH_H
#define ST_DAEMON_DISPATCH_H

#include "config/diag.h"
#include "daemon/daemon.h"
#include "daemon/pending.h"
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

/* bind_request.c: specifications in parameters */

struct st_bound {
	struct st_doc *doc;
	struct st_doc_node *node;
	struct st_diags diags;
};

/**
 * st_bound_read() - read a specification that is an object or a text
 * @bound: filled in; st_bound_done() in any case
 * @request: the request
 * @name: of the parameter
 *
 * Return: 0; -EINVAL with the mistakes in @bound->diags; -ENOMEM.
 */
int st_bound_read(struct st_bound *bound, const struct st_rpc_request *request,
		  const char *name) __must_check;
void st_bound_done(struct st_bound *bound);

/* Answer that a specification is not valid, with all its mistakes. */
void st_bound_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const struct st_diags *diags);

#endif
