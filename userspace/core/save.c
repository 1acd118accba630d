// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the state of a tree; see save.h. Children get numbers in the order of their lines: the
 * root is 0, and a supervisor's children come after it, those on its list first.
 */
#include "core/save.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/save_internal.h"

struct save {
	const struct st_tree *tree;
	struct st_buf *out;
	const struct st_child **nodes; /* by number */
	uint32_t nr;
	struct st_map numbers; /* of children and of supervisors, by address: number + 1 */
};

/* ---- numbers ---- */

static uint64_t key_of(const void *object)
{
	return (uint64_t)(uintptr_t)object;
}

/* Return: false: it is not in the tree. */
static bool find_number(const struct save *save, const void *object, uint32_t *ret_number)
{
	uintptr_t number = object ? (uintptr_t)st_map_get(&save->numbers, key_of(object)) : 0;

	if (number)
		*ret_number = (uint32_t)number - 1;
	return number != 0;
}

static void number(struct save *save, const struct st_child *child)
{
	void *value = (void *)(uintptr_t)(save->nr + 1);

	save->nodes[save->nr++] = child;
	st_map_put(&save->numbers, key_of(child), value);
	if (child->sup)
		st_map_put(&save->numbers, key_of(child->sup), value);
}

static void number_children(struct save *save, const struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children)
		number(save, st_child_of(pos));
	for (uint32_t i = 0; i < sup->nr_slots; i++)
		if (!sup->slots[i]->listed)
			number(save, sup->slots[i]);
}

static int number_all(struct save *save)
{
	save->nodes = st_alloc_array(save->tree->nr_nodes, sizeof(*save->nodes));
	if (!save->nodes || st_map_reserve(&save->numbers, 2 * save->tree->nr_nodes))
		return -ENOMEM;
	number(save, save->tree->root);
	for (uint32_t i = 0; i < save->nr; i++)
		if (save->nodes[i]->sup)
			number_children(save, save->nodes[i]->sup);
	return 0;
}

/* ---- members ---- */

static void add_number(struct st_buf *out, const char *key, uint64_t value)
{
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, key);
	st_buf_add_char(out, '=');
	st_buf_add_u64(out, value);
}

static void add_i64(struct st_buf *out, const char *key, int64_t value)
{
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, key);
	st_buf_add_char(out, '=');
	st_buf_add_i64(out, value);
}

static void add_some(struct st_buf *out, const char *key, int64_t value)
{
	if (value)
		add_i64(out, key, value);
}

static void add_raw(struct st_buf *out, const char *key, const char *text)
{
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, key);
	st_buf_add_char(out, '=');
	st_buf_add_text(out, text);
}

static void add_text(struct st_buf *out, const char *key, const char *text)
{
	if (!text)
		return;
	add_raw(out, key, "");
	st_buf_add_json_string(out, text, strlen(text));
}

static void add_flag(struct st_buf *out, const char *key, bool value)
{
	if (!value)
		return;
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, key);
}

static void add_child(const struct save *save, const char *key, const struct st_child *child)
{
	uint32_t at;

	if (find_number(save, child, &at))
		add_number(save->out, key, at);
}

/* A place in a supervisor's list: a child, or the supervisor itself for the list's head. */
static void add_place(const struct save *save, const char *key, const struct st_sup *sup,
		      struct st_list *place)
{
	add_child(save, key, place == &sup->children ? sup->self : st_child_of(place));
}

static void add_reason(struct st_buf *out, const struct st_reason *reason)
{
	if (reason->type == ST_REASON_NORMAL)
		return;
	add_raw(out, "reason", st_saved_reason_text[reason->type]);
	add_some(out, "value", reason->value);
	if (reason->type == ST_REASON_ERROR || reason->type == ST_REASON_TERM)
		add_text(out, "text", reason->text);
}

/* The numbers of the changes that brought a specification and those below it. [K9] */
static void add_changed(struct st_buf *out, const struct st_sup_spec *top)
{
	const struct st_sup_spec *spec;
	struct st_spec_walk walk;
	uint64_t all = 0;

	for (spec = st_sup_specs_begin(&walk, top); spec; spec = st_sup_specs_next(&walk))
		all |= spec->changed;
	if (!all)
		return;
	add_raw(out, "changed", "");
	for (spec = st_sup_specs_begin(&walk, top); spec; spec = st_sup_specs_next(&walk)) {
		st_buf_add_u64(out, spec->changed);
		st_buf_add_char(out, ',');
	}
}

static void add_child_spec(struct st_buf *out, const struct st_child_spec *spec)
{
	add_raw(out, "spec", "");
	st_child_spec_write(spec, out);
	add_changed(out, spec->def.sup);
}

static void add_sup_spec(struct st_buf *out, struct st_sup_spec *spec)
{
	add_raw(out, "sup", "");
	st_sup_spec_write(spec, out);
	add_changed(out, spec);
}

