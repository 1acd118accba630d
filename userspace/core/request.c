// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: the calls that OTP's supervisor answers. [C] [I3] [I4] [X1]
 *
 * A request waits in the mailbox of the supervisor it names, is begun when
 * its turn comes, and is answered exactly once.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"
#include "core/limits.h"

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = st_alloc(size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

/* One block: the struct, the argument pointers, the texts. */
struct st_instance *st_instance_new(const char *name, const char *const *args, uint32_t nr)
{
	size_t size = sizeof(struct st_instance) + (nr + 1) * sizeof(char *) + strlen(name) + 1;
	struct st_instance *instance;
	char *text;

	for (uint32_t i = 0; i < nr; i++)
		size += strlen(args[i]) + 1;
	instance = st_alloc(size);
	if (!instance)
		return NULL;
	text = (char *)&instance->args[nr + 1];
	instance->refs = 1;
	instance->nr_args = nr;
	instance->name = strcpy(text, name);
	for (uint32_t i = 0; i < nr; i++) {
		text += strlen(text) + 1;
		instance->args[i] = strcpy(text, args[i]);
	}
	return instance;
}

struct st_instance *st_instance_get(struct st_instance *instance)
{
	if (instance)
		instance->refs++;
	return instance;
}

void st_instance_put(struct st_instance *instance)
{
	if (instance && !--instance->refs)
		st_free(instance);
}

void st_call_free(struct st_call *call)
{
	st_free(call->id);
	st_free(call->error_json);
	st_instance_put(call->instance);
	st_child_spec_put(call->spec);
	st_sup_spec_put(call->to);
	st_free(call);
}

/* The term of an error that came without one: its word. */
static const char *term_of(const struct st_request *request)
{
#define ST_TERM(name, text) [name] = "\"" text "\"",
	static const char *const words[] = { ST_SPEC_ERROR_LIST(ST_TERM) };
#undef ST_TERM

	return request->error_json ? request->error_json : words[request->error];
}

void st_request_done(struct st_request *request)
{
	if (request->type == ST_REQUEST_START_CHILD)
		st_child_spec_put(request->start.spec);
	if (request->type == ST_REQUEST_CHANGE)
		st_sup_spec_put(request->change.to);
}

static int fill_call(struct st_call *call, const struct st_request *request)
{
	const char *name = request->id ? request->id : "";

	call->id = copy_text(name);
	if (!call->id)
		return -ENOMEM;
	if (request->error) {
		call->error_json = copy_text(term_of(request));
		if (!call->error_json)
			return -ENOMEM;
	}
	if (request->type != ST_REQUEST_START_CHILD || call->spec)
		return 0;
	call->instance = st_instance_new(name, request->start.args, request->start.nr_args);
	return call->instance ? 0 : -ENOMEM;
}

/* What only this type of request has. */
static void take_details(struct st_call *call, const struct st_request *request)
{
	switch (request->type) {
	case ST_REQUEST_START_CHILD:
		call->spec = request->start.spec ? st_child_spec_get(request->start.spec) : NULL;
		call->significant = request->start.significant ||
				    (call->spec && call->spec->def.significant);
		break;
	case ST_REQUEST_TERMINATE_CHILD:
		call->generation = request->terminate.generation;
		call->foreign = request->terminate.foreign;
		break;
	case ST_REQUEST_CHANGE:
		call->to = request->change.to ? st_sup_spec_get(request->change.to) : NULL;
		call->flags_only = request->change.flags_only;
		call->whole = request->change.whole;
		break;
	case ST_REQUEST_STOP:
		call->reason = st_reason_plain(&request->stop.reason);
		break;
	case ST_REQUEST_RESTART_CHILD:
	case ST_REQUEST_DELETE_CHILD:
	case ST_REQUEST_RESTART:
	case ST_REQUEST_WHICH_CHILDREN:
	case ST_REQUEST_COUNT_CHILDREN:
	case ST_REQUEST_GET_CHILDSPEC:
	case ST_REQUEST_SETTLE:
	case ST_REQUEST__MAX:
		break;
	}
}

static bool has_too_many_args(const struct st_request *request)
{
	return request->type == ST_REQUEST_START_CHILD && request->start.nr_args > ST_MAX_ARGS;
}

int st_call_new(struct st_tree *tree, const struct st_request *request, struct st_call **ret_call)
{
	struct st_call *call;
	int err;

	if (tree->nr_calls >= ST_MAX_CALLS || has_too_many_args(request))
		return -E2BIG;
	call = st_alloc(sizeof(*call));
	if (!call)
		return -ENOMEM;
	st_message_init(&call->message);
	call->type = request->type;
	call->token = request->token;
	call->error = request->error;
	take_details(call, request);
	err = fill_call(call, request);
	if (err) {
		st_call_free(call);
		return err;
	}
	tree->nr_calls++;
	*ret_call = call;
	return 0;
}

/* The reply may point at texts of the call, so these live until the next step. */
void st_call_answer(struct st_tree *tree, struct st_call *call, enum st_reply reply,
		    const struct st_child *child)
{
	struct st_effect *effect = st_emit(tree, ST_FX_REPLY, child);

	effect->reply = reply;
	effect->token = call->token;
	effect->sup = call->sup;
	if (reply == ST_REPLY_START_ERROR)
		effect->reason = child->reason;
	if (reply == ST_REPLY_INVALID_SPEC)
		effect->reason = call->reason;
	/* the answer must still be true when the effect is executed */
	tree->shown = true;
	tree->nr_calls--;
	st_list_add_tail(&call->message.node, &tree->dead_calls);
}

enum st_reply st_reply_from(int err)
{
	if (!err)
		return ST_REPLY_OK;
	return err == -E2BIG ? ST_REPLY_LIMIT : ST_REPLY_NO_MEMORY;
}

/* @term: JSON that lives as long as the call. */
void st_call_invalid(struct st_tree *tree, struct st_call *call, const char *term)
{
	call->reason = (struct st_reason){ .type = ST_REASON_TERM, .text = term };
	st_call_answer(tree, call, ST_REPLY_INVALID_SPEC, NULL);
}

/* A supervisor that is down does not answer. [C6] */
void st_mailbox_refuse(struct st_sup *sup)
{
	struct st_list *refused = &sup->tree->refused_calls;
	struct st_message *message;

	if (sup->call)
		st_list_add_tail(&sup->call->message.node, refused);
	sup->call = NULL;
	while ((message = st_mailbox_take(&sup->mailbox)))
		if (message->type == ST_MESSAGE_CALL)
			st_list_add_tail(&message->node, refused);
}

static bool is_full(const struct st_sup *sup)
{
	const struct st_sup_flags *flags = &sup->spec->flags;

	return flags->strategy == ST_STRATEGY_DYNAMIC && flags->max_children &&
	       sup->nr_children >= flags->max_children;
}

/* OTP's order of checks: a word before significant, V4, a word after it. [V2] */
static const char *find_invalid(const struct st_sup *sup, const struct st_call *call)
{
	static const char never[] =
		"{\"bad_combination\":[{\"auto_shutdown\":\"never\"},{\"significant\":true}]}";
	static const char permanent[] =
		"{\"bad_combination\":[{\"restart\":\"permanent\"},{\"significant\":true}]}";
	const struct st_sup_flags *flags = &sup->spec->flags;
	enum st_spec_error error;

	if (call->error && call->error < ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN)
		return call->error_json;
	if (call->significant && flags->auto_shutdown == ST_AUTO_SHUTDOWN_NEVER)
		return never;
	if (call->error)
		return call->error_json;
	if (!call->spec)
		return "\"missing_start\"";
	error = st_child_def_check(&call->spec->def, flags);
	if (error == ST_SPEC_BAD_COMBINATION_RESTART)
		return permanent;
	return error == ST_SPEC_INVALID_SHUTDOWN ? "{\"invalid_shutdown\":0}" : NULL; /* [X2] */
}

static const char *invalid_start(const struct st_sup *sup, const struct st_call *call)
{
	if (sup->spec->flags.strategy != ST_STRATEGY_SIMPLE_ONE_FOR_ONE)
		return find_invalid(sup, call);
	/* it takes a name and arguments only [I1] */
	return call->instance && st_id_is_valid(call->id) ? NULL : "\"badarg\"";
}

static bool refuse_start(struct st_sup *sup, struct st_call *call)
{
	const char *invalid = invalid_start(sup, call);
	struct st_child *child;

	if (invalid) {
		st_call_invalid(sup->tree, call, invalid);
		return true;
	}
	if (is_full(sup)) {
		st_call_answer(sup->tree, call, ST_REPLY_MAX_CHILDREN, NULL);
		return true;
	}
	child = st_sup_is_dynamic(sup) ? NULL : st_sup_find(sup, call->spec->def.id);
	if (!child)
		return false;
	st_call_answer(sup->tree, call,
		       child->state == ST_CHILD_RUNNING ? ST_REPLY_ALREADY_STARTED :
							  ST_REPLY_ALREADY_PRESENT,
		       child);
	return true;
}

static void start_child(struct st_sup *sup, struct st_call *call)
{
	bool simple = sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;
	struct st_child *child;
	int err;

	if (refuse_start(sup, call))
		return;
	err = st_node_new(sup->tree, sup, simple ? sup->spec->children[0] : call->spec,
			  simple ? call->instance : NULL, &child);
	if (err) {
		st_call_answer(sup->tree, call, st_reply_from(err), NULL);
		return;
	}
	if (simple)
		call->instance = NULL;
	st_child_link(child, &sup->children); /* at the end [C1] */
	if (st_child_is_left(child) && !st_sup_is_dynamic(sup)) {
		st_emit(sup->tree, ST_FX_ADDED, child)->cause.token = call->token;
		st_call_answer(sup->tree, call, ST_REPLY_ADDED, child); /* [X7] */
		return;
	}
	st_sup_begin_call(sup, ST_JOB_CALL_START, child, call);
}

/* Does its spec outlive its process? [B2] [I2] */
static bool is_lasting(const struct st_child *child)
{
	return child->spec->def.restart != ST_RESTART_TEMPORARY &&
	       !st_sup_is_dynamic(child->parent);
}

/* The start that a request asked for has an outcome. [C1] [C3] [I4] */
void st_call_start_done(struct st_sup *sup, struct st_child *child)
{
	struct st_call *call = sup->call;
	bool added = call->type == ST_REQUEST_START_CHILD;
	bool kept = call->type == ST_REQUEST_RESTART_CHILD || is_lasting(child);

	sup->call = NULL;
	switch (child->outcome) {
	case ST_OUTCOME_READY:
		if (added)
			st_emit(sup->tree, ST_FX_ADDED, child)->cause.token = call->token;
		st_call_answer(sup->tree, call, ST_REPLY_STARTED, child);
		return;
	case ST_OUTCOME_IGNORED:
	case ST_OUTCOME_DONE:
		if (added && kept)
			st_emit(sup->tree, ST_FX_ADDED, child)->cause.token = call->token;
		st_call_answer(sup->tree, call,
			       child->outcome == ST_OUTCOME_DONE ? ST_REPLY_DONE : ST_REPLY_IGNORED,
			       child);
		break;
	case ST_OUTCOME_FAILED:
		st_call_answer(sup->tree, call, ST_REPLY_START_ERROR, child);
		kept = kept && !added;
		break;
	case ST_OUTCOME_NONE:
	case ST_OUTCOME__MAX:
		break;
	}
	if (!kept)
		st_child_forget(child)->cause.token = call->token;
}

static void restart_child(struct st_sup *sup, struct st_call *call, struct st_child *child)
{
	if (child->state == ST_CHILD_STOPPED)
		st_sup_begin_call(sup, ST_JOB_CALL_START, child, call);
	else
		st_call_answer(sup->tree, call,
			       child->state == ST_CHILD_RUNNING ? ST_REPLY_RUNNING :
								  ST_REPLY_RESTARTING,
			       child);
}

static void delete_child(struct st_sup *sup, struct st_call *call, struct st_child *child)
{
	if (child->state == ST_CHILD_STOPPED) {
		st_child_forget(child)->cause.token = call->token;
		child->deleted = true;
		st_call_answer(sup->tree, call, ST_REPLY_OK, child);
		return;
	}
	st_call_answer(sup->tree, call,
		       child->state == ST_CHILD_RUNNING ? ST_REPLY_RUNNING : ST_REPLY_RESTARTING,
		       child);
}

static void terminate_child(struct st_sup *sup, struct st_call *call, struct st_child *child)
{
	if (child->state == ST_CHILD_RUNNING) {
		st_sup_begin_call(sup, ST_JOB_CALL_STOP, child, call);
		return;
	}
	st_heap_remove(&sup->tree->timers, &child->timer); /* ends the retries [F7] */
	sup->call = call;
	st_child_set_state(child, ST_CHILD_STOPPED);
	st_call_stop_done(sup, child);
}

/* The child that terminate_child or restart was about is stopped. [C5] [X10] */
void st_call_stop_done(struct st_sup *sup, struct st_child *child)
{
	struct st_call *call = sup->call;

	if (call->type == ST_REQUEST_RESTART) {
		st_sup_begin_call(sup, ST_JOB_CALL_START, child, call);
		return;
	}
	sup->call = NULL;
	child->is_wanted = false;
	if (!is_lasting(child)) {
		st_child_forget(child)->cause.token = call->token;
		child->deleted = true;
	}
	st_call_answer(sup->tree, call, ST_REPLY_OK, child);
}

static struct st_child *find_process(const struct st_sup *sup, uint64_t generation)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children)
		if (st_child_of(pos)->ready_generation == generation)
			return st_child_of(pos);
	return NULL;
}

