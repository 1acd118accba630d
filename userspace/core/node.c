// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children and supervisors as memory: made, linked, reset, freed.
 *
 * The only file of core that allocates nodes. It decides nothing about
 * supervision. Subtrees are built and freed with work lists instead of
 * recursion, so that no specification can exhaust the stack.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"
#include "core/limits.h"

#define FX_BASE 64
#define FX_PER_NODE 16 /* effects of one decision, for one child: at most half of it */

static int grow_fx(struct st_tree *tree, uint32_t cap)
{
	struct st_effect *fx = st_alloc_array(cap, sizeof(*fx));

	if (!fx)
		return -ENOMEM;
	if (tree->nr_fx)
		memcpy(fx, tree->fx, tree->nr_fx * sizeof(*fx));
	st_free(tree->fx);
	tree->fx = fx;
	tree->fx_cap = cap;
	return 0;
}

int st_tree_reserve(struct st_tree *tree, uint32_t nr_more)
{
	uint32_t nr = tree->nr_nodes + nr_more, cap = tree->fx_cap ? tree->fx_cap : FX_BASE;

	if (nr > ST_MAX_NODES + 1) /* the root has no parent */
		return -E2BIG;
	if (st_map_reserve(&tree->generations, nr) || st_heap_reserve(&tree->timers, nr))
		return -ENOMEM;
	while (cap < FX_BASE + FX_PER_NODE * nr)
		cap *= 2;
	return cap == tree->fx_cap ? 0 : grow_fx(tree, cap);
}

/* Room as a tree had it that was saved: how much there is decides where a step ends. */
int st_tree_reserve_for(struct st_tree *tree, uint32_t nr, uint64_t room)
{
	uint32_t cap = FX_BASE;

	while (cap < room && cap <= FX_PER_NODE * (ST_MAX_NODES + 1))
		cap *= 2;
	if (cap != room || cap < FX_BASE + FX_PER_NODE * nr)
		return -EINVAL;
	if (st_map_reserve(&tree->generations, nr) || st_heap_reserve(&tree->timers, nr))
		return -ENOMEM;
	return grow_fx(tree, cap);
}

static uint32_t depth_of(const struct st_sup *sup)
{
	uint32_t depth = 0;

	for (; sup; sup = sup->self->parent)
		depth++;
	return depth;
}

/* Bytes of the path of a child of @sup with a name of @len bytes. */
static size_t path_len(const struct st_sup *sup, size_t len)
{
	for (; sup && sup->self->parent; sup = sup->self->parent)
		len += strlen(st_child_name(sup->self)) + 1;
	return len;
}

/* A supervisor that is down, without children; it is put on @unbuilt. */
struct st_sup *st_sup_new(struct st_tree *tree, struct st_child *self, struct st_sup_spec *spec,
			  struct st_list *unbuilt)
{
	struct st_sup *sup = st_alloc(sizeof(*sup));

	if (!sup)
		return NULL;
	sup->self = self;
	sup->tree = tree;
	sup->spec = st_sup_spec_get(spec);
	st_list_init(&sup->children);
	st_list_init(&sup->mailbox);
	st_message_init(&sup->stop);
	st_list_init(&sup->runnable);
	st_lookup_init(&sup->lookup);
	st_list_add_tail(&sup->runnable, unbuilt);
	return sup;
}

static struct st_child *alloc_child(struct st_tree *tree, struct st_sup *parent,
				    struct st_child_spec *spec)
{
	struct st_child *child = st_alloc(sizeof(*child));

	if (!child)
		return NULL;
	st_list_init(&child->sibling);
	st_message_init(&child->message);
	child->parent = parent;
	child->spec = st_child_spec_get(spec);
	tree->nr_nodes++;
	st_fds_count(tree, child);
	return child;
}

int st_child_alloc(struct st_tree *tree, struct st_sup *parent, struct st_child_spec *spec,
		   struct st_instance *instance, struct st_child **ret_child)
{
	const char *name = instance ? instance->name : spec->def.id;
	struct st_child *child;

