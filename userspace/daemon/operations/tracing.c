// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides who may trace what; see tracing.h.
 */
#include "daemon/operations/tracing.h"

#include "daemon/operations/dispatch.h"
#include "daemon/process/process.h"

/* The nearest supervisor that says it decides. */
static enum st_role payload_role(const struct st_child *child)
{
	const struct st_sup *sup = child->sup ? child->sup : child->parent;

	while (sup && sup->spec->trace_payload == ST_TRACE_PAYLOAD_INHERIT)
		sup = sup->self ? sup->self->parent : NULL;
	return sup && sup->spec->trace_payload == ST_TRACE_PAYLOAD_OPERATOR ? ST_ROLE_OPERATOR :
									      ST_ROLE_ADMIN;
}

/* Return: the child that is to be traced; NULL: the process is none. */
static const struct st_child *find_target(const struct st_daemon *daemon, const json_t *params)
{
	const char *path = json_string_value(json_object_get(params, "path"));
	json_int_t pid = json_integer_value(json_object_get(params, "pid"));
	const struct st_process *process;

	if (path)
		return st_tree_find(daemon->tree, path);
	process = st_process_find_pid(&daemon->processes, (pid_t)pid);
	return process ? st_tree_find_generation(daemon->tree, process->generation) : NULL;
}

static bool wants_payload(const json_t *params)
{
	return json_integer_value(json_object_get(params, "payload")) > 0 ||
	       json_object_get(params, "pattern");
}

static bool permit_start(const struct st_daemon *daemon, struct st_client *client, const char *verb,
			 json_t *params, enum st_role *ret_role)
{
	const struct st_child *child = find_target(daemon, params);
	enum st_role role = st_client_peer(client)->role;

	*ret_role = child ? payload_role(child) : ST_ROLE_ADMIN;
	if (!child && role < ST_ROLE_ADMIN) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "%s: refused: the process is no child of this daemon; the "
				      "role %s is needed to trace it, and you have the role %s",
				      verb, st_role_text[ST_ROLE_ADMIN], st_role_text[role]);
		return false;
	}
	if (wants_payload(params) && role < *ret_role) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "%s: refused: the role %s is needed to see what messages "
				      "contain, and you have the role %s; trace without payload "
				      "and pattern, or let the tree allow it: trace: {payload: %s}",
				      verb, st_role_text[*ret_role], st_role_text[role],
				      st_trace_payload_text[ST_TRACE_PAYLOAD_OPERATOR]);
		return false;
	}
	return true;
}

bool st_tracing_permit(const struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request, json_t *params)
{
	const char *verb = st_operations[request->op].verb;
	enum st_role role = ST_ROLE_ADMIN;

	if (request->op != ST_OPERATION_TRACE_START)
		return true;
	if (!permit_start(daemon, client, verb, params, &role))
		return false;
	if (!json_object_set_new(params, "payload_role", json_string(st_role_text[role])))
		return true;
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", verb);
	return false;
}
