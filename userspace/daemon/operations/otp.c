// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of OTP's calls to a supervisor: they become requests to core and
 * wait in the supervisor's mailbox like any message. [C] [G6] [K]
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "config/bind.h"
#include "core/reason.h"
#include "daemon/ahead.h"
#include "daemon/operations/dispatch.h"
#include "daemon/requests/bind_request.h"
#include "daemon/requests/killing.h"

static void reply_no_memory(struct st_client *client, const struct st_rpc_request *request)
{
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
			      st_operations[request->op].verb);
}

/*
 * Make a pending request of @type, about the child or supervisor at "path".
 * Return: NULL: the client has its answer.
 */
static struct st_pending *begin(struct st_client *client, const struct st_rpc_request *request,
				enum st_request_type type, bool is_child)
{
	const char *path = st_rpc_text(request, "path", "/");
	struct st_pending *pending;

	if (is_child && !strcmp(path, "/")) {
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, "\"not_found\"",
				      "%s /: the root is no supervisor's child",
				      st_operations[request->op].verb);
		return NULL;
	}
	pending = st_pending_new(client, request->op, path, is_child);
	if (!pending) {
		reply_no_memory(client, request);
		return NULL;
	}
	pending->request.type = type;
	pending->params = json_incref(request->params);
	return pending;
}

static void call(struct st_daemon *daemon, struct st_client *client,
		 const struct st_rpc_request *request, enum st_request_type type, bool is_child)
{
	struct st_pending *pending = begin(client, request, type, is_child);

	if (pending)
		st_pending_post(&daemon->requests, pending);
}

/*
 * Calls that need only their path:
 *
 *   X(operation, request, whether the path is that of a child)
 */
#define PLAIN_CALL_LIST(X) \
	X(which_children, ST_REQUEST_WHICH_CHILDREN, false) \
	X(count_children, ST_REQUEST_COUNT_CHILDREN, false) \
	X(get_childspec, ST_REQUEST_GET_CHILDSPEC, true) \
	X(restart_child, ST_REQUEST_RESTART_CHILD, true) \
	X(restart, ST_REQUEST_RESTART, true) \
	X(delete_child, ST_REQUEST_DELETE_CHILD, true)

#define PLAIN_CALL(name, type, is_child) \
	void st_handle_##name(struct st_daemon *daemon, struct st_client *client, \
			      const struct st_rpc_request *request) \
	{ \
		call(daemon, client, request, type, is_child); \
	}
PLAIN_CALL_LIST(PLAIN_CALL)

/* A restarting child is still identified by the process that it had. [I6] */
static uint64_t generation_of_pid(const struct st_sup *sup, pid_t pid)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children)
		if (st_child_of(pos)->ready_pid == pid)
			return st_child_of(pos)->ready_generation;
	return 0;
}

/*
 * With a pid, the path is that of the supervisor, and the target is a process:
 * one of its children, a process that lives and is not its child, or one that
 * is dead already. [I3]
 */
static void set_process(struct st_daemon *daemon, struct st_pending *pending, pid_t pid)
{
	const struct st_child *child = st_tree_find(daemon->tree, pending->path);
	struct st_pidref ref;

	if (child && child->sup)
		pending->request.terminate.generation = generation_of_pid(child->sup, pid);
	if (pending->request.terminate.generation)
		return;
	if (st_pidref_open(pid, &ref)) {
		pending->request.terminate.generation = UINT64_MAX; /* no child has it */
		return;
	}
	pending->request.terminate.foreign = true;
	st_pidref_done(&ref);
}

void st_handle_terminate_child(struct st_daemon *daemon, struct st_client *client,
			       const struct st_rpc_request *request)
{
	int64_t generation = st_rpc_integer(request, "generation", 0);
	int64_t pid = st_rpc_integer(request, "pid", 0);
	struct st_pending *pending =
		begin(client, request, ST_REQUEST_TERMINATE_CHILD, !pid && !generation);

	if (!pending)
		return;
	pending->request.terminate.generation = (uint64_t)generation;
	if (pid)
		set_process(daemon, pending, (pid_t)pid);
	st_pending_post(&daemon->requests, pending);
}

