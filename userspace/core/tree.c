// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree as a whole: make, free, search, count, walk.
 *
 * Only st_tree_new() and st_tree_free() change anything.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"

#define ST_ENUM_TEXT(name, text) [name] = text,
const char *const st_child_state_text[] = { ST_CHILD_STATE_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

struct st_child_spec *st_root_spec_new(struct st_sup_spec *spec)
{
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = "/";
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.restart = ST_RESTART_TEMPORARY;
	def.shutdown.type = ST_SHUTDOWN_INFINITY;
	def.sup = spec;
	return st_child_spec_new(&def);
}

/* A tree without a root, or NULL. */
struct st_tree *st_tree_alloc(uint64_t random)
{
	struct st_tree *tree = st_alloc(sizeof(*tree));

	if (!tree)
		return NULL;
	st_list_init(&tree->runnable);
	st_list_init(&tree->settle_calls);
	st_list_init(&tree->refused_calls);
	st_list_init(&tree->walks);
	st_list_init(&tree->dead_children);
	st_list_init(&tree->dead_sups);
	st_list_init(&tree->dead_calls);
	tree->random = random;
	return tree;
}

int st_tree_new(struct st_sup_spec *spec, uint64_t seed, struct st_tree **ret_tree)
{
	struct st_tree *tree = st_tree_alloc(seed ? seed : 1);
	struct st_child_spec *child_spec = tree ? st_root_spec_new(spec) : NULL;
	int err = -ENOMEM;

	if (!child_spec)
		goto out_free_tree;
	err = st_node_new(tree, NULL, child_spec, NULL, &tree->root);
	st_child_spec_put(child_spec);
	if (err)
		goto out_free_tree;
	*ret_tree = tree;
	return 0;

out_free_tree:
	st_tree_free(tree);
	return err;
}

/* Requests die with the tree; only a tree that is thrown away has any. */
static void free_calls(struct st_tree *tree)
{
	struct st_list *pos, *tmp;

	for (struct st_child *child = tree->root; child; child = st_child_next(child, tree->root)) {
		struct st_message *message;

		if (!child->sup)
			continue;
		while ((message = st_mailbox_take(&child->sup->mailbox)))
			if (message->type == ST_MESSAGE_CALL)
				st_call_free(container_of(message, struct st_call, message));
		if (child->sup->call)
			st_call_free(child->sup->call);
	}
	st_list_splice_tail(&tree->refused_calls, &tree->settle_calls);
	st_list_for_each_safe(pos, tmp, &tree->settle_calls)
		st_call_free(st_list_entry(pos, struct st_call, message.node));
}

void st_tree_free(struct st_tree *tree)
{
	if (!tree)
		return;
	if (tree->root) {
		free_calls(tree);
		st_empty_graves(tree);
		st_node_free(tree, tree->root);
	}
	st_map_done(&tree->generations);
	st_heap_done(&tree->timers);
	st_free(tree->fx);
	st_free(tree->block);
	st_free(tree);
}

bool st_child_is_dynamic(const struct st_child *child)
{
	return child->parent && st_sup_is_dynamic(child->parent);
}

const char *st_child_name(const struct st_child *child)
{
	return child->instance ? child->instance->name : child->spec->def.id;
}

void st_child_write_path(const struct st_child *child, struct st_buf *out)
{
	const struct st_child *chain[64];
	size_t nr = 0;

	if (!child->parent) {
		st_buf_add_char(out, '/');
		return;
	}
	for (; child->parent && nr < ST_ARRAY_SIZE(chain); child = child->parent->self)
		chain[nr++] = child;
	while (nr--) {
		st_buf_add_text(out, st_child_name(chain[nr]));
		if (nr)
			st_buf_add_char(out, '/');
	}
}

int st_child_path(const struct st_child *child, struct st_buf *buf, const char **ret_path)
{
	st_buf_reset(buf);
	st_child_write_path(child, buf);
	return st_buf_get(buf, ret_path);
}

struct st_child *st_child_next(struct st_child *child, const struct st_child *top)
{
	if (child->sup && !st_list_is_empty(&child->sup->children))
		return st_child_of(child->sup->children.next);
	while (child != top) {
		if (child->sibling.next != &child->parent->children)
			return st_child_of(child->sibling.next);
		child = child->parent->self;
	}
	return NULL;
}

struct st_child *st_tree_find(const struct st_tree *tree, const char *path)
{
	struct st_child *child = tree->root;

	if (*path == '/')
		path++;
	while (*path && child) {
		const char *end = strchr(path, '/');
		size_t len = end ? (size_t)(end - path) : strlen(path);

		child = child->sup ? st_lookup_part(child->sup, path, len) : NULL;
		path += len + (end ? 1 : 0);
	}
	return child;
}

struct st_child *st_tree_find_generation(const struct st_tree *tree, uint64_t generation)
{
	return st_map_get(&tree->generations, generation);
}

bool st_tree_is_settled(const struct st_tree *tree)
{
	return st_list_is_empty(&tree->runnable) && !tree->nr_busy;
}

struct st_counts st_sup_count(const struct st_sup *sup)
{
	struct st_counts counts = { 0, 0, 0, 0 };
	struct st_list *pos;

	st_list_for_each(pos, &sup->children) {
		const struct st_child *child = st_child_of(pos);

		counts.specs++;
		if ((child->state == ST_CHILD_RUNNING || child->state == ST_CHILD_STOPPING) &&
		    !child->ended)
			counts.active++;
		if (child->spec->def.type == ST_CHILD_TYPE_SUPERVISOR)
			counts.supervisors++;
		else
			counts.workers++;
	}
	if (sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE)
		counts.specs = 1; /* the template [I1] */
	return counts;
}
