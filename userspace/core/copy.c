// SPDX-License-Identifier: GPL-2.0-only
/*
 * The copy of copy.h.
 *
 * Supervisors are copied one after the other, from the root down, each with its children
 * (a work list, no recursion). A child that was copied knows its place in the copy's block,
 * ->copy_at, which leads from each pointer of the tree to its twin. Pointers that a supervisor
 * no longer uses may point nowhere; only those that its job uses are copied.
 *
 * Never called while a step runs. Read types.h first.
 */
#include "core/copy.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"

#define PAGE 4096 /* bytes; or less than a page */
#define PAGES_AT_ONCE 128

struct st_copy_room {
	struct st_tree *to; /* without a root */
	size_t block; /* bytes of ->to->block that were touched */
	size_t map; /* the same of ->to->generations */
};

struct copying {
	struct st_tree *from;
	struct st_tree *to;
	struct st_list unbuilt; /* supervisors of @to; ->before is the one to copy from */
};

static struct st_child *twin(const struct copying *copying, const struct st_child *child)
{
	return child ? &copying->to->block[child->copy_at] : NULL;
}

static int copy_error(struct st_child *child, const struct st_child *from)
{
	size_t size = strlen(from->error->text) + 1;

	child->error = st_alloc(sizeof(*child->error) + size);
	if (!child->error)
		return -ENOMEM;
	memcpy(child->error->text, from->error->text, size);
	if (child->reason.text == from->error->text)
		child->reason.text = child->error->text;
	return 0;
}

/* A child without what is below it; a supervisor is put on the list of unbuilt ones. */
static int copy_child(struct copying *copying, struct st_sup *parent, struct st_child *from,
		      struct st_child **ret_child)
{
	struct st_tree *to = copying->to;
	struct st_child *child = &to->block[to->nr_nodes];

	from->copy_at = to->nr_nodes++;
	*child = *from;
	st_list_init(&child->sibling);
	st_message_init(&child->message);
	child->parent = parent;
	child->spec = st_child_spec_get(from->spec);
	child->instance = st_instance_get(from->instance);
	child->sup = NULL;
	child->error = NULL;
	child->timer.index = 0;
	child->nr_walks = 0;
	to->nr_fds += child->nr_fds;
	if (child->in_lookup)
		st_lookup_add_hashed(child);
	if (child->alive && !from->sup)
		st_map_put(&to->generations, child->generation, child);
	*ret_child = child;
	if (from->error && copy_error(child, from))
		return -ENOMEM;
	if (!from->sup)
		return 0;
	child->sup = st_sup_new(to, child, from->sup->spec, &copying->unbuilt);
	if (!child->sup)
		return -ENOMEM;
	child->sup->before = from->sup;
	return 0;
}

static int copy_text(const char *text, char **ret_text)
{
	size_t size = text ? strlen(text) + 1 : 0;

	*ret_text = NULL;
	if (!text)
		return 0;
	*ret_text = st_alloc(size);
	if (!*ret_text)
		return -ENOMEM;
	memcpy(*ret_text, text, size);
	return 0;
}

/* @sup: NULL: the answer is due, and does not need it */
static int copy_call(const struct st_call *from, struct st_sup *sup, struct st_call **ret_call)
{
	struct st_call *call = st_alloc(sizeof(*call));

	if (!call)
		return -ENOMEM;
	*call = *from;
	st_message_init(&call->message);
	call->sup = sup;
	call->id = NULL;
	call->error_json = NULL;
	call->instance = st_instance_get(from->instance);
	call->spec = from->spec ? st_child_spec_get(from->spec) : NULL;
	call->to = from->to ? st_sup_spec_copy(from->to) : NULL;
	if ((from->to && !call->to) || copy_text(from->id, &call->id) ||
	    copy_text(from->error_json, &call->error_json)) {
		st_call_free(call);
		return -ENOMEM;
	}
	if (from->reason.text && from->reason.text == from->error_json)
		call->reason.text = call->error_json;
	*ret_call = call;
	return 0;
}

static int copy_calls(const struct st_list *from, struct st_list *to)
{
	struct st_call *call;
	struct st_list *pos;

	st_list_for_each(pos, from) {
		if (copy_call(st_list_entry(pos, struct st_call, message.node), NULL, &call))
			return -ENOMEM;
		st_list_add_tail(&call->message.node, to);
	}
	return 0;
}

