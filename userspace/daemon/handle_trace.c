// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of the tracer: passed on to the service; and what it tells of signals.
 *
 * The daemon finds out who is meant, since it knows the names, and who the tracer is;
 * all else is the tracer's (userspace/tracer/operations.c). A relay (relay.h) brings
 * the answer back, so that a tracer that hangs holds up its client alone.
 */
#include <string.h>

#include "base/alloc.h"
#include "core/reason.h"
#include "daemon/directory.h"
#include "daemon/dispatch.h"
#include "daemon/relay.h"
#include "daemon/tracer.h"

const struct st_process *st_tracer_find(const struct st_daemon *daemon)
{
	uint64_t generation = st_names_find(&daemon->names, ST_TRACER_NAME);
	const struct st_process *process = generation ? st_process_find(daemon, generation) : NULL;

	return process && !process->spec->def.process.user && process->has_mailbox ? process : NULL;
}

/* NULL: the client has its answer. */
static const struct st_process *find_tracer(struct st_daemon *daemon, struct st_client *client,
					    const struct st_rpc_request *request)
{
	const struct st_process *tracer = st_tracer_find(daemon);

	if (!tracer)
		st_client_reply_error(
			client, ST_ERROR_NOPROC, "\"noproc\"",
			"%s: no tracer runs; start one: suptree start-child / "
			"'{id: tracer, ready: notify, start: [suptree-tracer, --service]}'",
			st_operations[request->op].verb);
	return tracer;
}

/* Where the tracer knows its processes by: a path instead of a name. */
static json_t *with_path(const json_t *params, const struct st_child *child)
{
	json_t *copy = json_copy((json_t *)(uintptr_t)params);
	struct st_buf path = ST_BUF_INIT;

	st_child_write_path(child, &path);
	if (copy && (st_buf_error(&path) ||
		     json_object_set_new(copy, "path", json_string(st_buf_text(&path))))) {
		json_decref(copy);
		copy = NULL;
	}
	st_buf_done(&path);
	return copy;
}

static void pass_on(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const struct st_process *tracer = find_tracer(daemon, client, request);
	const char *verb = st_operations[request->op].verb;
	const char *name = st_rpc_text(request, "path", NULL);
	const struct st_child *child;
	unsigned int nr = 0;
	json_t *params;

	if (!tracer)
		return;
	if (!name) {
		st_relay_pass_on(daemon, client, request, tracer, request->params);
		return;
	}
	child = st_directory_find(daemon, name, &nr);
	if (!child) {
		st_client_reply_error(client, nr > 1 ? ST_ERROR_CONFLICT : ST_ERROR_NOT_FOUND, NULL,
				      nr > 1 ? "%s %s: several children have this name" :
					       "%s %s: no such child",
				      verb, name);
		return;
	}
	params = with_path(request->params, child);
	if (params)
		st_relay_pass_on(daemon, client, request, tracer, params);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: no memory", verb);
	json_decref(params);
}

void st_handle_trace_start(struct st_daemon *daemon, struct st_client *client,
			   const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_trace_stop(struct st_daemon *daemon, struct st_client *client,
			  const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_trace_list(struct st_daemon *daemon, struct st_client *client,
			  const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_trace_history(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_trace_summary(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_trace_analyze(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	pass_on(daemon, client, request);
}

void st_handle_report_signal(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "signal", NULL);
	struct st_seen_signal seen = {
		.time_ns = (uint64_t)st_rpc_integer(request, "time_ns", (int64_t)st_clock_ns()),
		.pid = (pid_t)st_rpc_integer(request, "pid", 0),
		.signo = name ? st_signal_number(name) : (int)st_rpc_integer(request, "signal", 0),
		.sender = (pid_t)st_rpc_integer(request, "sender", 0),
		.uid = st_rpc_integer(request, "uid", -1),
	};
	const char *sender = st_rpc_text(request, "name", "");
	size_t len = strnlen(sender, ST_WITNESS_NAME_SIZE - 1);

	memcpy(seen.name, sender, len);
	st_witness_add(&daemon->witness, &seen);
	st_client_reply_ok(client);
}
