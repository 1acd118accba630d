// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protects the services, shows them, starts and stops them; see services.h.
 *
 * Starting one may need several steps: the tree of services is made, or started again
 * after it gave up. So it is a script.
 */
#include "daemon/operations/services.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/services.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/owned.h"
#include "daemon/process/accept.h"
#include "daemon/requests/script.h"

/* ---- protection ---- */

static bool takes_system(const struct st_rpc_request *request)
{
	return st_operation_param(&st_operations[request->op], "system");
}

/* The child that a request would change; NULL: none. */
static const struct st_child *target_of(const struct st_daemon *daemon,
					const struct st_rpc_request *request)
{
	int64_t pid = st_rpc_integer(request, "pid", 0);
	const struct st_process *process =
		pid ? st_process_find_pid(&daemon->processes, (pid_t)pid) : NULL;

	if (process)
		return st_tree_find_generation(daemon->tree, process->generation);
	return st_tree_find(daemon->tree, st_rpc_text(request, "path", "/"));
}

/* A service, or a supervisor that has one; the root has all of them, and is no service. */
static bool has_service(const struct st_child *child)
{
	struct st_list *pos;

	if (!child->parent)
		return false;
	if (st_service_is_in(child->spec))
		return true;
	if (child->sup)
		st_list_for_each(pos, &child->sup->children)
			if (st_child_of(pos)->spec->def.process.service)
				return true;
	return false;
}

bool st_services_refuse(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request)
{
	const struct st_child *child;
	struct st_buf path = ST_BUF_INIT;

	if (!takes_system(request) || st_rpc_flag(request, "system"))
		return false;
	child = target_of(daemon, request);
	if (!child || !has_service(child))
		return false;
	st_child_write_path(child, &path);
	st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
			      "%s %s: this %s suptree itself; use `suptree services`, or add "
			      "--system",
			      st_operations[request->op].verb, st_buf_text(&path),
			      child->sup ? "supervises services of" : "is a service of");
	st_buf_done(&path);
	return true;
}

enum st_role st_services_role(const struct st_daemon *daemon, uint64_t generation)
{
	const struct st_process *process = st_process_find(&daemon->processes, generation);
	enum st_service_id service = process ? process->spec->def.process.service : ST_SERVICE_NONE;

	for (int role = 0; service && role < ST_ROLE__MAX; role++)
		if (!strcmp(st_role_text[role], st_services[service].role))
			return (enum st_role)role;
	return ST_ROLE_NONE;
}

/* ---- the list ---- */

static struct st_sup *tree_of(const struct st_daemon *daemon)
{
	const struct st_child *tree = st_sup_find(daemon->tree->root->sup, ST_SERVICES_TREE);

	return tree ? tree->sup : NULL;
}

/* The child that a service is, wherever it was started; NULL: there is none. */
static const struct st_child *child_of(const struct st_daemon *daemon, const char *name)
{
	const struct st_sup *sup = tree_of(daemon);
	const struct st_child *child = sup ? st_sup_find(sup, name) : NULL;
	const struct st_process *process = NULL;

	for (int owner = 0; !child && owner < ST_OWNER__MAX; owner++)
		if (!strcmp(st_owners[owner].name, name))
			process = st_owned_find(daemon, (enum st_owner)owner);
	return process ? st_tree_find_generation(daemon->tree, process->generation) : child;
}

static void write_service(const struct st_daemon *daemon, enum st_service_id service,
			  struct st_json *json)
{
	const struct st_service_row *row = &st_services[service];
	const struct st_child *child = child_of(daemon, row->name);
	const struct st_process *process =
		child ? st_process_find(&daemon->processes, child->generation) : NULL;
	struct st_buf path = ST_BUF_INIT;

	st_json_begin_object(json);
	st_json_text_field(json, "name", row->name);
	st_json_text_field(json, "state", child ? st_child_state_text[child->state] : "absent");
	if (child) {
		st_child_write_path(child, &path);
		st_json_text_field(json, "path", st_buf_text(&path));
	}
	if (process && process->ref.pid) {
		st_json_i64_field(json, "pid", process->ref.pid);
		st_json_u64_field(json, "uid", st_process_uid(process));
	}
	st_json_text_field(json, "program", row->program);
	st_json_text_field(json, "summary", row->summary);
	st_json_end_object(json);
	st_buf_done(&path);
}

