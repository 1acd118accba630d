// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers that only read: tree, ps, info, status, ping, operations.
 *
 * They show the tree between two steps, without a supervisor's mailbox, so they
 * answer also while a supervisor is blocked. OTP's own calls, such as
 * which_children, are in otp.c.
 */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "daemon/log.h"
#include "daemon/operations/dispatch.h"
#include "proto/version.h"
#include "daemon/requests/nodes.h"
#include "daemon/requests/view.h"

static void reply(struct st_client *client, struct st_buf *text)
{
	st_client_reply_result(client, text);
	st_buf_done(text);
}

static struct st_view view_of(const struct st_daemon *daemon, const struct st_client *client)
{
	return (struct st_view){
		.processes = &daemon->processes,
		.outputs = daemon->outputs,
		.events = daemon->history.events,
		.shows_values = st_client_peer(client)->role == ST_ROLE_ADMIN,
	};
}

/* Return: the bits of the members that the client wants; 0: all. */
static uint32_t fields_of(const struct st_rpc_request *request)
{
	const char *at = st_rpc_text(request, "fields", "");
	uint32_t fields = 0;

	while (*at) {
		size_t len = strcspn(at, ",");

		/* proto has checked that each is one of these */
		for (int i = 0; i < ST_FIELD__MAX; i++)
			if (strlen(st_view_fields[i]) == len &&
			    !strncmp(st_view_fields[i], at, len))
				fields |= 1u << i;
		at += len + (at[len] == ',');
	}
	return fields;
}

static bool is_within(const struct st_child *child, const struct st_child *top)
{
	while (child && child != top)
		child = child->parent ? child->parent->self : NULL;
	return child != NULL;
}

/* Find the child after which to begin. Return: false: the client has its answer. */
static bool take_after(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request, struct st_nodes_query *query)
{
	const char *after = st_rpc_text(request, "after", NULL);

	if (!after)
		return true;
	query->after = st_tree_find(daemon->tree, after);
	if (query->after && is_within(query->after, query->top))
		return true;
	st_client_reply_error(client, query->after ? ST_ERROR_INVALID_PARAMS : ST_ERROR_NOT_FOUND,
			      query->after ? NULL : "\"not_found\"",
			      query->after ?
				      "%s: after %s: it is not below the path" :
				      "%s: after %s: no such child; it may have been removed "
				      "meanwhile, so begin again without after",
			      st_operations[request->op].verb, after);
	return false;
}

/* tree and ps: the answer may be long, so it is written in slices. */
static void show_nodes(struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request, bool is_nested)
{
	const char *state = st_rpc_text(request, "state", NULL);
	struct st_nodes_query query = {
		.view = view_of(daemon, client),
		.tree = daemon->tree,
		.top = st_dispatch_find(daemon, client, request),
		.limit = (uint64_t)st_rpc_integer(request, "limit", -1),
		.depth = (uint32_t)st_rpc_integer(request, "depth", UINT32_MAX),
		.state = state ? st_text_index(st_child_state_text, ST_CHILD_STATE__MAX, state) :
				 -1,
		.is_nested = is_nested,
	};
	struct st_slices *slices;

	query.view.fields = fields_of(request);
	if (!query.top || !take_after(daemon, client, request, &query))
		return;
	slices = st_nodes_new(&query);
	if (slices)
		st_client_reply_slices(client, slices);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      st_operations[request->op].verb);
}

void st_handle_tree(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	show_nodes(daemon, client, request, true);
}

void st_handle_ps(struct st_daemon *daemon, struct st_client *client,
		  const struct st_rpc_request *request)
{
	show_nodes(daemon, client, request, false);
}

void st_handle_info(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const struct st_view view = view_of(daemon, client);
	struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (!child)
		return;
	st_json_init(&json, &text);
	st_view_info(&view, child, &json);
	reply(client, &text);
}

static void write_counts(const struct st_daemon *daemon, struct st_json *json)
{
	uint64_t workers = 0, supervisors = 0, running = 0;

	for (struct st_child *child = daemon->tree->root; child;
	     child = st_child_next(child, daemon->tree->root)) {
		supervisors += child->sup != NULL;
		workers += child->sup == NULL;
		running += child->sup == NULL && child->state == ST_CHILD_RUNNING;
	}
	st_json_key(json, "counts");
	st_json_begin_object(json);
	st_json_u64_field(json, "supervisors", supervisors);
	st_json_u64_field(json, "workers", workers);
	st_json_u64_field(json, "running", running);
	st_json_u64_field(json, "processes", daemon->processes.by_generation.nr);
	st_json_u64_field(json, "clients", st_control_nr_clients(daemon->control));
	st_json_u64_field(json, "names", daemon->names.nr);
	st_json_u64_field(json, "monitors", daemon->monitors.nr);
	st_json_u64_field(json, "offers", daemon->offers.nr);
	st_json_end_object(json);
}

static void write_features(const struct st_daemon *daemon, struct st_json *json)
{
	st_json_key(json, "features");
	st_json_begin_object(json);
	for (int feature = 0; feature < ST_FEATURE__MAX; feature++)
		st_json_bool_field(json, st_feature_info((enum st_feature)feature)->name,
				   daemon->probe.has[feature]);
	st_json_end_object(json);
}

void st_handle_status(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	(void)request; /* it has no parameters */
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_text_field(&json, "version", ST_VERSION);
	st_json_i64_field(&json, "pid", getpid());
	st_json_u64_field(&json, "uptime_ms",
			  (st_clock_ns() - daemon->started_ns) / ST_NSEC_PER_MSEC);
	st_json_u64_field(&json, "seq", st_events_seq(daemon->history.events));
	st_json_u64_field(&json, "incarnation", st_client_incarnation(client));
	st_json_text_field(&json, "socket", daemon->options.socket);
	st_json_text_field(&json, "configuration", daemon->options.config);
	st_json_i64_field(&json, "oom_score_adj", daemon->processes.oom.own);
	st_json_bool_field(&json, "stopping", daemon->nr_stops != 0);
	if (st_log_nr_lost())
		st_json_u64_field(&json, "lost_lines", st_log_nr_lost());
	write_counts(daemon, &json);
	write_features(daemon, &json);
	st_json_key(&json, "kernel_module");
	st_mirror_write(&daemon->mirror, &json);
	st_json_end_object(&json);
	reply(client, &text);
}

void st_handle_ping(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	(void)daemon; /* the answer alone shows that it runs */
	(void)request;
	st_client_reply_ok(client);
}