static void add_instance(struct st_buf *out, const struct st_instance *instance)
{
	if (!instance)
		return;
	add_text(out, "name", instance->name);
	for (uint32_t i = 0; i < instance->nr_args; i++)
		add_text(out, "arg", instance->args[i]);
}

/* ---- children ---- */

/* Its place in the specification; children stand in this order mostly. */
static uint32_t slot_of(const struct st_child *child, uint32_t guess)
{
	const struct st_sup *sup = child->parent;

	if (guess < sup->nr_slots && sup->slots[guess] == child)
		return guess;
	for (guess = 0; guess < sup->nr_slots && sup->slots[guess] != child; guess++)
		;
	return guess;
}

/* The specification of a child: that of its supervisor's, or its own. */
static void write_spec(const struct st_child *child, uint32_t slot, struct st_buf *out)
{
	const struct st_sup_spec *above = child->parent ? child->parent->spec : NULL;

	if (!above)
		add_sup_spec(out, child->spec->def.sup);
	else if (slot < above->nr_children && above->children[slot] == child->spec)
		add_number(out, "same", slot);
	else
		add_child_spec(out, child->spec);
}

static void write_child(const struct save *save, const struct st_child *child, uint32_t *guess)
{
	struct st_buf *out = save->out;
	uint32_t slot = 0;

	st_buf_add_text(out, "child");
	if (child->parent)
		add_child(save, "parent", child->parent->self);
	if (child->from_spec) {
		slot = slot_of(child, *guess);
		add_number(out, "slot", slot);
		*guess = slot + 1;
	}
	add_flag(out, "unlisted", child->parent && !child->listed);
	add_raw(out, "state", st_child_state_text[child->state]);
	if (child->outcome)
		add_raw(out, "outcome", st_outcome_text[child->outcome]);
#define ADD_NUMBER(member) add_some(out, #member, (int64_t)child->member);
	ST_SAVED_NUMBERS(ADD_NUMBER)
#undef ADD_NUMBER
	add_i64(out, "status", child->status);
#define ADD_FLAG(member) add_flag(out, #member, child->member);
	ST_SAVED_FLAGS(ADD_FLAG)
#undef ADD_FLAG
	add_reason(out, &child->reason);
	add_instance(out, child->instance);
	write_spec(child, slot, out);
	st_buf_add_char(out, '\n');
}

/* ---- supervisors ---- */

static void write_cause(const struct st_cause *cause, struct st_buf *out)
{
	if (cause->rule)
		add_raw(out, "rule", st_saved_rule_text[cause->rule]);
	add_some(out, "used", cause->nr_restarts);
	add_some(out, "intensity", cause->intensity);
	add_some(out, "period", cause->period_s);
	add_some(out, "cause", (int64_t)cause->generation);
	add_some(out, "token", (int64_t)cause->token);
}

static void write_window(const struct st_window *window, struct st_buf *out)
{
	for (uint32_t i = 0; i < window->nr; i++) {
		struct st_bucket bucket = st_window_at(window, i);

		add_number(out, "second", bucket.second);
		add_number(out, "restarts", bucket.until);
	}
}

/* The child because of which a supervisor could not start. [A5] [A6] */
static const struct st_child *failed_in(const struct st_sup *sup)
{
	const struct st_reason *reason = &sup->self->reason;

	if (sup->job == ST_JOB_UNDO)
		return sup->failed;
	if (reason->type != ST_REASON_FAILED_CHILD)
		return NULL;
	return container_of((struct st_reason *)(uintptr_t)reason->inner, struct st_child, reason);
}

static void write_sup(const struct save *save, const struct st_sup *sup)
{
	struct st_buf *out = save->out;
	bool has_walk = st_job_has_walk(sup);

	st_buf_add_text(out, "sup");
	add_child(save, "of", sup->self);
	add_raw(out, "phase", st_phase_text[sup->phase]);
	add_raw(out, "job", st_job_text[sup->job]);
	add_some(out, "slots", sup->nr_slots);
	write_cause(&sup->cause, out);
	add_child(save, "waiting_for", sup->waiting_for);
	add_some(out, "nr_waiting", sup->nr_waiting);
	if (has_walk)
		add_place(save, "walk", sup, sup->walk);
	if (sup->job == ST_JOB_ROUND_STOP)
		add_place(save, "range", sup, sup->range);
	add_flag(out, "begun", sup->begun);
	add_flag(out, "alone", sup->alone);
	add_child(save, "failed", failed_in(sup));
	add_reason(out, &sup->end_reason);
	write_window(&sup->window, out);
	if (sup->spec != sup->self->spec->def.sup)
		add_sup_spec(out, sup->spec);
	st_buf_add_char(out, '\n');
}