/* By process or by name; a process that is dead already is fine. [I3] [X2] */
static void terminate_dynamic(struct st_sup *sup, struct st_call *call)
{
	bool simple = sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;
	struct st_child *child;

	child = call->generation ? find_process(sup, call->generation) : st_sup_find(sup, call->id);
	if (child)
		terminate_child(sup, call, child);
	else if (call->type == ST_REQUEST_RESTART)
		st_call_answer(sup->tree, call, ST_REPLY_NOT_FOUND, NULL);
	else if (simple && !call->generation && !call->foreign &&
		 !strcmp(call->id, sup->spec->children[0]->def.id))
		st_call_answer(sup->tree, call, ST_REPLY_SIMPLE_ONE_FOR_ONE, NULL);
	else
		st_call_answer(sup->tree, call,
			       simple && call->generation && !call->foreign ? ST_REPLY_OK :
									      ST_REPLY_NOT_FOUND,
			       NULL);
}

static void get_childspec(struct st_sup *sup, struct st_call *call)
{
	struct st_child *child;

	child = call->generation ? find_process(sup, call->generation) : st_sup_find(sup, call->id);
	/* the template by its id, when no child has that name [I3] */
	if (child || (sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE &&
		      !strcmp(call->id, sup->spec->children[0]->def.id)))
		st_call_answer(sup->tree, call, ST_REPLY_CHILDSPEC, child);
	else
		st_call_answer(sup->tree, call, ST_REPLY_NOT_FOUND, NULL);
}

