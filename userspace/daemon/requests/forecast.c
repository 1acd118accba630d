// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tries trials on a copy of the tree, a slice a turn; see forecast.h. What is shown of each
 * effect is written by forecast_write.c.
 */
#include "daemon/requests/forecast.h"

#include <string.h>

#include "base/alloc.h"
#include "core/copy.h"
#include "daemon/requests/forecast_write.h"
#include "daemon/requests/script.h"
#include "loop/ring.h"
#include "predict/predict.h"
#include "proto/json.h"

#define CHILDREN_PER_SLICE 512
#define STEPS_PER_SLICE 128
#define TOKEN UINT64_MAX /* of the requests of trials; the daemon's count from 1 */

enum stage {
	TOUCH, /* the memory for the copy */
	COPY,
	MARK, /* what runs before a trial */
	TRY,
	RUN,
	SUM_UP,
	END
};

struct forecast {
	struct st_slices slices;
	struct st_tree *live;
	struct st_copy_room *room;
	struct st_predict predict;
	struct st_forecast_view view;
	enum stage stage;
	struct st_trial *trials; /* owned */
	unsigned int nr;
	unsigned int at; /* the trial that is tried */
	uint32_t request; /* of a trial that is several requests: the next one */
	bool is_list;
	bool is_refused; /* the trial could not be done */
	struct st_child *walk; /* of MARK and SUM_UP */
};

static void free_forecast(struct st_slices *slices)
{
	struct forecast *forecast = container_of(slices, struct forecast, slices);

	st_copy_room_free(forecast->room);
	st_predict_done(&forecast->predict);
	st_forecast_view_done(&forecast->view);
	for (unsigned int i = 0; i < forecast->nr; i++)
		st_trial_done(&forecast->trials[i]);
	st_free(forecast->trials);
	st_free(forecast);
}

static void fail(struct forecast *forecast, struct st_buf *out)
{
	out->failed = true; /* the client is told nothing that is not whole */
	forecast->stage = END;
}

/* Of the requests of a reload, only a change that is refused ends it. */
static bool may_fail(const struct forecast *forecast)
{
	const struct st_script *script = forecast->trials[forecast->at].script;

	return script && script->requests[forecast->request]->request.type != ST_REQUEST_CHANGE;
}

static void on_effect(void *owner, const struct st_effect *effect)
{
	struct forecast *forecast = owner;

	if (effect->type == ST_FX_REPLY && effect->token == TOKEN) {
		if (effect->reply ==
		    ST_REPLY_NO_MEMORY) /* for the prediction, not for what it is of */
			forecast->predict.has_failed = true;
		if (may_fail(forecast))
			return;
		forecast->is_refused = st_reply_is_error(effect->reply);
		st_forecast_view_reply(&forecast->view, effect);
		return;
	}
	st_forecast_view_effect(&forecast->view, effect,
				forecast->predict.now_ns - forecast->predict.began_ns);
}

static void begin_trial(struct forecast *forecast)
{
	forecast->walk = forecast->predict.tree->root;
	forecast->is_refused = false;
	forecast->request = 0;
	forecast->stage = MARK;
	st_forecast_view_begin(&forecast->view, &forecast->trials[forecast->at], forecast->is_list);
}

static void copy(struct forecast *forecast, struct st_buf *out)
{
	bool was_at_rest = st_tree_is_settled(forecast->live) &&
			   st_next_deadline(forecast->live) == ST_NO_DEADLINE;
	struct st_copy_room *room = forecast->room;
	struct st_tree *tree;
	uint64_t now_ns = st_clock_ns();

	forecast->room = NULL;
	if (st_copy_room_take(room, forecast->live, &tree)) {
		fail(forecast, out);
		return;
	}
	if (now_ns < tree->now_ns)
		now_ns = tree->now_ns;
	if (st_predict_init(&forecast->predict, tree, now_ns, on_effect, forecast) ||
	    st_forecast_view_init(&forecast->view, &forecast->predict)) {
		fail(forecast, out);
		return;
	}
	st_forecast_view_head(&forecast->view, was_at_rest, forecast->is_list);
	begin_trial(forecast);
}

