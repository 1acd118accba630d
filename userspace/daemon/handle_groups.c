// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of process groups [pg]: who has joined which. Messages to the members
 * are sent by whoever asks for them.
 */
#include <errno.h>

#include "daemon/directory.h"
#include "daemon/dispatch.h"

void st_handle_join(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const char *group = st_rpc_text(request, "group", "");
	uint64_t generation = st_directory_asking(client, request);

	if (!generation)
		return;
	/* its end is on the way: it would be a member for ever */
	if (!st_tree_find_generation(daemon->tree, generation)) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "join %s: the process has ended", group);
		return;
	}
	switch (st_names_add(&daemon->groups, group, generation)) {
	case 0:
		st_client_reply_ok(client);
		return;
	case -E2BIG:
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "join %s: a process may have at most %d memberships", group,
				      ST_MAX_MEMBERSHIPS);
		return;
	default:
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "join %s: no memory",
				      group);
		return;
	}
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

/* @group: NULL: it goes without saying. */
static void write_member(struct st_daemon *daemon, const struct st_name *member, const char *group,
			 struct st_json *json)
{
	const struct st_process *process = st_process_find(&daemon->processes, member->generation);

	if (!process)
		return;
	st_json_begin_object(json);
	if (group)
		st_json_text_field(json, "group", group);
	st_directory_write(&daemon->directory, process, json);
	st_json_end_object(json);
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
		write_member(daemon, member, NULL, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

void st_handle_groups(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	struct st_list *pos;

	(void)request; /* it has no parameters */
	st_json_init(&json, &text);
	st_json_begin_array(&json);
	st_list_for_each(pos, &daemon->groups.list) {
		const struct st_name *member = st_list_entry(pos, struct st_name, link);

		write_member(daemon, member, member->text, &json);
	}
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}
