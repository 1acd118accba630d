// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers of blast and whatif. They change nothing: what is asked is tried on a copy of the
 * tree (../requests/forecast.h).
 */
#include <errno.h>
#include <jansson.h>
#include <signal.h>

#include "daemon/ahead.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/reload.h"
#include "daemon/requests/forecast.h"

#define DEFAULT_STEPS 1000

static uint64_t limit_of(const struct st_rpc_request *request)
{
	return (uint64_t)st_rpc_integer(request, "limit", DEFAULT_STEPS);
}

/* @trials: taken; the client is answered in any case */
static void answer(struct st_daemon *daemon, struct st_client *client,
		   const struct st_rpc_request *request, struct st_trial *trials, unsigned int nr)
{
	bool is_list = request->op == ST_OPERATION_WHATIF;
	struct st_slices *slices =
		st_forecast_new(daemon->tree, trials, nr, limit_of(request), is_list);

	if (slices) {
		st_client_reply_slices(client, slices);
		return;
	}
	for (unsigned int i = 0; i < nr; i++)
		st_trial_done(&trials[i]);
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
			      st_operations[request->op].verb);
}

/* Without a verb: what ends the child most directly. */
static enum st_trial_verb verb_of(const struct st_rpc_request *request,
				  const struct st_child *child)
{
	const char *word = st_rpc_text(request, "verb", NULL);

	if (word) /* proto has checked that it is one of these */
		return (enum st_trial_verb)st_text_index(st_trial_words, ST_TRIAL__MAX, word);
	if (st_rpc_text(request, "strategy", NULL) ||
	    st_rpc_integer(request, "intensity", -1) >= 0 ||
	    st_rpc_integer(request, "period", -1) >= 0)
		return ST_TRIAL_STRATEGY;
	if (!child->parent)
		return ST_TRIAL_STOP;
	return child->sup ? ST_TRIAL_STOP_SUPERVISOR : ST_TRIAL_KILL;
}

/* Return: 0, -EINVAL: the client has its answer, or -ENOMEM. */
static int take_options(struct st_trial *trial, struct st_client *client,
			const struct st_rpc_request *request)
{
	const char *strategy = st_rpc_text(request, "strategy", NULL);
	const char *signal = st_rpc_text(request, "signal", NULL);

	trial->signo = signal ? st_signal_number(signal) :
				(int)st_rpc_integer(request, "signal", SIGKILL);
	trial->intensity = st_rpc_integer(request, "intensity", -1);
	trial->period_s = st_rpc_integer(request, "period", -1);
	if (strategy)
		trial->strategy = st_text_index(st_strategy_text, ST_STRATEGY__MAX, strategy);
	if (trial->verb == ST_TRIAL_STRATEGY && trial->strategy < 0 && trial->intensity < 0 &&
	    trial->period_s < 0) {
		st_client_reply_error(client, ST_ERROR_INVALID_PARAMS, NULL,
				      "blast %s: strategy needs a strategy, an intensity or a "
				      "period",
				      trial->path);
		return -EINVAL;
	}
	return st_trial_describe(trial);
}

/* Whether the request can be tried; else the client has its answer. */
static bool may_reload(const struct st_daemon *daemon, struct st_client *client,
		       const struct st_child *child)
{
	if (child->parent)
		st_client_reply_error(
			client, ST_ERROR_INVALID_PARAMS, NULL,
			"blast: a reload is of the whole tree: blast / --verb reload");
	else if (!daemon->options.config)
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "blast: the daemon was started without --config, so there is "
				      "nothing to reload");
	return !child->parent && daemon->options.config;
}

/* Return: 0; -EINPROGRESS or -EINVAL: nothing is to be done now; or -ENOMEM. */
static int take_reload(struct st_trial *trial, struct st_daemon *daemon, struct st_client *client,
		       const struct st_rpc_request *request)
{
	const struct st_ahead_request from = { daemon, client, request, st_dispatch_again };
	unsigned int flags = 0;

	if (trial->verb != ST_TRIAL_RELOAD)
		return 0;
	if (st_ahead_file(&from, daemon->options.config))
		return -EINPROGRESS;
	if (st_rpc_flag(request, "start_new"))
		flags |= ST_RELOAD_START_NEW;
	if (st_rpc_flag(request, "prune"))
		flags |= ST_RELOAD_PRUNE;
	trial->script = st_reload_read(daemon, client, ST_OPERATION_BLAST, flags);
	return trial->script ? 0 : -EINVAL;
}

void st_handle_blast(struct st_daemon *daemon, struct st_client *client,
		     const struct st_rpc_request *request)
{
	struct st_child *child = st_dispatch_find(daemon, client, request);
	struct st_buf buf = ST_BUF_INIT;
	struct st_trial trial = { .text = NULL };
	const char *path;
	int err;

	if (!child ||
	    (verb_of(request, child) == ST_TRIAL_RELOAD && !may_reload(daemon, client, child)))
		return;
	err = st_child_path(child, &buf, &path);
	if (!err)
		err = st_trial_init(&trial, verb_of(request, child), path);
	if (!err)
		err = take_reload(&trial, daemon, client, request);
	if (!err)
		err = take_options(&trial, client, request);
	if (!err)
		answer(daemon, client, request, &trial, 1);
	else
		st_trial_done(&trial);
	if (err == -ENOMEM)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "blast: out of memory");
	st_buf_done(&buf);
}

void st_handle_whatif(struct st_daemon *daemon, struct st_client *client,
		      const struct st_rpc_request *request)
{
	const json_t *steps = json_object_get(request->params, "steps");
	struct st_trial trials[ST_MAX_TRIALS];
	unsigned int nr = (unsigned int)json_array_size(steps);
	struct st_buf why = ST_BUF_INIT;
	int err = 0;

	for (unsigned int i = 0; i < nr && !err; i++) {
		const char *text = json_string_value(json_array_get(steps, i));

		err = st_trial_parse(&trials[i], text, &why);
		if (!err)
			continue;
		if (err == -EINVAL)
			st_client_reply_error(client, ST_ERROR_INVALID_PARAMS, NULL,
					      "whatif: step %u, \"%s\": %s", i + 1, text,
					      st_buf_text(&why));
		else
			st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL,
					      "whatif: out of memory");
		while (i--)
			st_trial_done(&trials[i]);
		break;
	}
	if (!err)
		answer(daemon, client, request, trials, nr);
	st_buf_done(&why);
}
