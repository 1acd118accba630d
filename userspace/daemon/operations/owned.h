/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The services that own operations (proto/owners.h): which process serves them
 * now, and how it gets a request. dispatch.c calls this for each row that the
 * daemon does not own.
 *
 * A service is the supervised process that has registered the owner's name and
 * runs as the daemon's own user. Such a process could do everything that the
 * daemon can anyway; processes of other users are not trusted, and cannot
 * register such a name (naming.c). There is no other tie: when the process ends
 * its name is removed, and with it the operations. The next incarnation
 * registers again. Nothing here knows any particular owner.
 */
#ifndef ST_DAEMON_OPERATIONS_OWNED_H
#define ST_DAEMON_OPERATIONS_OWNED_H

#include <stdbool.h>

#include "proto/owners.h"

struct st_client;
struct st_daemon;
struct st_peer;
struct st_process;
struct st_rpc_request;

/* Whether a process may serve the rows of an owner; @peer: its connection to the daemon. */
bool st_owned_is_trusted(const struct st_process *process, const struct st_peer *peer,
			 enum st_owner owner);

/*
 * Return: the process that serves an owner's operations, borrowed; NULL: none
 * runs.
 */
const struct st_process *st_owned_find(const struct st_daemon *daemon, enum st_owner owner);

/*
 * Whether a process serves operations. It trusts its callers, since the daemon has checked
 * them. So nobody but an admin may connect to it directly.
 */
bool st_owned_is_service(const struct st_daemon *daemon, const struct st_process *process);

/**
 * st_owned_pass_on() - have the owner of an operation answer a request
 * @daemon: the daemon
 * @client: gets the answer, or the error that no such service runs
 * @request: of a row that the daemon does not own
 *
 * Parameters of the type child become full paths on the way, since the daemon
 * knows the names.
 */
void st_owned_pass_on(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request);

#endif