static void begin_by_id(struct st_sup *sup, struct st_call *call)
{
	struct st_child *child;

	if (st_sup_is_dynamic(sup)) {
		if (call->type == ST_REQUEST_TERMINATE_CHILD || call->type == ST_REQUEST_RESTART)
			terminate_dynamic(sup, call);
		else
			st_call_answer(sup->tree, call, ST_REPLY_SIMPLE_ONE_FOR_ONE, NULL);
		return;
	}
	child = call->foreign ? NULL : st_sup_find(sup, call->id);
	if (!child)
		st_call_answer(sup->tree, call, ST_REPLY_NOT_FOUND, NULL);
	else if (call->type == ST_REQUEST_RESTART_CHILD)
		restart_child(sup, call, child);
	else if (call->type == ST_REQUEST_DELETE_CHILD)
		delete_child(sup, call, child);
	else
		terminate_child(sup, call, child);
}

/* The supervisor has come to a request; it runs and has no job. */
void st_call_begin(struct st_sup *sup, struct st_call *call)
{
	switch (call->type) {
	case ST_REQUEST_START_CHILD:
		start_child(sup, call);
		break;
	case ST_REQUEST_RESTART_CHILD:
	case ST_REQUEST_DELETE_CHILD:
	case ST_REQUEST_RESTART:
	case ST_REQUEST_TERMINATE_CHILD:
		begin_by_id(sup, call);
		break;
	case ST_REQUEST_WHICH_CHILDREN:
		st_call_answer(sup->tree, call, ST_REPLY_CHILDREN, NULL);
		break;
	case ST_REQUEST_COUNT_CHILDREN:
		st_call_answer(sup->tree, call, ST_REPLY_COUNTS, NULL);
		break;
	case ST_REQUEST_GET_CHILDSPEC:
		get_childspec(sup, call);
		break;
	case ST_REQUEST_CHANGE:
		st_call_change(sup, call);
		break;
	case ST_REQUEST_STOP:
		sup->call = call;
		st_sup_set_request(sup, call);
		st_sup_begin_terminate(sup, &call->reason);
		break;
	case ST_REQUEST_SETTLE:
	case ST_REQUEST__MAX:
		break;
	}
}
