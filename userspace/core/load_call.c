// SPDX-License-Identifier: GPL-2.0-only
/*
 * The messages, requests, deadlines and the queue of a saved state; see load.c, which has made the
 * children and supervisors.
 */
#include <errno.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/load_internal.h"

static bool read_flags(const struct st_load_line *line, struct st_call *call)
{
#define READ_FLAG(member) call->member = st_load_has(line, ST_KEY_##member);
	ST_SAVED_CALL_FLAGS(READ_FLAG)
#undef READ_FLAG
	return true;
}

static bool read_words(struct st_load *load, struct st_call *call)
{
	const struct st_load_line *line = &load->line;
	int type = st_load_word(line, ST_KEY_type, st_request_text, ST_REQUEST__MAX);
	int error = st_load_word(line, ST_KEY_error, st_saved_error_text, ST_SPEC__MAX);

	if (type < 0 || error < 0 || !st_load_has(line, ST_KEY_type))
		return st_load_fail(load, "a word is not known");
	call->type = (enum st_request_type)type;
	call->error = (enum st_spec_error)error;
	return true;
}

static bool read_texts(struct st_load *load, struct st_call *call)
{
	const struct st_load_line *line = &load->line;
	char *text;

	if (!st_load_has(line, ST_KEY_id))
		return st_load_fail(load, "a request has no id");
	call->id = st_load_text(&line->members[ST_KEY_id]);
	if (st_load_has(line, ST_KEY_term))
		call->error_json = st_load_text(&line->members[ST_KEY_term]);
	if (!call->id || (!call->error_json && st_load_has(line, ST_KEY_term)))
		return st_load_fail(load, "a text cannot be read");
	if (call->error && !call->error_json)
		return st_load_fail(load, "an error has no term");
	if (!st_load_reason(load, &call->reason, &text))
		return false;
	st_free(text); /* a reason to stop has none */
	if (call->reason.type > ST_REASON_UNHEALTHY)
		return st_load_fail(load, "this cannot be a reason to stop");
	return st_load_instance(load, &call->instance);
}

static bool read_details(struct st_load *load, struct st_call *call)
{
	const struct st_load_line *line = &load->line;

	if (st_load_has(line, ST_KEY_spec) && !st_load_child_spec(load, &call->spec))
		return false;
	if (st_load_has(line, ST_KEY_sup) && !st_load_sup_spec(load, &call->to))
		return false;
	/* a job has given the name and arguments to the child already */
	if (call->type == ST_REQUEST_START_CHILD && !call->spec && !call->instance &&
	    !st_load_is(line, "held"))
		return st_load_fail(load, "it is not said what to start");
	return true;
}

/* Return: a request, owned by the caller, or NULL. */
static struct st_call *read_call(struct st_load *load)
{
	struct st_call *call = st_alloc(sizeof(*call));

	if (!call) {
		(void)st_load_no_memory(load);
		return NULL;
	}
	st_message_init(&call->message);
	call->token = st_load_number(&load->line, ST_KEY_token);
	call->generation = st_load_number(&load->line, ST_KEY_generation);
	if (load->tree->nr_calls == ST_MAX_CALLS)
		(void)st_load_fail(load, "there are too many requests");
	else if (read_flags(&load->line, call) && read_words(load, call) &&
		 read_texts(load, call) && read_details(load, call))
		return call;
	st_call_free(call);
	return NULL;
}

static bool add_to_tree(struct st_load *load, struct st_list *queue)
{
	struct st_child *of = NULL;
	struct st_call *call;

	if (st_load_has(&load->line, ST_KEY_of) && !st_load_child(load, ST_KEY_of, &of))
		return false;
	call = read_call(load);
	if (!call)
		return false;
	if ((of && !of->sup) ||
	    (queue == &load->tree->settle_calls) != (call->type == ST_REQUEST_SETTLE)) {
		st_call_free(call);
		return st_load_fail(load, "a request waits at the wrong place");
	}
	call->sup = of ? of->sup : NULL;
	st_list_add_tail(&call->message.node, queue);
	load->tree->nr_calls++;
	return true;
}

static bool is_reachable(const struct st_child *child)
{
	for (; child->parent; child = child->parent->self)
		if (!child->listed)
			return false;
	return true;
}

/* A request in the mailbox of a supervisor, or held by its job. */
static bool add_to_sup(struct st_load *load, struct st_sup *sup, bool is_held)
{
	struct st_call *call;

	if (!sup || !is_reachable(sup->self) || (is_held && sup->call))
		return st_load_fail(load, "a request waits at the wrong place");
	call = read_call(load);
	if (!call)
		return false;
	if (call->type == ST_REQUEST_SETTLE) {
		st_call_free(call);
		return st_load_fail(load, "a request waits at the wrong place");
	}
	call->sup = sup;
	load->tree->nr_calls++;
	if (is_held)
		sup->call = call;
	else
		st_mailbox_put(&sup->mailbox, &call->message, ST_MESSAGE_CALL);
	return true;
}

static bool add_message(struct st_load *load, struct st_child *child, enum st_message_type type)
{
	struct st_message *message = type == ST_MESSAGE_STOP && child->sup ? &child->sup->stop :
									     &child->message;
	struct st_sup *sup = type == ST_MESSAGE_STOP ? child->sup : child->parent;

	if (!sup || !st_list_is_empty(&message->node))
		return st_load_fail(load, "a message waits at the wrong place");
	st_mailbox_put(&sup->mailbox, message, type);
	return true;
}

static bool add_runnable(struct st_load *load, struct st_sup *sup)
{
	if (!sup || !st_list_is_empty(&sup->runnable))
		return st_load_fail(load,
				    "what is in the queue is no supervisor, or is there already");
	st_sup_wake(sup);
	return true;
}

static bool add_timer(struct st_load *load, struct st_child *child)
{
	if (!child->parent || st_heap_holds(&child->timer) || !st_load_has(&load->line, ST_KEY_at))
		return st_load_fail(load, "a child has two deadlines, or none");
	st_heap_put(&load->tree->timers, &child->timer, st_load_number(&load->line, ST_KEY_at));
	return true;
}

bool st_load_message(struct st_load *load)
{
	const struct st_load_line *line = &load->line;
	struct st_child *child;

	if (st_load_is(line, "settle"))
		return add_to_tree(load, &load->tree->settle_calls);
	if (st_load_is(line, "refused"))
		return add_to_tree(load, &load->tree->refused_calls);
	if (!st_load_child(load, ST_KEY_of, &child))
		return false;
	if (st_load_is(line, "call") || st_load_is(line, "held"))
		return add_to_sup(load, child->sup, st_load_is(line, "held"));
	if (st_load_is(line, "exit"))
		return add_message(load, child, ST_MESSAGE_EXIT);
	if (st_load_is(line, "retry"))
		return add_message(load, child, ST_MESSAGE_RETRY);
	if (st_load_is(line, "stop"))
		return add_message(load, child, ST_MESSAGE_STOP);
	if (st_load_is(line, "runnable"))
		return add_runnable(load, child->sup);
	if (st_load_is(line, "timer"))
		return add_timer(load, child);
	return st_load_fail(load, "a line begins with an unknown word");
}
