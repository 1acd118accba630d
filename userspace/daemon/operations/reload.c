// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carries out the plan of a reload: a script that looks at each answer, and plans
 * again if the tree has changed meanwhile. See reload.h.
 */
#include "daemon/operations/reload.h"

#include <errno.h>

#include "base/alloc.h"
#include "daemon/ahead.h"
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/read_spec.h"
#include "daemon/requests/reply.h"
#include "daemon/requests/script.h"

#define MAX_PLANS 5 /* a tree that changes all the time is left to people */

static void add_failure(struct st_reload *reload, const char *path, const struct st_effect *effect)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	if (reload->failures.len)
		st_buf_add_char(&reload->failures, ',');
	st_reply_write_text(reload->daemon->tree, effect, &text);
	st_json_init(&json, &reload->failures);
	st_json_begin_object(&json);
	st_json_text_field(&json, "path", path);
	st_json_text_field(&json, "message",
			   st_buf_error(&text) ? "out of memory" : st_buf_text(&text));
	st_json_end_object(&json);
	st_buf_done(&text);
}

/* The supervisor does not run any more: a further plan finds another way. */
static void change_missed(struct st_reload *reload, uint32_t request)
{
	reload->is_unsure = true;
	for (int list = 0; list < ST_RELOAD__MAX; list++)
		if (list != ST_RELOAD_STARTED && list != ST_RELOAD_REMOVED)
			st_reload_drop(reload, (enum st_reload_list)list, request);
}

/* Whether a start or a removal that was answered with an error is done all the same. */
static bool is_done(enum st_request_type type, enum st_reply reply)
{
	if (type == ST_REQUEST_RESTART_CHILD)
		return reply == ST_REPLY_STARTED || reply == ST_REPLY_RUNNING;
	return !st_reply_is_error(reply) || reply == ST_REPLY_NOT_FOUND;
}

static bool answered(struct st_script *script, const struct st_effect *effect)
{
	struct st_reload *reload = script->context;
	const struct st_pending *pending = script->current;
	enum st_request_type type = pending->request.type;
	uint32_t request = script->next - 1;

	if (type == ST_REQUEST_CHANGE) {
		if (effect->reply == ST_REPLY_NOPROC)
			change_missed(reload, request);
		return effect->reply == ST_REPLY_NOPROC || !st_reply_is_error(effect->reply);
	}
	if (is_done(type, effect->reply))
		return true;
	if (type != ST_REQUEST_TERMINATE_CHILD)
		st_reload_drop(reload,
			       type == ST_REQUEST_RESTART_CHILD ? ST_RELOAD_STARTED :
								  ST_RELOAD_REMOVED,
			       request);
	if (effect->reply == ST_REPLY_NOPROC)
		reload->is_unsure = true;
	else
		add_failure(reload, pending->path, effect);
	return true;
}

/* Plan again; 0 if nothing is left to do, or if the script has more to do now. */
static int plan_again(struct st_reload *reload, struct st_script *script)
{
	uint32_t nr_requests = script->nr;
	struct st_buf why = ST_BUF_INIT;
	size_t nr[ST_RELOAD__MAX];
	int err = -EAGAIN;

	for (int list = 0; list < ST_RELOAD__MAX; list++)
		nr[list] = reload->lists[list].nr;
	if (reload->nr_plans < MAX_PLANS)
		err = st_reload_plan(reload, script, &why);
	st_buf_done(&why);
	if (!err && script->nr == nr_requests) {
		st_reload_cut(reload, nr);
		reload->nr_plans--;
	}
	return err == -EINVAL ? -EAGAIN : err;
}

static int finish(struct st_script *script)
{
	struct st_reload *reload = script->context;
	int err = reload->is_unsure ? plan_again(reload, script) : 0;

	if (err || script->next < script->nr)
		return err;
	st_reload_write(reload, &script->result);
	if (!script->client && !st_buf_error(&script->result))
		st_log("reload %s: %s", script->about, st_buf_text(&script->result));
	return 0;
}

static void free_reload(struct st_script *script)
{
	struct st_reload *reload = script->context;

	if (reload->daemon->reload == script)
		reload->daemon->reload = NULL;
	st_reload_done(reload);
	st_free(reload);
}

static const struct st_script_hooks hooks = {
	.answered = answered,
	.finish = finish,
	.free = free_reload,
};

static struct st_script *new_script(struct st_daemon *daemon, struct st_client *client,
				    struct st_sup_spec *spec, unsigned int flags)
{
	struct st_script *script =
		st_script_new(client, ST_OPERATION_RELOAD, daemon->options.config);
	struct st_reload *reload = script ? st_alloc(sizeof(*reload)) : NULL;