	if (parent && path_len(parent, strlen(name)) > ST_MAX_PATH_LEN)
		return -E2BIG;
	child = alloc_child(tree, parent, spec);
	if (!child)
		return -ENOMEM;
	child->instance = instance;
	*ret_child = child;
	return 0;
}

int st_sup_alloc(struct st_tree *tree, struct st_child *self, struct st_sup_spec *spec)
{
	struct st_list unbuilt;

	if (depth_of(self->parent) + 1 > ST_MAX_DEPTH)
		return -E2BIG;
	st_list_init(&unbuilt);
	self->sup = st_sup_new(tree, self, spec, &unbuilt);
	if (!self->sup)
		return -ENOMEM;
	st_list_del(&self->sup->runnable);
	return 0;
}

/* One child without what is below it; a supervisor is put on @unbuilt. */
static struct st_child *new_child(struct st_tree *tree, struct st_sup *parent,
				  struct st_child_spec *spec, struct st_list *unbuilt)
{
	struct st_child *child = alloc_child(tree, parent, spec);

	if (child && spec->def.sup)
		child->sup = st_sup_new(tree, child, spec->def.sup, unbuilt);
	return child;
}

struct st_child_spec *st_child_spec_for(const struct st_child *child, struct st_child_spec *spec)
{
	struct st_child_def def = spec->def;

	if (!child || !def.sup || !child->spec->def.sup ||
	    child->spec->def.sup->changed <= def.sup->changed)
		return st_child_spec_get(spec);
	def.sup = child->spec->def.sup;
	return st_child_spec_new(&def);
}

/* The next slot of a supervisor; what its child was changed to before is kept. */
static int fill_slot(struct st_sup *sup, struct st_child_spec *wanted, struct st_list *unbuilt)
{
	struct st_child *known = NULL, *child = NULL;
	struct st_child_spec *spec;

	if (sup->before)
		known = st_sup_find_known(sup->before, wanted->def.id);
	spec = st_child_spec_for(known, wanted);
	if (spec)
		child = new_child(sup->tree, sup, spec, unbuilt);
	st_child_spec_put(spec);
	if (!child)
		return -ENOMEM;
	child->from_spec = true;
	sup->slots[sup->nr_slots++] = child;
	st_lookup_add(child);
	if (child->sup && known)
		child->sup->before = known->sup;
	return child->spec->def.sup && !child->sup ? -ENOMEM : 0;
}

/* The slots of one supervisor, and its window. */
static int fill_sup(struct st_sup *sup, struct st_list *unbuilt)
{
	const struct st_sup_spec *spec = sup->spec;
	uint32_t nr = st_sup_is_dynamic(sup) ? 0 : spec->nr_children;
	size_t above = path_len(sup, 0);
	int err;

	if (depth_of(sup) > ST_MAX_DEPTH)
		return -E2BIG;
	for (uint32_t i = 0; i < nr; i++)
		if (above + strlen(spec->children[i]->def.id) > ST_MAX_PATH_LEN)
			return -E2BIG;
	err = st_tree_reserve(sup->tree, nr);
	if (err)
		return err;
	if (st_window_reserve(&sup->window, spec->flags.intensity, spec->flags.period_s))
		return -ENOMEM;
	sup->slots = st_alloc_array(nr, sizeof(*sup->slots));
	if (!sup->slots || st_lookup_reserve(sup, nr))
		return -ENOMEM;
	while (sup->nr_slots < nr && !err)
		err = fill_slot(sup, spec->children[sup->nr_slots], unbuilt);
	sup->before = NULL;
	return err;
}

/* Build what is on @unbuilt; whatever the outcome, nothing is left on it. */
static int fill_all(struct st_list *unbuilt)
{
	int err = 0;

	while (!st_list_is_empty(unbuilt)) {
		struct st_sup *sup = st_list_entry(unbuilt->next, struct st_sup, runnable);

		st_list_del(&sup->runnable);
		if (!err)
			err = fill_sup(sup, unbuilt);
	}
	return err;
}