/*
 * Send a signal only to a process that exists; proto has checked the
 * parameters.
 */
void st_handle_kill(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "signal", NULL);
	int signo = name ? st_signal_number(name) : (int)st_rpc_integer(request, "signal", SIGKILL);
	const struct st_process *process;
	const struct st_child *child;
	int64_t pid = st_rpc_integer(request, "pid", 0);

	if (pid) {
		process = st_process_find_pid(&daemon->processes, (pid_t)pid);
		if (process && process->command)
			process = NULL; /* it runs beside a child, and is none itself */
	} else {
		child = st_dispatch_find(daemon, client, request);
		if (!child)
			return;
		if (child->sup) {
			st_client_reply_error(client, ST_ERROR_FAILED, NULL,
					      "kill %s: a supervisor is not a process; "
					      "use stop-supervisor%s",
					      st_rpc_text(request, "path", "/"),
					      child->parent ? " or terminate-child" : "");
			return;
		}
		process = st_process_find(&daemon->processes, child->generation);
	}
	if (!process) {
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, "\"noproc\"",
				      "kill: no child has this process");
		return;
	}
	st_killing_begin(&daemon->requests, client, process, signo);
}

static bool take_reason(const json_t *value, struct st_reason *ret_reason)
{
	static const struct {
		const char *text;
		enum st_reason_type type;
	} words[] = {
		{ "normal", ST_REASON_NORMAL },
		{ "shutdown", ST_REASON_SHUTDOWN },
		{ "killed", ST_REASON_KILLED },
	};
	const json_t *member;

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++) {
		if (!json_is_string(value) || strcmp(json_string_value(value), words[i].text))
			continue;
		*ret_reason = (struct st_reason){ .type = words[i].type };
		return true;
	}
	member = json_object_get(value, "shutdown");
	if (member)
		*ret_reason = (struct st_reason){ .type = ST_REASON_SHUTDOWN_TERM,
						  .value = (int)json_integer_value(member) };
	if (!member && (member = json_object_get(value, "code")))
		*ret_reason = (struct st_reason){ .type = ST_REASON_CODE,
						  .value = (int)json_integer_value(member) };
	if (!member && (member = json_object_get(value, "signal")))
		*ret_reason =
			(struct st_reason){ .type = ST_REASON_SIGNAL,
					    .value = st_signal_number(json_string_value(member)) };
	return member != NULL;
}

void st_handle_stop_supervisor(struct st_daemon *daemon, struct st_client *client,
			       const struct st_rpc_request *request)
{
	const json_t *reason = json_object_get(request->params, "reason");
	struct st_pending *pending = begin(client, request, ST_REQUEST_STOP, false);

	if (!pending)
		return;
	if (reason && !take_reason(reason, &pending->request.stop.reason)) {
		st_pending_free(pending);
		st_client_reply_error(
			client, ST_ERROR_INVALID_PARAMS, NULL,
			"stop-supervisor: reason is not one of the reasons in the rules");
		return;
	}
	st_pending_post(&daemon->requests, pending);
}

static int take_args(struct st_pending *pending)
{
	const json_t *args = json_object_get(pending->params, "args");
	size_t nr = json_array_size(args);

	pending->args = st_alloc_array(nr, sizeof(*pending->args));
	if (!pending->args)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		pending->args[i] = json_string_value(json_array_get(args, i));
	pending->request.start.args = pending->args;
	pending->request.start.nr_args = (uint32_t)nr;
	return 0;
}

/*
 * As in OTP, the binder's error goes to core with the request: core first asks
 * whether the supervisor runs, and makes some of the checks itself. [C1] [V4]
 * Return: false if the client does not want that: then the answer lists all
 * mistakes at once, with their places.
 */
