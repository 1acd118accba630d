// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers for whole configurations: load and unload. Each one is a script. Reload
 * is in reload.c.
 */
#include <errno.h>

#include "config/bind.h"
#include "daemon/ahead.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/read_spec.h"
#include "daemon/requests/bind_request.h"
#include "daemon/requests/reply.h"
#include "daemon/requests/script.h"

static struct st_sup_spec *read_param(struct st_daemon *daemon, struct st_client *client,
				      const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, client, request, st_dispatch_again };
	struct st_sup_spec *spec = NULL;
	struct st_buf why = ST_BUF_INIT;
	struct st_bound bound;
	int err = st_bound_read(&bound, request, "spec");

	if (!err)
		err = st_bind_sup(bound.node, ST_BIND_ROOT, &bound.diags, &spec);
	if (!err)
		err = st_ahead_sup(&from, spec);
	if (!err)
		err = st_identity_prepare_sup(&daemon->identities, spec, &why);
	if (!err)
		err = st_variables_read_sup(&daemon->variables, spec, &why);
	if (err)
		st_variables_drop(&daemon->variables);
	if (why.len)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL, "load: %s",
				      st_buf_text(&why));
	else if (err == -EINVAL)
		st_bound_refuse(client, request, &bound.diags);
	else if (err && err != -EINPROGRESS)
		st_read_spec_no_memory(client, request->op);
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
	struct st_pending *pending = st_pending_new(NULL, ST_OPERATION_LOAD, spec->def.id, true);
	int err;

	if (!pending)
		return -ENOMEM;
	pending->request.id = NULL; /* the path is for messages; the child is in the spec */
	pending->request.type = ST_REQUEST_START_CHILD;
	pending->request.start.spec = st_child_spec_get(spec);
	pending->request.start.significant = spec->def.significant;
	err = st_script_add(script, pending, false);
	if (err)
		st_pending_free(pending);
	return err;
}

/* Nothing is started if a child is there already: all of it, or nothing. */
static bool refuse_present(struct st_daemon *daemon, struct st_client *client, const char *about,
			   const struct st_sup_spec *spec)
{
	struct st_effect effect = { .type = ST_FX_REPLY };
	struct st_buf term = ST_BUF_INIT, text = ST_BUF_INIT;
	const char *id = NULL;

	for (uint32_t i = 0; i < spec->nr_children && !effect.child; i++) {
		id = spec->children[i]->def.id;
		effect.child = st_sup_find(daemon->tree->root->sup, id);
	}
	if (!effect.child)
		return false;
	effect.reply = effect.child->state == ST_CHILD_RUNNING ? ST_REPLY_ALREADY_STARTED :
								 ST_REPLY_ALREADY_PRESENT;
	st_reply_write_term(&effect, &term);
	st_reply_write_text(daemon->tree, &effect, &text);
	st_client_reply_error(client, st_reply_error(effect.reply),
			      st_buf_error(&term) ? NULL : st_buf_text(&term),
			      "load %s: %s: %s; nothing was started", about, id,
			      st_buf_text(&text));
	st_buf_done(&term);
	st_buf_done(&text);
	return true;
}

void st_handle_load(struct st_daemon *daemon, struct st_client *client,
		    const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, client, request, st_dispatch_again };
	const char *file = st_rpc_text(request, "file", NULL);
	struct st_script *script;
	struct st_sup_spec *spec;
	struct st_json json;
	int err = 0;

	if (file && st_ahead_file(&from, file))
		return;
	spec = file ? st_read_spec_file(daemon, client, request->op, file) :
		      read_param(daemon, client, request);
	if (!spec)
		return;
	if (refuse_present(daemon, client, file ? file : "spec", spec)) {
		st_variables_drop(&daemon->variables);
		st_sup_spec_put(spec);
		return;
	}
	st_variables_keep(&daemon->variables);
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
		st_read_spec_no_memory(client, request->op);
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
		st_read_spec_no_memory(client, request->op);
		return;
	}
	st_buf_add_text(&script->result, "{\"ok\":true}");
	st_script_run(&daemon->requests, script);
}