	if (!reload) {
		st_script_free(script);
		return NULL;
	}
	st_reload_init(reload, daemon->tree->root->sup, spec, flags);
	reload->daemon = daemon;
	reload->variables = &daemon->variables;
	script->context = reload;
	script->hooks = &hooks;
	return script;
}

static void fail(struct st_client *client, enum st_error kind, const char *file, const char *why)
{
	if (client)
		st_client_reply_error(client, kind, NULL, "reload %s: %s; nothing was changed",
				      file, why);
	else
		st_log("reload %s: %s; nothing was changed", file, why);
}

static void run(struct st_daemon *daemon, struct st_script *script)
{
	struct st_reload *reload = script->context;
	unsigned int flags = reload->flags;

	if (daemon->reload && !(flags & ST_RELOAD_DRY_RUN))
		st_script_cancel(daemon->reload, "a newer reload takes its place");
	if (!(flags & ST_RELOAD_DRY_RUN)) {
		daemon->reload = script;
		st_outputs_log_reopen(daemon->outputs);
	}
	st_script_run(&daemon->requests, script);
}

static void apply(struct st_daemon *daemon, struct st_client *client, struct st_sup_spec *spec,
		  unsigned int flags)
{
	struct st_script *script = new_script(daemon, client, spec, flags);
	enum st_phase phase = daemon->tree->root->sup->phase;
	struct st_buf why = ST_BUF_INIT;
	int err = -ENOMEM;

	if (phase != ST_PHASE_UP && phase != ST_PHASE_INIT) {
		fail(client, ST_ERROR_SHUTTING_DOWN, daemon->options.config,
		     "the daemon is stopping");
		st_variables_drop(&daemon->variables);
		st_script_free(script);
		return;
	}
	if (script)
		err = st_reload_plan(script->context, script, &why);
	if (!err) {
		if (flags & ST_RELOAD_DRY_RUN)
			st_variables_drop(&daemon->variables);
		else
			st_variables_keep(&daemon->variables);
		run(daemon, script);
	} else {
		st_variables_drop(&daemon->variables);
		if (err == -EINVAL && !st_buf_error(&why))
			fail(client, ST_ERROR_CONFLICT, daemon->options.config, st_buf_text(&why));
		else
			fail(client, ST_ERROR_NO_MEMORY, daemon->options.config, "out of memory");
		st_script_free(script);
	}
	st_buf_done(&why);
}

void st_reload(struct st_daemon *daemon, struct st_client *client, unsigned int flags)
{
	const char *file = daemon->options.config;
	struct st_sup_spec *spec;

	if (!file) {
		if (client)
			st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
					      "reload: the daemon was started without --config");
		else
			st_log("reload: the daemon was started without --config");
		return;
	}
	spec = st_read_spec_file(daemon, client, ST_OPERATION_RELOAD, file);
	if (!spec)
		return;
	apply(daemon, client, spec, flags);
	st_sup_spec_put(spec);
}

struct st_script *st_reload_read(struct st_daemon *daemon, struct st_client *client,
				 enum st_operation op, unsigned int flags)
{
	struct st_sup_spec *spec = st_read_spec_file(daemon, client, op, daemon->options.config);
	struct st_script *script = spec ? new_script(daemon, client, spec, flags) : NULL;
	struct st_buf why = ST_BUF_INIT;
	int err = script ? st_reload_plan(script->context, script, &why) : -ENOMEM;

	if (spec && err)
		fail(client, err == -EINVAL ? ST_ERROR_CONFLICT : ST_ERROR_NO_MEMORY,
		     daemon->options.config, err == -EINVAL ? st_buf_text(&why) : "out of memory");
	if (spec)
		st_variables_drop(&daemon->variables);
	if (err) {
		st_script_free(script);
		script = NULL;
	}
	st_sup_spec_put(spec);
	st_buf_done(&why);
	return script;
}

static void reload_again(struct st_daemon *daemon, struct st_client *client,
			 const struct st_rpc_request *request)
{
	(void)client; /* it was a signal */
	(void)request;
	if (!daemon->nr_stops)
		st_reload(daemon, NULL, 0);
}

void st_reload_on_signal(struct st_daemon *daemon)
{
	const struct st_ahead_request from = { .daemon = daemon, .again = reload_again };
	const char *file = daemon->options.config;

	if (!file || !st_ahead_file(&from, file))
		st_reload(daemon, NULL, 0);
}

void st_handle_reload(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, client, request, st_dispatch_again };
	const char *file = daemon->options.config;
	unsigned int flags = 0;

	if (file && st_ahead_file(&from, file))
		return;
	if (st_rpc_flag(request, "dry_run"))
		flags |= ST_RELOAD_DRY_RUN;
	if (st_rpc_flag(request, "start_new"))
		flags |= ST_RELOAD_START_NEW;
	if (st_rpc_flag(request, "prune"))
		flags |= ST_RELOAD_PRUNE;
	st_reload(daemon, client, flags);
}