static bool take_error(struct st_pending *pending, const struct st_rpc_request *request,
		       const struct st_bound *bound)
{
	if (!st_rpc_flag(request, "otp") ||
	    st_diags_otp_term(&bound->diags, ST_OTP_CALL, &pending->error_json))
		return false;
	for (unsigned int i = 0; i < bound->diags.nr && !pending->request.error; i++)
		pending->request.error = bound->diags.items[i].otp;
	pending->request.error_json = st_buf_text(&pending->error_json);
	return true;
}

/* Even of a specification with mistakes: core asks for it. [V4] */
static bool is_significant(const struct st_bound *bound)
{
	const struct st_doc_node *node = bound->node ? st_doc_find(bound->node, "significant") :
						       NULL;

	return node && node->type == ST_DOC_BOOL && node->boolean;
}

static enum st_bind_mode mode_of(const struct st_rpc_request *request, bool is_for_root)
{
	if (st_rpc_flag(request, "otp"))
		return ST_BIND_OTP;
	return is_for_root ? ST_BIND_ROOT : ST_BIND_STRICT;
}

/* Return: 0, or an error that the client has as its answer. */
static int take_child_spec(struct st_daemon *daemon, struct st_pending *pending,
			   const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, pending->client, request,
					       st_dispatch_again };
	enum st_bind_mode mode = mode_of(request, !strcmp(pending->path, "/"));
	struct st_buf why = ST_BUF_INIT;
	struct st_bound bound;
	int err = st_bound_read(&bound, request, "spec");

	if (!err)
		err = st_bind_child(bound.node, mode, NULL, &bound.diags,
				    &pending->request.start.spec);
	pending->request.start.significant = is_significant(&bound);
	if (!err)
		err = st_ahead_child(&from, pending->request.start.spec);
	if (!err)
		err = st_identity_prepare(&daemon->identities, pending->request.start.spec, &why);
	if (!err)
		err = st_variables_read(&daemon->variables, pending->request.start.spec, &why);
	if (!err)
		st_variables_keep(&daemon->variables);
	st_variables_drop(&daemon->variables);
	if (why.len)
		st_client_reply_error(pending->client, ST_ERROR_INVALID_SPEC, NULL,
				      "start-child %s: %s", pending->path, st_buf_text(&why));
	else if (err == -EINVAL && take_error(pending, request, &bound))
		err = 0;
	else if (err == -EINVAL)
		st_bound_refuse(pending->client, request, &bound.diags);
	else if (err && err != -EINPROGRESS)
		reply_no_memory(pending->client, request);
	st_bound_done(&bound);
	st_buf_done(&why);
	return err;
}

void st_handle_start_child(struct st_daemon *daemon, struct st_client *client,
			   const struct st_rpc_request *request)
{
	struct st_pending *pending = begin(client, request, ST_REQUEST_START_CHILD, false);
	int err;

	if (!pending)
		return;
	pending->request.id = st_rpc_text(request, "name", NULL);
	if (pending->request.id) {
		err = take_args(pending);
		if (err)
			reply_no_memory(client, request);
	} else {
		err = take_child_spec(daemon, pending, request);
	}
	if (err)
		st_pending_free(pending);
	else
		st_pending_post(&daemon->requests, pending);
}

