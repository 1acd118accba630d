/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads specifications from the parameters of requests: an object, or YAML as a
 * text.
 *
 * The handlers of start_child, change, strategy, check_childspecs and load use
 * it to read a specification, and bind what they have read (config/bind.h).
 */
#ifndef ST_DAEMON_REQUESTS_BIND_REQUEST_H
#define ST_DAEMON_REQUESTS_BIND_REQUEST_H

#include "config/diag.h"
#include "daemon/control/client.h"
#include "proto/rpc.h"

struct st_doc;
struct st_doc_node;

struct st_bound {
	struct st_doc *doc;
	struct st_doc_node *node;
	struct st_diags diags;
};

/**
 * st_bound_read() - read a specification that is an object or a text
 * @bound: filled in; call st_bound_done() in any case
 * @request: the request
 * @name: of the parameter
 *
 * Return: 0; -EINVAL with the mistakes in @bound->diags; -ENOMEM.
 */
int st_bound_read(struct st_bound *bound, const struct st_rpc_request *request,
		  const char *name) __must_check;
void st_bound_done(struct st_bound *bound);

/* Answer that a specification is not valid, and list all its mistakes. */
void st_bound_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const struct st_diags *diags);

#endif