/* @instance: for a dynamic child, taken on success; otherwise NULL */
int st_node_new(struct st_tree *tree, struct st_sup *parent, struct st_child_spec *spec,
		struct st_instance *instance, struct st_child **ret_child)
{
	const char *name = instance ? instance->name : spec->def.id;
	struct st_list unbuilt;
	struct st_child *top;
	int err;

	if (path_len(parent, strlen(name)) > ST_MAX_PATH_LEN)
		return -E2BIG;
	st_list_init(&unbuilt);
	err = st_tree_reserve(tree, 1);
	if (!err && parent)
		err = st_lookup_reserve(parent, parent->nr_children + 1);
	if (err)
		return err;
	top = new_child(tree, parent, spec, &unbuilt);
	if (!top)
		return -ENOMEM;
	top->instance = instance;
	err = fill_all(&unbuilt);
	if (!err && spec->def.sup && !top->sup)
		err = -ENOMEM;
	if (!err && tree->max_fds && tree->nr_fds > tree->max_fds)
		err = -E2BIG; /* [X12] */
	if (err) {
		top->instance = NULL;
		st_node_free(tree, top);
		return err;
	}
	*ret_child = top;
	return 0;
}

static void free_sup(struct st_sup *sup, struct st_list *dying)
{
	st_list_splice_tail(&sup->children, dying);
	for (uint32_t i = 0; i < sup->nr_slots; i++)
		if (!sup->slots[i]->listed)
			st_list_add_tail(&sup->slots[i]->sibling, dying);
	st_free(sup->slots);
	st_lookup_done(&sup->lookup);
	st_list_del(&sup->runnable);
	st_message_drop(&sup->stop);
	st_window_done(&sup->window);
	st_sup_spec_put(sup->spec);
	st_free(sup);
}

/* Copied children are in one block, which goes with the tree. */
static bool is_in_block(const struct st_tree *tree, const struct st_child *child)
{
	uintptr_t from = (uintptr_t)tree->block;

	return (uintptr_t)child >= from &&
	       (uintptr_t)child < from + tree->nr_block * sizeof(*tree->block);
}

void st_child_dealloc(struct st_tree *tree, struct st_child *child)
{
	st_fds_forget(tree, child);
	st_child_spec_put(child->spec);
	st_instance_put(child->instance);
	st_free(child->error);
	if (!is_in_block(tree, child))
		st_free(child);
	tree->nr_nodes--;
}

static void free_all(struct st_tree *tree, struct st_list *dying)
{
	while (!st_list_is_empty(dying)) {
		struct st_child *child = st_child_of(dying->next);

		st_list_del(&child->sibling);
		st_heap_remove(&tree->timers, &child->timer);
		st_message_drop(&child->message);
		if (child->sup)
			free_sup(child->sup, dying);
		st_child_dealloc(tree, child);
	}
}

void st_node_free(struct st_tree *tree, struct st_child *top)
{
	struct st_list dying;

	st_list_init(&dying);
	st_list_del(&top->sibling);
	st_list_add(&top->sibling, &dying);
	free_all(tree, &dying);
}

/* Its children are lost; its storage goes when effects no longer point at it. */
static void replace_sup(struct st_sup *sup)
{
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		st_walks_leave(sup->tree, st_child_of(pos));
		st_emit(sup->tree, ST_FX_REMOVED, st_child_of(pos));
	}
	st_list_add_tail(&sup->runnable, &sup->tree->dead_sups);
}

/*
 * A change gave this child another specification while it ran [K3]: before it
 * is started again, its instance is made to fit. The old one is down, but
 * effects of this step may point at it and its children.
 */
