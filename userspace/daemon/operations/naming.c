// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers through which processes find each other: names, connections,
 * monitors. The processes decide what they send over a connection
 * (userspace/libsuptree/PROTOCOL.md).
 */
#include <errno.h>
#include <string.h>

#include "daemon/operations/named.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/owned.h"
#include "daemon/requests/directory.h"

static void reply_process(struct st_daemon *daemon, struct st_client *client,
			  const struct st_process *process, int fd)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_directory_write(&daemon->directory, process, &json);
	if (fd >= 0 && st_directory_may_link(&daemon->directory, client, process))
		st_json_bool_field(&json, "link", true);
	st_json_end_object(&json);
	if (fd < 0)
		st_client_reply_result(client, &text);
	else
		st_client_reply_with_fd(client, &text, fd);
	st_buf_done(&text);
}

void st_handle_whereis(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	const struct st_process *process =
		st_directory_find_process(&daemon->directory, client, request);

	if (process)
		reply_process(daemon, client, process, -1);
}

void st_handle_connect(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	const struct st_process *process =
		st_directory_find_process(&daemon->directory, client, request);
	int fd;

	if (!process)
		return;
	if (st_owned_is_service(daemon, process) && st_client_peer(client)->role < ST_ROLE_ADMIN) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "connect %s: refused: this process serves operations, such "
				      "as `suptree trace-list`; only an admin may talk to it "
				      "directly",
				      st_rpc_text(request, "path", ""));
		return;
	}
	if (!st_directory_check_accept(&daemon->directory, client, "connect",
				       st_rpc_text(request, "path", ""), process))
		return;
	fd = st_directory_connect(&daemon->directory, client, "connect",
				  st_rpc_text(request, "path", ""), process);
	if (fd >= 0)
		reply_process(daemon, client, process, fd);
}

/*
 * The name of an owner is kept for its service and for the daemon's own user: its
 * operations go to whoever has the name (owned.h). Return: the owner, or -ENOENT.
 */
static int kept_for(const char *name)
{
	for (int owner = 0; owner < ST_OWNER__MAX; owner++)
		if (!strcmp(st_owners[owner].name, name))
			return owner;
	return -ENOENT;
}

/* Return: false: the client has its answer. */
static bool check_name(struct st_daemon *daemon, struct st_client *client, const char *name,
		       uint64_t generation)
{
	const struct st_process *process = st_process_find(&daemon->processes, generation);
	const struct st_child *other;
	struct st_buf path = ST_BUF_INIT;
	int owner = kept_for(name);

	if (owner >= 0) {
		if (process &&
		    st_owned_is_trusted(process, st_client_peer(client), (enum st_owner)owner))
			return true;
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "register %s: refused: this name is kept for the service, "
				      "which runs as the daemon's own user",
				      name);
		return false;
	}
	other = st_directory_find_other(&daemon->directory, name, generation);
	if (!other)
		return true;
	st_child_write_path(other, &path);
	if (st_buf_error(&path))
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "register %s: no memory",
				      name);
	else
		st_client_reply_error(client, ST_ERROR_ALREADY_REGISTERED, "\"badarg\"",
				      "register %s: it is the name of the child %s; choose another",
				      name, st_buf_text(&path));
	st_buf_done(&path);
	return false;
}

void st_handle_register(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "name", "");
	uint64_t generation = st_named_asking(&daemon->directory, client, request, name);
	int err;

	if (!generation || !check_name(daemon, client, name, generation))
		return;
	err = st_names_register(&daemon->names, name, generation);
	if (err) {
		st_named_refuse(client, request, name, err, daemon->names.limit, "names");
		return;
	}
	/* until now the name may have been the end of a path of this process */
	st_control_tell_renamed(daemon->control, name);
	st_client_reply_ok(client);
}

void st_handle_unregister(struct st_daemon *daemon, struct st_client *client,
			  const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "name", "");
	uint64_t generation = st_directory_asking(client, request);

	if (!generation)
		return;
	if (st_names_remove(&daemon->names, name, generation)) {
		st_client_reply_error(client, ST_ERROR_CONFLICT, "\"badarg\"",
				      "unregister %s: the process has no such name", name);
		return;
	}
	st_control_tell_renamed(daemon->control, name);
	st_client_reply_ok(client);
}

void st_handle_registered(struct st_daemon *daemon, struct st_client *client,
			  const struct st_rpc_request *request)
{
	(void)request; /* it has no parameters */
	st_named_reply_all(&daemon->directory, client, &daemon->names, "name");
}

static void reply_monitor(struct st_client *client, uint64_t ref, uint64_t generation,
			  const char *path)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "ref", ref);
	st_json_text_field(&json, "path", path);
	st_json_u64_field(&json, "generation", generation);
	st_json_end_object(&json);
	st_client_set_stream(client, true);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

/* There is no process to watch: answer, and send the end right after that. */
static void down_at_once(struct st_daemon *daemon, struct st_client *client, uint64_t generation)
{
	uint64_t ref = st_monitors_new_ref(&daemon->monitors);
	struct st_buf path = ST_BUF_INIT, reason = ST_BUF_INIT;
	const char *path_text, *reason_text;

	if (!generation || !st_events_find_end(daemon->history.events, generation, &path, &reason))
		st_buf_add_text(&reason, "\"noproc\"");
	if (st_buf_get(&path, &path_text) || st_buf_get(&reason, &reason_text)) {
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "monitor: no memory");
	} else {
		reply_monitor(client, ref, generation, path_text);
		st_monitors_send_down(client, ref, generation, path_text, reason_text,
				      strlen(reason_text));
	}
	st_buf_done(&path);
	st_buf_done(&reason);
}

static void watch(struct st_daemon *daemon, struct st_client *client, const struct st_child *child)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path;
	uint64_t ref = 0;
	int err = st_child_path(child, &buf, &path);

	if (!err)
		err = st_monitors_add(&daemon->monitors, client, child->generation, path, &ref);
	if (err == -E2BIG)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "monitor: a connection may have at most %d", ST_MAX_MONITORS);
	else if (err)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "monitor: no memory");
	else
		reply_monitor(client, ref, child->generation, path);
	st_buf_done(&buf);
}

void st_handle_monitor(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	uint64_t generation = (uint64_t)st_rpc_integer(request, "generation", 0);
	const char *name = st_rpc_text(request, "path", NULL);
	const struct st_child *child;
	unsigned int nr = 0;

	child = name ? st_directory_find(&daemon->directory, name, &nr) :
		       st_tree_find_generation(daemon->tree, generation);
	if (nr > 1) {
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "monitor %s: %u children have this name; "
				      "give more of the path",
				      name, nr);
		return;
	}
	if (child && child->alive && !child->ended)
		watch(daemon, client, child);
	else
		down_at_once(daemon, client, child ? child->generation : generation);
}

void st_handle_demonitor(struct st_daemon *daemon, struct st_client *client,
			 const struct st_rpc_request *request)
{
	st_monitors_remove(&daemon->monitors, client, (uint64_t)st_rpc_integer(request, "ref", 0));
	st_client_reply_ok(client);
}