/* Take the present specification with other flags. */
static int take_flags(struct st_pending *pending, const struct st_rpc_request *request,
		      const struct st_sup *sup)
{
	struct st_sup_flags flags = sup->spec->flags;
	struct st_bound bound;
	json_t *given = json_copy(request->params);
	struct st_rpc_request only = { .op = request->op, .params = json_object() };
	int err = -ENOMEM;

	(void)json_object_del(given, "system"); /* it need not be there */
	if (given && only.params && !json_object_del(given, "path") &&
	    !json_object_set(only.params, "flags", given)) {
		err = st_bound_read(&bound, &only, "flags");
		if (!err)
			err = st_bind_sup_flags(bound.node, ST_BIND_STRICT, &bound.diags, &flags);
		if (err == -EINVAL)
			st_bound_refuse(pending->client, request, &bound.diags);
		st_bound_done(&bound);
	}
	json_decref(given);
	json_decref(only.params);
	if (!err) {
		pending->request.change.to =
			st_sup_spec_new(&flags, sup->spec->children, sup->spec->nr_children);
		err = pending->request.change.to ? 0 : -ENOMEM;
	}
	if (err == -ENOMEM)
		reply_no_memory(pending->client, request);
	pending->request.change.flags_only = true;
	return err;
}

void st_handle_strategy(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request)
{
	const struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_pending *pending;

	if (!child)
		return;
	if (!child->sup) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "strategy %s: it is a worker",
				      st_rpc_text(request, "path", "/"));
		return;
	}
	pending = begin(client, request, ST_REQUEST_CHANGE, false);
	if (!pending)
		return;
	if (take_flags(pending, request, child->sup))
		st_pending_free(pending);
	else
		st_pending_post(&daemon->requests, pending);
}

static int take_sup_spec(struct st_daemon *daemon, struct st_pending *pending,
			 const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, pending->client, request,
					       st_dispatch_again };
	struct st_buf why = ST_BUF_INIT;
	struct st_bound bound;
	int err = st_bound_read(&bound, request, "spec");

	if (!err)
		err = st_bind_sup(bound.node, mode_of(request, !strcmp(pending->path, "/")),
				  &bound.diags, &pending->request.change.to);
	if (!err)
		err = st_ahead_sup(&from, pending->request.change.to);
	if (!err)
		err = st_identity_prepare_sup(&daemon->identities, pending->request.change.to,
					      &why);
	if (!err)
		err = st_variables_read_sup(&daemon->variables, pending->request.change.to, &why);
	if (!err)
		st_variables_keep(&daemon->variables);
	st_variables_drop(&daemon->variables);
	if (why.len)
		st_client_reply_error(pending->client, ST_ERROR_INVALID_SPEC, NULL, "change %s: %s",
				      pending->path, st_buf_text(&why));
	else if (err == -EINVAL && take_error(pending, request, &bound))
		err = 0;
	else if (err == -EINVAL)
		st_bound_refuse(pending->client, request, &bound.diags);
	else if (err && err != -EINPROGRESS)
		reply_no_memory(pending->client, request);
	st_bound_done(&bound);
	st_buf_done(&why);
	return err;
}

void st_handle_change(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	struct st_pending *pending = begin(client, request, ST_REQUEST_CHANGE, false);

	if (!pending)
		return;
	if (take_sup_spec(daemon, pending, request))
		st_pending_free(pending);
	else
		st_pending_post(&daemon->requests, pending);
}

/*
 * No supervisor is asked: the answer depends on the specifications alone. [V3]
 */
void st_handle_check_childspecs(struct st_daemon *daemon, struct st_client *client,
				const struct st_rpc_request *request)
{
	const char *auto_shutdown = st_rpc_text(request, "auto_shutdown", NULL);
	struct st_sup_flags flags;
	struct st_bound bound;
	int err = st_bound_read(&bound, request, "specs");

	(void)daemon; /* the answer does not depend on it */
	st_sup_flags_init(&flags);
	if (auto_shutdown)
		flags.auto_shutdown = (enum st_auto_shutdown)st_text_index(
			st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX, auto_shutdown);
	if (!err)
		err = st_bind_check_children(bound.node, mode_of(request, false),
					     auto_shutdown ? &flags : NULL, &bound.diags);
	if (err == -EINVAL)
		st_bound_refuse(client, request, &bound.diags);
	else if (err)
		reply_no_memory(client, request);
	else
		st_client_reply_ok(client);
	st_bound_done(&bound);
}
