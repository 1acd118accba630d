/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may trace what; TRUST.md has the rule.
 *
 * The tracer sees everything that processes send to each other. So the daemon, which knows
 * its children and the roles of its clients, decides here what the tracer may be asked for.
 * The tracer is told the client's role (owned.c), and leaves out what this role may not see.
 */
#ifndef ST_DAEMON_OPERATIONS_TRACING_H
#define ST_DAEMON_OPERATIONS_TRACING_H

#include <jansson.h>
#include <stdbool.h>

#include "base/compiler.h"

struct st_client;
struct st_daemon;
struct st_rpc_request;

/**
 * st_tracing_permit() - check a request for the tracer, and add what it must know
 * @daemon: has the children
 * @client: the client that asks; if the request is refused it has its answer
 * @request: of an operation of the tracer
 * @params: a copy of its parameters, with full paths; gets for trace_start
 *	"payload_role": the role that may see what is kept of messages
 *
 * Return: true: pass it on.
 */
bool st_tracing_permit(const struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request, json_t *params) __must_check;

#endif