static int copy_message(struct copying *copying, struct st_sup *sup, struct st_message *from)
{
	struct st_message *message = &sup->stop;
	struct st_call *call;

	switch (from->type) {
	case ST_MESSAGE_EXIT:
	case ST_MESSAGE_RETRY:
		message = &twin(copying, container_of(from, struct st_child, message))->message;
		break;
	case ST_MESSAGE_CALL:
		if (copy_call(container_of(from, struct st_call, message), sup, &call))
			return -ENOMEM;
		message = &call->message;
		break;
	case ST_MESSAGE_STOP:
		break;
	}
	message->type = from->type;
	st_list_add_tail(&message->node, &sup->mailbox);
	return 0;
}

static int copy_mailbox(struct copying *copying, struct st_sup *sup, const struct st_sup *from)
{
	struct st_list *pos;

	st_list_for_each(pos, &from->mailbox)
		if (copy_message(copying, sup, st_list_entry(pos, struct st_message, node)))
			return -ENOMEM;
	return from->call ? copy_call(from->call, sup, &sup->call) : 0;
}

static struct st_list *place(const struct copying *copying, struct st_sup *sup,
			     const struct st_sup *from, struct st_list *at)
{
	return at == &from->children ? &sup->children : &twin(copying, st_child_of(at))->sibling;
}

/* What it is busy with. */
static void copy_job(const struct copying *copying, struct st_sup *sup, const struct st_sup *from)
{
	sup->phase = from->phase;
	sup->job = from->job;
	sup->cause = from->cause;
	sup->nr_waiting = from->nr_waiting;
	sup->begun = from->begun;
	sup->alone = from->alone;
	sup->end_reason = from->end_reason;
	sup->waiting_for = twin(copying, from->waiting_for);
	if (from->job != ST_JOB_NONE && from->job != ST_JOB_DIE)
		sup->walk = place(copying, sup, from, from->walk);
	if (from->job == ST_JOB_ROUND_STOP)
		sup->range = place(copying, sup, from, from->range);
	if (from->job == ST_JOB_UNDO)
		sup->failed = twin(copying, from->failed);
}

/* The reason of a supervisor whose child could not be started leads to that child. [A6] */
static void copy_reason(const struct copying *copying, struct st_child *self)
{
	struct st_reason *inner = (struct st_reason *)(uintptr_t)self->reason.inner;
	struct st_child *failed;

	if (!inner)
		return;
	failed = twin(copying, container_of(inner, struct st_child, reason));
	self->reason.inner = &failed->reason;
	self->reason.text = st_child_name(failed);
}

static int copy_children(struct copying *copying, struct st_sup *sup, const struct st_sup *from)
{
	struct st_child *child;
	struct st_list *pos;
	int err;

	st_list_for_each(pos, &from->children) {
		err = copy_child(copying, sup, st_child_of(pos), &child);
		st_list_add_tail(&child->sibling, &sup->children);
		sup->nr_children++;
		if (err)
			return err;
	}
	for (uint32_t i = 0; i < from->nr_slots; i++) {
		struct st_child *slot = from->slots[i];

		err = 0;
		if (slot->listed)
			child = twin(copying, slot);
		else
			err = copy_child(copying, sup, slot, &child);
		sup->slots[sup->nr_slots++] = child;
		if (err)
			return err;
	}
	return 0;
}

static int copy_sup(struct copying *copying, struct st_sup *sup)
{
	const struct st_sup *from = sup->before;

	sup->before = NULL;
	sup->slots = st_alloc_array(from->nr_slots, sizeof(*sup->slots));
	if (!sup->slots || st_window_copy(&sup->window, &from->window) ||
	    st_lookup_reserve(sup, from->lookup.mask))
		return -ENOMEM;
	if (copy_children(copying, sup, from))
		return -ENOMEM;
	sup->nr_significant = from->nr_significant;
	copy_job(copying, sup, from);
	copy_reason(copying, sup->self);
	return copy_mailbox(copying, sup, from);
}

