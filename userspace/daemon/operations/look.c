// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers that only read: tree, ps, info, status, ping, operations.
 *
 * They show the tree between two steps, without a supervisor's mailbox, so they
 * answer also while a supervisor is blocked. OTP's own calls, such as
 * which_children, are in otp.c.
 */
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/operations/dispatch.h"
#include "proto/version.h"
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

void st_handle_tree(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const struct st_view view = view_of(daemon, client);
	struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (!child)
		return;
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "seq", st_events_seq(daemon->history.events));
	st_json_key(&json, "root");
	st_view_tree(&view, child, &json);
	st_json_end_object(&json);
	reply(client, &text);
}

void st_handle_ps(struct st_daemon *daemon, struct st_client *client,
		  const struct st_rpc_request *request)
{
	const struct st_view view = view_of(daemon, client);
	struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (!child)
		return;
	st_json_init(&json, &text);
	st_view_list(&view, child, &json);
	reply(client, &text);
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