/* Note what runs, and, before the first trial, what is under way. */
static void mark(struct forecast *forecast)
{
	struct st_child *root = forecast->predict.tree->root;

	if (!st_predict_scan(&forecast->predict, CHILDREN_PER_SLICE))
		return;
	for (unsigned int nr = 0; forecast->walk && nr < CHILDREN_PER_SLICE; nr++) {
		st_forecast_view_mark(&forecast->view, forecast->walk);
		forecast->walk = st_child_next(forecast->walk, root);
	}
	if (!forecast->walk)
		forecast->stage = TRY;
}

static void refuse(struct forecast *forecast, const char *why)
{
	forecast->is_refused = true;
	st_forecast_view_refuse(&forecast->view, why);
}

static void try_kill(struct forecast *forecast, const struct st_trial *trial)
{
	const struct st_child *child = st_tree_find(forecast->predict.tree, trial->path);

	if (!child)
		refuse(forecast, "no such child");
	else if (child->sup)
		refuse(forecast, "a supervisor is not a process; try stop-supervisor");
	else if (!child->alive)
		refuse(forecast, "it does not run");
	else if (st_trial_is_deadly(trial->signo))
		st_predict_signal(&forecast->predict, child, trial->signo);
}

static void try_request(struct forecast *forecast, struct st_request *request)
{
	const struct st_event event = { .type = ST_EV_REQUEST, .request = request };

	request->token = TOKEN;
	st_predict_event(&forecast->predict, &event);
}

static void try_strategy(struct forecast *forecast, const struct st_trial *trial)
{
	const struct st_child *child = st_tree_find(forecast->predict.tree, trial->path);
	struct st_request request = { .type = ST_REQUEST_CHANGE, .sup = trial->path };
	struct st_sup_flags flags;

	if (!child || !child->sup) {
		refuse(forecast, child ? "it is a worker" : "no such child");
		return;
	}
	flags = child->sup->spec->flags;
	if (trial->strategy >= 0)
		flags.strategy = (enum st_strategy)trial->strategy;
	if (trial->intensity >= 0)
		flags.intensity = (uint32_t)trial->intensity;
	if (trial->period_s >= 0)
		flags.period_s = (uint32_t)trial->period_s;
	request.change.to =
		st_sup_spec_new(&flags, child->sup->spec->children, child->sup->spec->nr_children);
	request.change.flags_only = true;
	if (!request.change.to) {
		forecast->predict.has_failed = true;
		return;
	}
	try_request(forecast, &request);
	st_request_done(&request);
}

static bool is_tree(const struct st_child *child)
{
	return child && child->parent && !child->parent->self->parent;
}

/* Stop the tree, then forget it, unless it is temporary: then it has been forgotten. */
static void try_unload(struct forecast *forecast, const struct st_trial *trial)
{
	const struct st_child *child = st_tree_find(forecast->predict.tree, trial->path);
	struct st_request request = {
		.type = forecast->request ? ST_REQUEST_DELETE_CHILD : ST_REQUEST_TERMINATE_CHILD,
		.sup = trial->sup,
		.id = trial->id,
	};

	if (forecast->request ? child != NULL : is_tree(child))
		try_request(forecast, &request);
	else if (!forecast->request)
		refuse(forecast, child ? "it is not directly below the root" : "no such child");
}

static void try_reload(struct forecast *forecast, const struct st_trial *trial)
{
	struct st_request request;

	if (!trial->script->nr)
		return; /* nothing is to be changed */
	request = trial->script->requests[forecast->request]->request;
	try_request(forecast, &request);
}

/* Whether a trial goes on with another request when what follows from this one has happened. */
static bool has_more(struct forecast *forecast)
{
	const struct st_trial *trial = &forecast->trials[forecast->at];
	uint32_t nr = trial->verb == ST_TRIAL_UNLOAD ? 2 : trial->script ? trial->script->nr : 1;

	return !forecast->is_refused && !forecast->predict.tree->halted && ++forecast->request < nr;
}

