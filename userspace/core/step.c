// SPDX-License-Identifier: GPL-2.0-only
/*
 * One step: take an event in, let supervisors decide, hand the effects out.
 *
 * Inside a step work is a queue of supervisors. Each turn is one message or
 * one stretch of a job, so a step always ends; what is left over when the
 * effects fill up is done in the next step, which st_next_deadline() asks for
 * at once.
 */
#include <errno.h>
#include <string.h>

#include "core/internal.h"

#define ST_ENUM_TEXT(name, text) [name] = text,
const char *const st_event_text[] = { ST_EVENT_LIST(ST_ENUM_TEXT) };
const char *const st_request_text[] = { ST_REQUEST_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

static void answer_at_once(struct st_tree *tree, uint64_t token, enum st_reply reply)
{
	struct st_effect *effect = st_emit(tree, ST_FX_REPLY, NULL);

	effect->token = token;
	effect->reply = reply;
}

/* [C6]; a whole change waits until a supervisor that starts is up [K9] */
static bool may_wait(const struct st_sup *sup, const struct st_request *request)
{
	return sup->phase == ST_PHASE_UP || sup->phase == ST_PHASE_STOPPING ||
	       (sup->phase == ST_PHASE_INIT && request->type == ST_REQUEST_CHANGE &&
		request->change.whole);
}

static void accept_request(struct st_tree *tree, const struct st_request *request)
{
	struct st_child *child;
	struct st_call *call;
	struct st_sup *sup;
	int err;

	child = request->type == ST_REQUEST_SETTLE ? tree->root : st_tree_find(tree, request->sup);
	sup = child ? child->sup : NULL;
	if (!sup || (request->type != ST_REQUEST_SETTLE && !may_wait(sup, request))) {
		answer_at_once(tree, request->token, ST_REPLY_NOPROC); /* [C6] */
		return;
	}
	err = st_call_new(tree, request, &call);
	if (err) {
		answer_at_once(tree, request->token, st_reply_from(err));
		return;
	}
	if (request->type == ST_REQUEST_SETTLE) {
		st_list_add_tail(&call->message.node, &tree->settle_calls);
		return;
	}
	call->sup = sup;
	st_mailbox_put(&sup->mailbox, &call->message, ST_MESSAGE_CALL);
	st_sup_wake(sup);
}

/* An event about a process that its supervisor waits for the start of. */
static void accept_start(struct st_child *child, const struct st_event *event)
{
	static const struct st_reason killed = { .type = ST_REASON_KILLED };

	if (child->state != ST_CHILD_STARTING || child->lingering)
		return;
	if (child->parent->phase == ST_PHASE_KILLED || child->killed) {
		if (event->type == ST_EV_SPAWN_FAILED)
			st_child_ended(child, &killed);
		return;
	}
	if (child->is_settling && event->type != ST_EV_SPAWN_FAILED)
		return; /* it has said READY already [X9] */
	if (event->type == ST_EV_READY) {
		st_child_settle(child);
		return;
	}
	if (event->type == ST_EV_IGNORE) {
		st_child_linger(child, ST_OUTCOME_IGNORED);
		return;
	}
	st_child_set_error(child, event->text ? event->text : "");
	if (event->type == ST_EV_ERROR)
		st_child_linger(child, ST_OUTCOME_FAILED);
	else
		st_child_outcome(child, ST_OUTCOME_FAILED);
}

static void accept_end(struct st_tree *tree, struct st_child *child, const struct st_event *event)
{
	struct st_reason reason = st_child_reason(child, &event->reason);

	child->status = event->status;
	tree->usage = event->usage.maxrss_kb ? &event->usage : NULL;
	st_child_ended(child, &reason);
	tree->usage = NULL;
}

static void note_process(struct st_child *child, const struct st_event *event)
{
	child->pid = event->pid;
	child->spawned_ns = child->parent->tree->now_ns;
}

static void accept_process(struct st_tree *tree, const struct st_event *event)
{
	struct st_child *child = st_tree_find_generation(tree, event->generation);

	if (!child)
		return; /* the one place where stale events are dropped [M4] */
	if (event->type == ST_EV_SPAWNED)
		note_process(child, event);
	else if (event->type == ST_EV_EXITED)
		accept_end(tree, child, event);
	else if (event->type == ST_EV_UNHEALTHY)
		st_child_unhealthy(child);
	else
		accept_start(child, event);
}

static void accept_stop(struct st_tree *tree, bool at_once)
{
	struct st_sup *sup = tree->root->sup;

	if (at_once) {
		st_sup_kill(sup);
	} else if (sup->phase != ST_PHASE_DOWN) {
		st_mailbox_put(&sup->mailbox, &sup->stop, ST_MESSAGE_STOP);
		st_sup_wake(sup);
	}
}

static void accept(struct st_tree *tree, const struct st_event *event)
{
	switch (event->type) {
	case ST_EV_BOOT:
		if (!tree->root->alive && !tree->halted)
			st_child_start(tree->root);
		break;
	case ST_EV_SPAWNED:
	case ST_EV_READY:
	case ST_EV_IGNORE:
	case ST_EV_ERROR:
	case ST_EV_SPAWN_FAILED:
	case ST_EV_EXITED:
	case ST_EV_UNHEALTHY:
		accept_process(tree, event);
		break;
	case ST_EV_REQUEST:
		accept_request(tree, event->request);
		break;
	case ST_EV_STOP:
	case ST_EV_KILL:
		accept_stop(tree, event->type == ST_EV_KILL);
		break;
	case ST_EV_TICK:
	case ST_EV__MAX:
		break;
	}
}

static void expire(struct st_child *child)
{
	if (child->state == ST_CHILD_RESTARTING)
		st_restart_queue(child);
	else if (child->is_settling)
		st_child_outcome(child, ST_OUTCOME_READY); /* it was up for long enough [X9] */
	else
		st_child_kill(child); /* it did not start, or end, in time */
}

static bool has_room(const struct st_tree *tree)
{
	return tree->nr_fx <= tree->fx_cap / 2;
}

static void handle(struct st_sup *sup, struct st_message *message)
{
	static const struct st_reason shutdown = { .type = ST_REASON_SHUTDOWN };

	switch (message->type) {
	case ST_MESSAGE_EXIT:
		st_restart_exit(container_of(message, struct st_child, message));
		break;
	case ST_MESSAGE_RETRY:
		st_restart_retry(container_of(message, struct st_child, message));
		break;
	case ST_MESSAGE_CALL:
		st_call_begin(sup, container_of(message, struct st_call, message));
		break;
	case ST_MESSAGE_STOP:
		sup->cause = st_stop_cause(sup->self);
		st_sup_begin_terminate(sup, &shutdown);
		break;
	}
}

/* One turn of one supervisor. */
static void decide(struct st_sup *sup)
{
	struct st_message *message;

	if (sup->waiting_for || sup->nr_waiting)
		return;
	if (sup->job != ST_JOB_NONE) {
		st_sup_advance(sup);
	} else if (sup->phase == ST_PHASE_UP) {
		message = st_mailbox_take(&sup->mailbox);
		if (message)
			handle(sup, message);
	}

	if (sup->waiting_for || sup->nr_waiting || sup->phase == ST_PHASE_DOWN)
		return;
	if (sup->job != ST_JOB_NONE || !st_list_is_empty(&sup->mailbox))
		st_sup_wake(sup);
}

/* Requests to a supervisor that is down fail. [C6] */
static void refuse(struct st_tree *tree)
{
	while (has_room(tree) && !st_list_is_empty(&tree->refused_calls)) {
		struct st_call *call =
			st_list_entry(tree->refused_calls.next, struct st_call, message.node);

		st_list_del(&call->message.node);
		st_call_answer(tree, call, ST_REPLY_NOPROC, NULL);
	}
}

static void settle(struct st_tree *tree)
{
	while (st_tree_is_settled(tree) && !st_list_is_empty(&tree->settle_calls)) {
		struct st_call *call =
			st_list_entry(tree->settle_calls.next, struct st_call, message.node);

		if (!has_room(tree))
			return;
		st_list_del(&call->message.node);
		st_call_answer(tree, call, ST_REPLY_OK, NULL);
	}
}

void st_step(struct st_tree *tree, uint64_t now_ns, const struct st_event *event,
	     struct st_effects *ret_effects)
{
	struct st_heap_node *timer;

	st_empty_graves(tree);
	tree->nr_fx = 0;
	tree->now_ns = now_ns;
	tree->shown = false;

	accept(tree, event);
	while (has_room(tree) && (timer = st_heap_take_until(&tree->timers, now_ns)))
		expire(st_list_entry(timer, struct st_child, timer));
	while (has_room(tree) && !tree->shown && !st_list_is_empty(&tree->runnable)) {
		struct st_sup *sup = st_list_entry(tree->runnable.next, struct st_sup, runnable);

		st_list_del(&sup->runnable);
		decide(sup);
	}
	refuse(tree);
	settle(tree);

	ret_effects->items = tree->fx;
	ret_effects->nr = tree->nr_fx;
}

uint64_t st_next_deadline(const struct st_tree *tree)
{
	const struct st_heap_node *first = st_heap_first(&tree->timers);

	if (!st_list_is_empty(&tree->runnable) || !st_list_is_empty(&tree->refused_calls))
		return 0;
	if (!st_list_is_empty(&tree->settle_calls) && st_tree_is_settled(tree))
		return 0;
	return first ? first->key : ST_NO_DEADLINE;
}