void st_handle_services(struct st_daemon *daemon, struct st_client *client,
			const struct st_rpc_request *request)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	(void)request; /* it has no parameters */
	st_json_init(&json, &text);
	st_json_begin_array(&json);
	for (int i = ST_SERVICE_NONE + 1; i < ST_SERVICE__MAX; i++)
		write_service(daemon, (enum st_service_id)i, &json);
	st_json_end_array(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

const char *st_services_web_url(const struct st_daemon *daemon)
{
	const struct st_child *child = child_of(daemon, st_services[ST_SERVICE_WEB].name);
	const struct st_process *process =
		child ? st_process_find(&daemon->processes, child->generation) : NULL;
	const char *status = process ? process->status : NULL;

	if (status &&
	    (!strncmp(status, "http://127.0.0.1:", 17) || !strncmp(status, "http://[::1]:", 13)))
		return status;
	return ST_WEB_URL;
}

/* ---- start, stop, restart ---- */

static struct st_pending *add(struct st_script *script, enum st_request_type type, const char *path,
			      bool is_child)
{
	struct st_pending *pending = st_pending_new(NULL, script->op, path, is_child);

	if (!pending)
		return NULL;
	pending->request.type = type;
	if (!st_script_add(script, pending, false))
		return pending;
	st_pending_free(pending);
	return NULL;
}

/* Add a child spec to a supervisor; takes the reference. */
static int add_start(struct st_daemon *daemon, struct st_script *script, const char *sup,
		     struct st_child_spec *spec)
{
	struct st_buf why = ST_BUF_INIT;
	struct st_pending *pending;
	int err = spec ? st_identity_prepare(&daemon->identities, spec, &why) : -ENOMEM;

	pending = err ? NULL : add(script, ST_REQUEST_START_CHILD, sup, false);
	if (pending)
		pending->request.start.spec = st_child_spec_get(spec);
	else if (!err)
		err = -ENOMEM;
	if (err == -EINVAL)
		st_client_reply_error(script->client, ST_ERROR_INVALID_SPEC, NULL, "%s: %s",
				      st_operations[script->op].verb, st_buf_text(&why));
	st_child_spec_put(spec);
	st_buf_done(&why);
	return err;
}

static int add_tree(struct st_daemon *daemon, struct st_script *script, enum st_service_id service)
{
	struct st_child_spec *spec = st_service_spec_new(service), *tree;
	int err;

	if (!spec)
		return -ENOMEM;
	tree = st_services_tree_new(&spec, 1);
	err = add_start(daemon, script, "/", tree);
	st_child_spec_put(spec);
	return err;
}

static int plan_start(struct st_daemon *daemon, struct st_script *script,
		      enum st_service_id service, const char *path)
{
	const struct st_sup *sup = tree_of(daemon);
	const struct st_child *child = sup ? st_sup_find(sup, st_services[service].name) : NULL;

	if (!sup)
		return add_tree(daemon, script, service);
	if (sup->self->state == ST_CHILD_STOPPED) {
		if (!add(script, ST_REQUEST_RESTART_CHILD, ST_SERVICES_TREE, true))
			return -ENOMEM;
		if (child) /* it starts with its supervisor */
			return 0;
	}
	if (child)
		return add(script, ST_REQUEST_RESTART_CHILD, path, true) ? 0 : -ENOMEM;
	return add_start(daemon, script, ST_SERVICES_TREE, st_service_spec_new(service));
}

/* Return: 0; -ENOENT: the client has its answer. */
static int plan_other(struct st_daemon *daemon, struct st_script *script, enum st_request_type type,
		      const char *name)
{
	const struct st_child *child = child_of(daemon, name);
	struct st_buf path = ST_BUF_INIT;
	const char *text;
	int err;

	if (!child) {
		st_client_reply_error(script->client, ST_ERROR_NOT_FOUND, NULL,
				      "%s %s: it is not among the children; start it: suptree "
				      "services start %s",
				      st_operations[script->op].verb, name, name);
		return -ENOENT;
	}
	err = st_child_path(child, &path, &text);
	if (!err && !add(script, type, text, true))
		err = -ENOMEM;
	st_buf_done(&path);
	return err;
}

static void run(struct st_daemon *daemon, struct st_client *client,
		const struct st_rpc_request *request, enum st_request_type type)
{
	const char *name = st_rpc_text(request, "name", "");
	int service = st_text_index(st_service_text, ST_SERVICE__MAX, name);
	char path[64];
	struct st_script *script = st_script_new(client, request->op, name);
	int err = script ? 0 : -ENOMEM;

	(void)snprintf(path, sizeof(path), ST_SERVICES_TREE "/%s", name); /* a name of the table */
	if (!err && type == ST_REQUEST_START_CHILD)
		err = plan_start(daemon, script, (enum st_service_id)service, path);
	else if (!err)
		err = plan_other(daemon, script, type, name);
	if (!err) {
		st_buf_add_text(&script->result, "{\"ok\":true}");
		st_script_run(&daemon->requests, script);
		return;
	}
	if (err == -ENOMEM)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      st_operations[request->op].verb);
	st_script_free(script);
}

void st_handle_services_start(struct st_daemon *daemon, struct st_client *client,
			      const struct st_rpc_request *request)
{
	run(daemon, client, request, ST_REQUEST_START_CHILD);
}

void st_handle_services_stop(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	run(daemon, client, request, ST_REQUEST_TERMINATE_CHILD);
}

void st_handle_services_restart(struct st_daemon *daemon, struct st_client *client,
				const struct st_rpc_request *request)
{
	run(daemon, client, request, ST_REQUEST_RESTART);
}
