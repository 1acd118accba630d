// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers for whole configurations: load, unload, reload. Each one is a
 * script.
 */
#include <errno.h>
#include <string.h>

#include "config/bind.h"
#include "config/config.h"
#include "daemon/log.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/bind_request.h"
#include "daemon/requests/script.h"

static void reply_no_memory(struct st_client *client, enum st_operation op)
{
	if (client)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      st_operations[op].verb);
	else
		st_log("%s: out of memory", st_operations[op].verb);
}

/*
 * Report all mistakes of a file, to the client or in the log. The file may have secrets,
 * so only an admin sees lines of it.
 */
static void refuse_file(struct st_client *client, enum st_operation op,
			const struct st_diags *diags)
{
	struct st_buf text = ST_BUF_INIT;

	if (client && st_client_peer(client)->role != ST_ROLE_ADMIN)
		st_diags_write_public(diags, &text);
	else
		st_diags_write_text(diags, &text);
	if (client)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL,
				      "%s: the configuration is not valid\n%s",
				      st_operations[op].verb, st_buf_text(&text));
	else
		st_log("%s: the configuration is not valid; nothing was changed\n%s",
		       st_operations[op].verb, st_buf_text(&text));
	st_buf_done(&text);
}

/*
 * Read a configuration and resolve its users. When this returns NULL, the
 * failure has been answered or logged.
 */
static struct st_sup_spec *read_file(struct st_daemon *daemon, struct st_client *client,
				     enum st_operation op, const char *file)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_buf why = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_load(file, &diags, &spec);

	if (!err)
		err = st_identity_prepare_sup(&daemon->identities, spec, &why);
	if (why.len && client)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL, "%s %s: %s",
				      st_operations[op].verb, file, st_buf_text(&why));
	else if (why.len)
		st_log("%s %s: %s", st_operations[op].verb, file, st_buf_text(&why));
	else if (err == -EINVAL)
		refuse_file(client, op, &diags);
	else if (err)
		reply_no_memory(client, op);
	if (err) {
		st_sup_spec_put(spec);
		spec = NULL;
	}
	st_diags_done(&diags);
	st_buf_done(&why);
	return spec;
}

static struct st_sup_spec *read_param(struct st_daemon *daemon, struct st_client *client,
				      const struct st_rpc_request *request)
{
	struct st_sup_spec *spec = NULL;
	struct st_buf why = ST_BUF_INIT;
	struct st_bound bound;
	int err = st_bound_read(&bound, request, "spec");

	if (!err)
		err = st_bind_sup(bound.node, ST_BIND_ROOT, &bound.diags, &spec);
	if (!err)
		err = st_identity_prepare_sup(&daemon->identities, spec, &why);
	if (why.len)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL, "load: %s",
				      st_buf_text(&why));
	else if (err == -EINVAL)
		st_bound_refuse(client, request, &bound.diags);
	else if (err)
		reply_no_memory(client, request->op);
	if (err) {
		st_sup_spec_put(spec);
		spec = NULL;
	}
	st_bound_done(&bound);
	st_buf_done(&why);
	return spec;
}

static int add_start(struct st_script *script, struct st_child_spec *spec)
{
	struct st_pending *pending = st_pending_new(NULL, ST_OPERATION_LOAD, "/", false);
	int err;

	if (!pending)
		return -ENOMEM;
	pending->request.type = ST_REQUEST_START_CHILD;
	pending->request.start.spec = st_child_spec_get(spec);
	pending->request.start.significant = spec->def.significant;
	err = st_script_add(script, pending, false);
	if (err)
		st_pending_free(pending);
	return err;
}

void st_handle_load(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const char *file = st_rpc_text(request, "file", NULL);
	struct st_sup_spec *spec = file ? read_file(daemon, client, request->op, file) :
					  read_param(daemon, client, request);
	struct st_script *script;
	struct st_json json;
	int err = 0;

	if (!spec)
		return;
	script = st_script_new(client, request->op, file ? file : "spec");
	if (script) {
		st_json_init(&json, &script->result);
		st_json_begin_object(&json);
		st_json_key(&json, "started");
		st_json_begin_array(&json);
		for (uint32_t i = 0; i < spec->nr_children && !err; i++) {
			st_json_text(&json, spec->children[i]->def.id);
			err = add_start(script, spec->children[i]);
		}
		st_json_end_array(&json);
		st_json_end_object(&json);
	}
	st_sup_spec_put(spec);
	if (!script || err) {
		st_script_free(script);
		reply_no_memory(client, request->op);
		return;
	}
	st_script_run(&daemon->requests, script);
}

static int add_by_path(struct st_script *script, enum st_request_type type, const char *path,
		       bool is_optional)
{
	struct st_pending *pending = st_pending_new(NULL, ST_OPERATION_UNLOAD, path, true);
	int err;

	if (!pending)
		return -ENOMEM;
	pending->request.type = type;
	err = st_script_add(script, pending, is_optional);
	if (err)
		st_pending_free(pending);
	return err;
}

void st_handle_unload(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	const char *path = st_rpc_text(request, "path", "/");
	struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_script *script;

	if (!child)
		return;
	if (!child->parent || child->parent->self->parent) {
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "unload %s: it is not directly below the root", path);
		return;
	}
	script = st_script_new(client, request->op, path);
	/*
	 * a temporary child is removed when it has stopped, so deleting it may
	 * fail
	 */
	if (!script || add_by_path(script, ST_REQUEST_TERMINATE_CHILD, path, false) ||
	    add_by_path(script, ST_REQUEST_DELETE_CHILD, path, true)) {
		st_script_free(script);
		reply_no_memory(client, request->op);
		return;
	}
	st_buf_add_text(&script->result, "{\"ok\":true}");
	st_script_run(&daemon->requests, script);
}

void st_reload(struct st_daemon *daemon, struct st_client *client, unsigned int flags)
{
	const char *file = daemon->options.config;
	struct st_script *script;
	struct st_sup_spec *spec;

	if (!file) {
		if (client)
			st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
					      "reload: the daemon was started without --config");
		else
			st_log("reload: the daemon was started without --config");
		return;
	}
	spec = read_file(daemon, client, ST_OPERATION_RELOAD, file);
	if (!spec)
		return;
	if (!(flags & ST_RELOAD_DRY_RUN))
		st_outputs_log_reopen(daemon->outputs);
	script = st_script_new(client, ST_OPERATION_RELOAD, file);
	if (!script || st_reload_plan(daemon->tree->root->sup, spec, flags, script)) {
		st_script_free(script);
		script = NULL;
		reply_no_memory(client, ST_OPERATION_RELOAD);
	}
	st_sup_spec_put(spec);
	if (!script)
		return;
	if (!client)
		st_log("reload %s: %s", file, st_buf_text(&script->result));
	st_script_run(&daemon->requests, script);
}

void st_handle_reload(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	unsigned int flags = 0;

	if (st_rpc_flag(request, "dry_run"))
		flags |= ST_RELOAD_DRY_RUN;
	if (st_rpc_flag(request, "start_new"))
		flags |= ST_RELOAD_START_NEW;
	if (st_rpc_flag(request, "prune"))
		flags |= ST_RELOAD_PRUNE;
	st_reload(daemon, client, flags);
}