/* The deadlines in the same places of the heap, and the queue of supervisors. */
static void copy_queues(const struct copying *copying)
{
	const struct st_tree *from = copying->from;
	struct st_heap *timers = &copying->to->timers;
	struct st_list *pos;

	for (uint32_t i = 0; i < from->timers.nr; i++) {
		struct st_child *child =
			st_list_entry(from->timers.nodes[i], struct st_child, timer);

		timers->nodes[i] = &twin(copying, child)->timer;
		timers->nodes[i]->index = i + 1;
	}
	timers->nr = from->timers.nr;
	st_list_for_each(pos, &from->runnable) {
		const struct st_sup *sup = st_list_entry(pos, struct st_sup, runnable);

		st_list_add_tail(&twin(copying, sup->self)->sup->runnable, &copying->to->runnable);
	}
}

static int copy_all(struct copying *copying)
{
	int err = copy_child(copying, NULL, copying->from->root, &copying->to->root);

	while (!err && !st_list_is_empty(&copying->unbuilt)) {
		struct st_sup *sup = st_list_entry(copying->unbuilt.next, struct st_sup, runnable);

		st_list_del(&sup->runnable);
		err = copy_sup(copying, sup);
	}
	if (!err)
		err = copy_calls(&copying->from->settle_calls, &copying->to->settle_calls);
	if (!err)
		err = copy_calls(&copying->from->refused_calls, &copying->to->refused_calls);
	return err;
}

/*
 * Take what a tree of this size needs, and room for the same number of effects: a step ends
 * when it is half full.
 */
static int reserve(struct st_tree *to, const struct st_tree *from)
{
	if (to->nr_block < from->nr_nodes) {
		st_free(to->block);
		to->block = st_alloc_array(from->nr_nodes, sizeof(*to->block));
		to->nr_block = to->block ? from->nr_nodes : 0;
	}
	if (to->fx_cap != from->fx_cap) {
		st_free(to->fx);
		to->fx = st_alloc_array(from->fx_cap, sizeof(*to->fx));
		to->fx_cap = from->fx_cap;
	}
	if (!to->block || !to->fx || st_map_reserve(&to->generations, from->nr_nodes) ||
	    st_heap_reserve(&to->timers, from->nr_nodes))
		return -ENOMEM;
	return 0;
}

int st_copy_room_new(const struct st_tree *tree, struct st_copy_room **ret_room)
{
	struct st_copy_room *room = st_alloc(sizeof(*room));

	if (!room)
		return -ENOMEM;
	room->to = st_tree_alloc(1);
	if (!room->to || reserve(room->to, tree)) {
		st_copy_room_free(room);
		return -ENOMEM;
	}
	*ret_room = room;
	return 0;
}

/* Return: how much of the slice is left. */
static size_t touch(void *memory, size_t size, size_t *touched, size_t slice)
{
	volatile char *bytes = memory;

	for (; *touched < size && slice; *touched += PAGE, slice--)
		bytes[*touched] = 0; /* as it is: it has just been allocated */
	return slice;
}

bool st_copy_room_touch(struct st_copy_room *room)
{
	struct st_tree *to = room->to;
	size_t left = PAGES_AT_ONCE;

	left = touch(to->block, to->nr_block * sizeof(*to->block), &room->block, left);
	left = touch(to->generations.entries,
		     to->generations.cap * sizeof(*to->generations.entries), &room->map, left);
	return left != 0;
}

static void copy_state(struct st_tree *to, const struct st_tree *from)
{
	to->random = from->random;
	to->now_ns = from->now_ns;
	to->last_generation = from->last_generation;
	to->max_fds = from->max_fds;
	to->nr_busy = from->nr_busy;
	to->nr_calls = from->nr_calls;
	to->nr_changes = from->nr_changes;
	to->halted = from->halted;
}

int st_copy_room_take(struct st_copy_room *room, struct st_tree *tree, struct st_tree **ret_copy)
{
	struct copying copying = { .from = tree, .to = room->to };
	int err = reserve(copying.to, tree);

	st_free(room);
	st_list_init(&copying.unbuilt);
	if (!err)
		err = copy_all(&copying);
	if (err) {
		st_tree_free(copying.to);
		return err;
	}
	copy_state(copying.to, tree);
	copy_queues(&copying);
	*ret_copy = copying.to;
	return 0;
}

void st_copy_room_free(struct st_copy_room *room)
{
	if (!room)
		return;
	st_tree_free(room->to);
	st_free(room);
}

int st_tree_copy(struct st_tree *tree, struct st_tree **ret_copy)
{
	struct st_copy_room *room;
	int err = st_copy_room_new(tree, &room);

	return err ? err : st_copy_room_take(room, tree, ret_copy);
}