static void try_one(struct forecast *forecast)
{
	const struct st_trial *trial = &forecast->trials[forecast->at];
	const struct st_event stop = { .type = ST_EV_STOP };
	struct st_request request = {
		.type = st_trial_request(trial),
		.sup = trial->sup,
		.id = trial->id,
	};
	bool is_child = trial->verb != ST_TRIAL_STOP_SUPERVISOR;

	forecast->stage = RUN;
	if (trial->verb == ST_TRIAL_KILL) {
		try_kill(forecast, trial);
	} else if (trial->verb == ST_TRIAL_STOP) {
		st_predict_event(&forecast->predict, &stop);
	} else if (trial->verb == ST_TRIAL_STRATEGY) {
		try_strategy(forecast, trial);
	} else if (trial->verb == ST_TRIAL_UNLOAD) {
		try_unload(forecast, trial);
	} else if (trial->verb == ST_TRIAL_RELOAD) {
		try_reload(forecast, trial);
	} else if (is_child && !strcmp(trial->path, "/")) {
		refuse(forecast, "the root is no supervisor's child");
	} else {
		if (!is_child)
			request.sup = trial->path;
		try_request(forecast, &request);
	}
}

static void sum_up(struct forecast *forecast)
{
	struct st_child *root = forecast->predict.tree->root;

	for (unsigned int nr = 0; forecast->walk && nr < CHILDREN_PER_SLICE; nr++) {
		st_forecast_view_after(&forecast->view, forecast->walk);
		forecast->walk = st_child_next(forecast->walk, root);
	}
	if (forecast->walk)
		return;
	st_forecast_view_end(&forecast->view, forecast->is_list);
	forecast->at++;
	if (forecast->at < forecast->nr && !forecast->is_refused && !forecast->predict.tree->halted)
		begin_trial(forecast);
	else
		forecast->stage = END;
}

/* The next part of the work. */
static void work(struct forecast *forecast, struct st_buf *out)
{
	switch (forecast->stage) {
	case TOUCH:
		if (st_copy_room_touch(forecast->room))
			forecast->stage = COPY;
		break;
	case COPY:
		copy(forecast, out);
		break;
	case MARK:
		mark(forecast);
		break;
	case TRY:
		try_one(forecast);
		break;
	case RUN:
		if (!st_predict_run(&forecast->predict, STEPS_PER_SLICE))
			break;
		if (has_more(forecast)) {
			forecast->stage = TRY;
			break;
		}
		forecast->walk = forecast->predict.tree->root;
		forecast->stage = SUM_UP;
		break;
	case SUM_UP:
		sum_up(forecast);
		break;
	case END:
		break;
	}
}

static bool write_slice(struct st_slices *slices, struct st_buf *out, size_t room)
{
	struct forecast *forecast = container_of(slices, struct forecast, slices);

	(void)room; /* a slice writes little */
	forecast->view.json.out = out;
	work(forecast, out);
	if (forecast->predict.has_failed || forecast->view.has_failed)
		fail(forecast, out);
	if (forecast->stage != END)
		return false;
	if (!out->failed)
		st_forecast_view_tail(&forecast->view, forecast->at, forecast->nr,
				      forecast->is_list);
	return true;
}

struct st_slices *st_forecast_new(struct st_tree *tree, struct st_trial *trials, unsigned int nr,
				  uint64_t limit, bool is_list)
{
	struct forecast *forecast = st_alloc(sizeof(*forecast));

	if (!forecast)
		return NULL;
	forecast->slices = (struct st_slices){ .write = write_slice, .free = free_forecast };
	forecast->live = tree;
	forecast->is_list = is_list;
	forecast->view.limit = limit;
	st_json_init(&forecast->view.json, NULL);
	forecast->trials = st_alloc_array(nr, sizeof(*trials));
	if (!forecast->trials || st_copy_room_new(tree, &forecast->room)) {
		free_forecast(&forecast->slices);
		return NULL;
	}
	memcpy(forecast->trials, trials, nr * sizeof(*trials));
	forecast->nr = nr;
	return &forecast->slices;
}