static void write_nodes(const struct save *save)
{
	const struct st_sup *parent = NULL;
	uint32_t guess = 0;

	for (uint32_t i = 0; i < save->nr; i++) {
		const struct st_child *child = save->nodes[i];

		if (child->parent != parent)
			guess = 0;
		parent = child->parent;
		write_child(save, child, &guess);
		if (child->sup)
			write_sup(save, child->sup);
	}
}

/* ---- messages, and what waits ---- */

static void write_call(const struct save *save, const char *place, const struct st_call *call)
{
	struct st_buf *out = save->out;
	uint32_t of;

	st_buf_add_text(out, place);
	if (find_number(save, call->sup, &of))
		add_number(out, "of", of);
	add_raw(out, "type", st_request_text[call->type]);
	add_number(out, "token", call->token);
	add_text(out, "id", call->id);
	add_some(out, "generation", (int64_t)call->generation);
#define ADD_FLAG(member) add_flag(out, #member, call->member);
	ST_SAVED_CALL_FLAGS(ADD_FLAG)
#undef ADD_FLAG
	if (call->error)
		add_raw(out, "error", st_saved_error_text[call->error]);
	add_text(out, "term", call->error_json);
	add_reason(out, &call->reason);
	add_instance(out, call->instance);
	if (call->spec)
		add_child_spec(out, call->spec);
	if (call->to)
		add_sup_spec(out, call->to);
	st_buf_add_char(out, '\n');
}

static void write_message(const struct save *save, const struct st_sup *sup,
			  struct st_message *message)
{
	struct st_buf *out = save->out;

	switch (message->type) {
	case ST_MESSAGE_CALL:
		write_call(save, "call", container_of(message, struct st_call, message));
		return;
	case ST_MESSAGE_EXIT:
		st_buf_add_text(out, "exit");
		add_child(save, "of", container_of(message, struct st_child, message));
		break;
	case ST_MESSAGE_RETRY:
		st_buf_add_text(out, "retry");
		add_child(save, "of", container_of(message, struct st_child, message));
		break;
	case ST_MESSAGE_STOP:
		st_buf_add_text(out, "stop");
		add_child(save, "of", sup->self);
		break;
	}
	st_buf_add_char(out, '\n');
}

static void write_messages(const struct save *save)
{
	struct st_list *pos;

	for (uint32_t i = 0; i < save->nr; i++) {
		const struct st_sup *sup = save->nodes[i]->sup;

		if (!sup)
			continue;
		if (sup->call)
			write_call(save, "held", sup->call);
		st_list_for_each(pos, &sup->mailbox)
			write_message(save, sup, st_list_entry(pos, struct st_message, node));
	}
	st_list_for_each(pos, &save->tree->settle_calls)
		write_call(save, "settle", st_list_entry(pos, struct st_call, message.node));
	st_list_for_each(pos, &save->tree->refused_calls)
		write_call(save, "refused", st_list_entry(pos, struct st_call, message.node));
}

static void write_queues(const struct save *save)
{
	const struct st_heap *timers = &save->tree->timers;
	struct st_list *pos;

	st_list_for_each(pos, &save->tree->runnable) {
		st_buf_add_text(save->out, "runnable");
		add_child(save, "of", st_list_entry(pos, struct st_sup, runnable)->self);
		st_buf_add_char(save->out, '\n');
	}
	/* in the order of the heap, which decides between equal times */
	for (uint32_t i = 0; i < timers->nr; i++) {
		st_buf_add_text(save->out, "timer");
		add_child(save, "of", st_list_entry(timers->nodes[i], struct st_child, timer));
		add_number(save->out, "at", timers->nodes[i]->key);
		st_buf_add_char(save->out, '\n');
	}
}

static void write_head(const struct save *save)
{
	const struct st_tree *tree = save->tree;
	struct st_buf *out = save->out;

	st_buf_add_text(out, "suptree-state ");
	st_buf_add_u64(out, ST_SAVE_VERSION);
	add_number(out, "nodes", save->nr);
	add_number(out, "now", tree->now_ns);
	add_number(out, "random", tree->random);
	add_number(out, "generation", tree->last_generation);
	add_number(out, "changes", tree->nr_changes);
	add_number(out, "room", tree->fx_cap);
	add_some(out, "max_fds", tree->max_fds);
	add_flag(out, "halted", tree->halted);
	st_buf_add_char(out, '\n');
}

int st_tree_save(const struct st_tree *tree, struct st_buf *out)
{
	struct save save = { .tree = tree, .out = out };
	int err = number_all(&save);
	size_t begin = out->len;

	if (!err) {
		write_head(&save);
		write_nodes(&save);
		write_messages(&save);
		write_queues(&save);
		err = st_buf_error(out);
	}
	if (!err) {
		uint64_t sum = st_save_checksum(out->data + begin, out->len - begin);

		st_buf_add_text(out, "end");
		add_number(out, "checksum", sum);
		st_buf_add_char(out, '\n');
		err = st_buf_error(out);
	}
	st_map_done(&save.numbers);
	st_free(save.nodes);
	return err;
}
