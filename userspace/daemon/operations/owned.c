// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes operations of services on to the process that serves them; see
 * owned.h.
 *
 * The daemon finds the child that a name means, since it knows the names, and
 * the process that owns the operation. The owner does everything else. A relay
 * (relay.h) brings the answer back, so a service that hangs blocks only its
 * client.
 */
#include "daemon/operations/owned.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/operations/dispatch.h"
#include "daemon/operations/tracing.h"
#include "daemon/requests/directory.h"
#include "daemon/requests/relay.h"

/* A service serves its own rows alone. Any other process serves as the daemon's own user. */
static bool may_serve(const struct st_process *process, enum st_owner owner)
{
	const struct st_process_spec *spec = &process->spec->def.process;

	if (spec->service)
		return !strcmp(st_services[spec->service].name, st_owners[owner].name);
	return !spec->user;
}

bool st_owned_is_trusted(const struct st_process *process, const struct st_peer *peer,
			 enum st_owner owner)
{
	if (!may_serve(process, owner))
		return false;
	return process->spec->def.process.service || peer->uid == geteuid();
}

const struct st_process *st_owned_find(const struct st_daemon *daemon, enum st_owner owner)
{
	uint64_t generation = st_names_find(&daemon->names, st_owners[owner].name);
	const struct st_process *process =
		generation ? st_process_find(&daemon->processes, generation) : NULL;

	return process && may_serve(process, owner) && process->has_mailbox ? process : NULL;
}

/* Replace the name that a client gave by the full path of the child. */
static int set_path(json_t *params, const char *key, const struct st_child *child)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path;
	int err = st_child_path(child, &buf, &path);

	if (!err && json_object_set_new(params, key, json_string(path)))
		err = -ENOMEM;
	st_buf_done(&buf);
	return err;
}

/* Return: false: the client has its answer. @params: the caller's own copy. */
static bool resolve(struct st_daemon *daemon, struct st_client *client, const char *verb,
		    const struct st_param *param, json_t *params)
{
	const char *name = json_string_value(json_object_get(params, param->name));
	const struct st_child *child;
	unsigned int nr = 0;

	if (!name)
		return true;
	child = st_directory_find(&daemon->directory, name, &nr);
	if (!child) {
		if (nr > 1)
			st_directory_say_several(&daemon->directory, client, verb, name, nr);
		else
			st_client_reply_error(client, ST_ERROR_NOT_FOUND, NULL,
					      "%s %s: no such child", verb, name);
		return false;
	}
	if (set_path(params, param->name, child)) {
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", verb);
		return false;
	}
	return true;
}

static bool resolve_all(struct st_daemon *daemon, struct st_client *client,
			const struct st_operation_row *row, json_t *params)
{
	for (const struct st_param *param = row->params; param->name; param++)
		if (param->type == ST_PARAM_CHILD &&
		    !resolve(daemon, client, row->verb, param, params))
			return false;
	return true;
}

/* Some answers depend on who asks. Return: false: the client has its answer. */
static bool add_role(struct st_client *client, const char *verb, json_t *params)
{
	const char *role = st_role_text[st_client_peer(client)->role];

	if (!json_object_set_new(params, "role", json_string(role)))
		return true;
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", verb);
	return false;
}

bool st_owned_is_service(const struct st_daemon *daemon, const struct st_process *process)
{
	for (int owner = 0; owner < ST_OWNER__MAX; owner++)
		if (st_owned_find(daemon, (enum st_owner)owner) == process)
			return true;
	return false;
}

void st_owned_pass_on(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	const struct st_operation_row *row = &st_operations[request->op];
	const struct st_owner_row *owner = &st_owners[row->owner];
	const struct st_process *process = st_owned_find(daemon, row->owner);
	json_t *params;

	if (!process) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "%s: no %s runs; start one: %s", row->verb, owner->name,
				      owner->start);
		return;
	}
	params = json_copy(request->params);
	if (!params)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", row->verb);
	else if (resolve_all(daemon, client, row, params) && add_role(client, row->verb, params) &&
		 (row->owner != ST_OWNER_TRACER ||
		  st_tracing_permit(daemon, client, request, params)))
		st_relay_pass_on(&daemon->relays, client, request, process, params);
	json_decref(params);
}