int st_child_refit(struct st_child *child)
{
	struct st_sup_spec *wanted = child->spec->def.sup;
	struct st_tree *tree = child->sup ? child->sup->tree : child->parent->tree;
	struct st_list unbuilt, dying;
	struct st_sup *sup = NULL;
	int err = 0;

	if (!child->sup ? !wanted : child->sup->spec == wanted)
		return 0;
	st_list_init(&unbuilt);
	st_list_init(&dying);
	if (wanted) {
		sup = st_sup_new(tree, child, wanted, &unbuilt);
		if (sup)
			sup->before = child->sup;
		err = sup ? fill_all(&unbuilt) : -ENOMEM;
	}
	if (err) {
		if (sup)
			free_sup(sup, &dying);
		free_all(tree, &dying);
		return err;
	}
	if (child->sup)
		replace_sup(child->sup);
	child->sup = sup;
	return 0;
}

void st_child_link(struct st_child *child, struct st_list *before)
{
	st_list_add_tail(&child->sibling, before);
	st_lookup_add(child);
	child->listed = true;
	child->deleted = false;
	child->parent->nr_children++;
	child->parent->nr_significant += st_child_is_significant(child);
}

/* Also for a moment, if it is linked again before the step ends. */
void st_child_unlink(struct st_child *child)
{
	st_list_del(&child->sibling);
	if (!child->from_spec)
		st_lookup_remove(child);
	child->parent->nr_significant -= st_child_is_significant(child);
	child->listed = false;
	child->parent->nr_children--;
}

/*
 * The supervisor forgets a child. Storage that belongs to its specification
 * stays for the day when the supervisor is restarted [E8]. Returns the effect
 * that says so.
 */
struct st_effect *st_child_forget(struct st_child *child)
{
	struct st_tree *tree = child->parent->tree;
	struct st_effect *effect;

	st_heap_remove(&tree->timers, &child->timer);
	st_message_drop(&child->message);
	st_walks_leave(tree, child);
	st_child_unlink(child);
	effect = st_emit(tree, ST_FX_REMOVED, child);
	if (!child->from_spec)
		st_list_add_tail(&child->sibling, &tree->dead_children);
	return effect;
}

/* A supervisor that starts is new: only the children of its specification. [E8] */
void st_sup_reset(struct st_sup *sup)
{
	while (!st_list_is_empty(&sup->children)) {
		struct st_child *child = st_child_of(sup->children.next);

		if (!child->from_spec)
			st_walks_leave(sup->tree, child);
		st_child_unlink(child);
		if (child->from_spec)
			continue;
		st_emit(sup->tree, ST_FX_REMOVED, child);
		st_list_add_tail(&child->sibling, &sup->tree->dead_children);
	}
	for (uint32_t i = 0; i < sup->nr_slots; i++) {
		struct st_child *child = sup->slots[i];

		child->was_ready = false;
		child->is_wanted = false;
		child->nr_restarts = 0;
		child->nr_delays = 0;
		st_child_link(child, &sup->children);
	}
	st_window_clear(&sup->window);
}

void st_bury(struct st_tree *tree, struct st_grave *grave)
{
	grave->next = tree->graveyard;
	tree->graveyard = grave;
}

void st_empty_graves(struct st_tree *tree)
{
	while (tree->graveyard) {
		struct st_grave *grave = tree->graveyard;

		tree->graveyard = grave->next;
		st_free(grave);
	}
	while (!st_list_is_empty(&tree->dead_calls)) {
		struct st_call *call =
			st_list_entry(tree->dead_calls.next, struct st_call, message.node);

		st_list_del(&call->message.node);
		st_call_free(call);
	}
	while (!st_list_is_empty(&tree->dead_children))
		st_node_free(tree, st_child_of(tree->dead_children.next));
	while (!st_list_is_empty(&tree->dead_sups)) {
		struct st_list dying;

		st_list_init(&dying);
		free_sup(st_list_entry(tree->dead_sups.next, struct st_sup, runnable), &dying);
		free_all(tree, &dying);
	}
}
