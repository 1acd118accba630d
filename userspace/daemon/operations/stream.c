// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers whose answer comes later, or is followed by more: logs, subscribe,
 * wait, settle, stop.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/operations/dispatch.h"
#include "daemon/stopping.h"

static void reply_no_memory(struct st_client *client, const struct st_rpc_request *request)
{
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
			      st_operations[request->op].verb);
}

/*
 * Return: the time this number of milliseconds ago; 0 if that was before the
 * boot.
 */
static uint64_t since_of(const struct st_rpc_request *request)
{
	int64_t age_ms = st_rpc_integer(request, "since_ms", -1);
	uint64_t now_ns = st_clock_ns();

	if (age_ms < 0 || (uint64_t)age_ms > now_ns / ST_NSEC_PER_MSEC)
		return 0;
	return now_ns - (uint64_t)age_ms * ST_NSEC_PER_MSEC;
}

void st_handle_logs(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const char *path = st_rpc_text(request, "path", "/");
	int64_t nr = st_rpc_integer(request, "lines", UINT32_MAX);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (!st_dispatch_find(daemon, client, request))
		return;
	/* reads what waits in the pipes, so that following begins after it */
	st_json_init(&json, &text);
	st_outputs_write(daemon->outputs, path, (uint32_t)nr, since_of(request), &json);
	if (st_rpc_flag(request, "follow")) {
		st_client_set_stream(client, true);
		if (st_outputs_follow(daemon->outputs, client, path))
			text.failed = true;
	}
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

static void reply_seq(const struct st_daemon *daemon, struct st_client *client)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "seq", st_events_seq(daemon->history.events));
	st_json_u64_field(&json, "incarnation", st_client_incarnation(client));
	st_json_end_object(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

/*
 * Return: the number of the event after which to begin. A number that another daemon has
 * given is one that we have not given out: the answer is followed by a resync at once.
 */
static int64_t since_event(const struct st_client *client, const struct st_rpc_request *request)
{
	uint64_t own = st_client_incarnation(client);

	if ((uint64_t)st_rpc_integer(request, "incarnation", (int64_t)own) != own)
		return INT64_MAX;
	return st_rpc_integer(request, "since", -1);
}

static void reply_not_subscribed(const struct st_daemon *daemon, struct st_client *client,
				 const struct st_rpc_request *request, int err)
{
	const struct st_client *journal = st_events_journal(daemon->history.events);

	if (err == -EBUSY)
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "events: the buffer of the journal is taken by process %d: "
				      "only one client at a time can have it",
				      (int)st_client_peer(journal)->pid);
	else if (err == -ENOMEM)
		reply_no_memory(client, request);
	else
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "events: take the buffer of the journal: %s", strerror(-err));
}

/*
 * The path need not exist yet: a client may subscribe before it starts the
 * child.
 */
void st_handle_subscribe(struct st_daemon *daemon, struct st_client *client,
			 const struct st_rpc_request *request)
{
	const struct st_subscription how = {
		.path = st_rpc_text(request, "path", "/"),
		.since = since_event(client, request),
		.is_batched = st_rpc_flag(request, "batch"),
		.is_journal = st_rpc_text(request, "buffer", NULL) != NULL,
		.has_inputs = st_rpc_flag(request, "inputs"),
	};
	int err;

	if ((how.is_journal || how.has_inputs) && st_client_peer(client)->role != ST_ROLE_ADMIN) {
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "events: %s: the role admin is needed",
				      how.is_journal ? "the buffer of the journal" :
						       "inputs show secrets of specifications");
		return;
	}
	err = st_events_subscribe(daemon->history.events, client, &how);
	if (err) {
		reply_not_subscribed(daemon, client, request, err);
		return;
	}
	st_client_set_stream(client, true);
	reply_seq(daemon, client);
}

static uint64_t deadline_of(const struct st_rpc_request *request)
{
	int64_t timeout_ms = st_rpc_integer(request, "timeout_ms", -1);

	return timeout_ms < 0 ? ST_NO_DEADLINE :
				st_clock_ns() + (uint64_t)timeout_ms * ST_NSEC_PER_MSEC;
}

void st_handle_wait(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	struct st_condition condition;
	const char *until = st_rpc_text(request, "until", "");

	if (st_condition_parse(until, &condition)) {
		st_client_reply_error(client, ST_ERROR_INVALID_PARAMS, NULL,
				      "wait: until \"%s\" is not PATH=STATE", until);
		return;
	}
	if (st_untils_add(daemon->untils, client, &condition, deadline_of(request)))
		reply_no_memory(client, request);
}

void st_handle_settle(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	struct st_pending *pending = st_pending_new(client, request->op, "/", false);

	if (!pending) {
		reply_no_memory(client, request);
		return;
	}
	pending->request.type = ST_REQUEST_SETTLE;
	pending->deadline_ns = deadline_of(request);
	st_pending_post(&daemon->requests, pending);
}

void st_handle_stop(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	if (st_stopping_wait(daemon, client))
		reply_no_memory(client, request);
	else
		st_daemon_stop(daemon);
}
