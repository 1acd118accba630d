/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The services of suptree as children: who may change them, and what shows and starts
 * them. The table is core/service.h; a configuration names those that are to run.
 */
#ifndef ST_DAEMON_OPERATIONS_SERVICES_H
#define ST_DAEMON_OPERATIONS_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "proto/ops.h"

struct st_client;
struct st_daemon;
struct st_rpc_request;

/**
 * st_services_refuse() - refuse a request that would change services by mistake
 * @daemon: the daemon
 * @client: gets the error refused
 * @request: any; only one with "system": true may change a service, or a supervisor of
 *	services other than the root
 *
 * Return: true if the client has its answer.
 */
bool st_services_refuse(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request) __must_check;

/**
 * st_services_role() - what a supervised process may do because it is a service
 * @daemon: the daemon
 * @generation: of the process
 *
 * Return: the role; ST_ROLE_NONE: it is no service.
 */
enum st_role st_services_role(const struct st_daemon *daemon, uint64_t generation);

/**
 * st_services_web_url() - where the service web listens
 * @daemon: the daemon
 *
 * The status of its process says it. Only an address of this machine counts, for
 * tickets are sent there.
 *
 * Return: the beginning of links to it, borrowed; ST_WEB_URL if it is not known.
 */
const char *st_services_web_url(const struct st_daemon *daemon);

#endif
