// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of handlers; passes each request to its handler. See dispatch.h.
 */
#include "daemon/operations/dispatch.h"

#include "daemon/ahead.h"
#include "daemon/operations/owned.h"
#include "daemon/operations/services.h"
#include "daemon/requests/directory.h"
#include "daemon/requests/partition.h"
#include "daemon/requests/relay.h"
#include "daemon/requests/script.h"

typedef void handler(struct st_daemon *daemon, struct st_client *client,
		     const struct st_rpc_request *request);

/* Operations of other owners have no handler: they are passed on. */
#define HANDLER(id, name, verb, owner, ...) \
	[ST_OPERATION_##id] = ST_IF_DAEMON(owner, st_handle_##name, NULL),
static handler *const handlers[ST_OPERATION__MAX] = { ST_OPERATION_LIST(HANDLER) };
#undef HANDLER

/*
 * A supervised process needs no role for some operations, as long as it lives:
 * its connection may have gone to another process.
 */
static bool may_still(const struct st_daemon *daemon, const struct st_client *client,
		      const struct st_operation_row *row)
{
	const struct st_peer *peer = st_client_peer(client);

	if (peer->is_lent && !st_process_find(&daemon->processes, peer->generation))
		return false;
	return peer->role >= row->role || (row->flags & ST_FOR_ANYONE && peer->role) ||
	       st_process_find(&daemon->processes, peer->generation);
}

static void on_request(void *owner, struct st_client *client, const struct st_rpc_request *request)
{
	struct st_daemon *daemon = owner;
	const struct st_operation_row *row = &st_operations[request->op];

	if (!may_still(daemon, client, row)) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "%s: refused: the supervised process that opened this "
				      "connection has ended",
				      row->verb);
		return;
	}
	/* children that are being stopped may still talk to each other */
	if ((row->flags & ST_CHANGES) && !(row->flags & ST_FOR_CHILDREN) &&
	    (daemon->nr_stops || daemon->is_closing)) {
		st_client_reply_error(client, ST_ERROR_SHUTTING_DOWN, NULL,
				      "%s: the daemon is stopping", row->verb);
		return;
	}
	if (st_directory_complete(&daemon->directory, client, request) ||
	    st_partition_route(daemon->tree, client, request) ||
	    st_services_refuse(daemon, client, request))
		return;
	if (row->owner == ST_OWNER_DAEMON)
		handlers[request->op](daemon, client, request);
	else
		st_owned_pass_on(daemon, client, request);
}

void st_dispatch_again(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	on_request(daemon, client, request);
}

static void on_gone(void *owner, struct st_client *client)
{
	struct st_daemon *daemon = owner;
	struct st_pending *pending = st_client_data(client);

	if (pending)
		pending->client = NULL;
	st_events_unsubscribe(daemon->history.events, client);
	st_outputs_unfollow(daemon->outputs, client);
	st_untils_forget(daemon->untils, client);
	st_monitors_forget(&daemon->monitors, client);
	st_relays_forget(&daemon->relays, client);
	st_ahead_forget(daemon, client);
}

static uint64_t find_process(void *owner, int fd, pid_t pid)
{
	const struct st_daemon *daemon = owner;
	const struct st_process *process = st_process_find_pid(&daemon->processes, pid);

	if (!process || process->is_prepared || process->command ||
	    !st_pidref_is_peer(&process->ref, fd))
		return 0;
	return process->generation;
}

static enum st_role lend_role(void *owner, uint64_t generation)
{
	return st_services_role(owner, generation);
}

const struct st_control_handler st_dispatch_handler = {
	.on_request = on_request,
	.find_process = find_process,
	.lend_role = lend_role,
	.on_gone = on_gone,
};

struct st_child *st_dispatch_find(struct st_daemon *daemon, struct st_client *client,
				  const struct st_rpc_request *request)
{
	const char *path = st_rpc_text(request, "path", "/");
	struct st_child *child = st_tree_find(daemon->tree, path);

	if (!child)
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, "\"not_found\"",
				      "%s %s: no such child", st_operations[request->op].verb,
				      path);
	return child;
}
