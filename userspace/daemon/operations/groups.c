// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of process groups [pg]: which process has joined which group. The
 * daemon sends no messages to the members; the client that asks for them does.
 */
#include "daemon/operations/named.h"
#include "daemon/operations/dispatch.h"

void st_handle_join(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const char *group = st_rpc_text(request, "group", "");
	uint64_t generation = st_named_asking(&daemon->directory, client, request, group);
	int err;

	if (!generation)
		return;
	err = st_names_join(&daemon->groups, group, generation);
	if (err)
		st_named_refuse(client, request, group, err, daemon->groups.limit, "memberships");
	else
		st_client_reply_ok(client);
}

void st_handle_leave(struct st_daemon *daemon, struct st_client *client,
		     const struct st_rpc_request *request)
{
	const char *group = st_rpc_text(request, "group", "");
	uint64_t generation = st_directory_asking(client, request);

	if (!generation)
		return;
	if (st_names_remove(&daemon->groups, group, generation))
		st_client_reply_error(client, ST_ERROR_CONFLICT, "\"not_joined\"",
				      "leave %s: the process is not a member", group);
	else
		st_client_reply_ok(client);
}

void st_handle_members(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	const char *group = st_rpc_text(request, "group", "");
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_json_begin_array(&json);
	for (const struct st_name *member = st_names_first(&daemon->groups, group); member;
	     member = st_names_next(member))
		st_named_write(&daemon->directory, member, NULL, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

void st_handle_groups(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	(void)request; /* it has no parameters */
	st_named_reply_all(&daemon->directory, client, &daemon->groups, "group");
}
