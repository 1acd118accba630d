// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes of one owner, see tree.h.
 */
#include "tree.h"

#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "node.h"
#include "registry.h"
#include "watch.h"

struct st_tree *st_tree_new(struct net *net, u32 port, u32 number)
{
	struct st_tree *tree = kzalloc(sizeof(*tree), GFP_KERNEL_ACCOUNT);

	if (!tree)
		return NULL;
	refcount_set(&tree->ref, 1);
	tree->number = number;
	tree->port = port;
	tree->owner = get_pid(task_tgid(current));
	tree->net = net;
	INIT_LIST_HEAD(&tree->in_trees);
	INIT_LIST_HEAD(&tree->in_order);
	INIT_LIST_HEAD(&tree->roots);
	xa_init_flags(&tree->by_id, XA_FLAGS_ACCOUNT);
	return tree;
}

void st_tree_get(struct st_tree *tree)
{
	refcount_inc(&tree->ref);
}

void st_tree_put(struct st_tree *tree)
{
	if (!tree || !refcount_dec_and_test(&tree->ref))
		return;
	xa_destroy(&tree->by_id);
	put_pid(tree->owner);
	kfree_rcu(tree, rcu);
}

bool st_tree_is_visible(const struct st_tree *tree, struct pid_namespace *ns)
{
	return pid_nr_ns(tree->owner, ns) != 0;
}

struct st_node *st_tree_find(struct st_tree *tree, u32 id)
{
	st_registry_assert_held();
	return xa_load(&tree->by_id, id);
}

/* The place of a new last child of @parent: after the last node below @parent. */
static struct list_head *last_below(struct st_tree *tree, struct st_node *parent)
{
	struct st_node *last = parent;

	if (!parent)
		return tree->in_order.prev;
	while (!list_empty(&last->children))
		last = list_last_entry(&last->children, struct st_node, sibling);
	return &last->in_order;
}

int st_tree_insert(struct st_tree *tree, struct st_node *node, struct st_node *parent)
{
	int err;

	st_registry_assert_held();
	err = xa_insert(&tree->by_id, node->id, node, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	st_tree_get(tree);
	node->tree = tree;
	node->parent = parent;
	node->depth = 0;
	if (parent) {
		st_node_get(parent);
		node->depth = parent->depth + 1;
	}
	list_add_rcu(&node->in_order, last_below(tree, parent));
	list_add_tail(&node->sibling, parent ? &parent->children : &tree->roots);
	tree->nr_nodes++;
	return 0;
}

void st_node_unwatch(struct st_node *node)
{
	struct st_watch *watch = rcu_dereference_protected(node->watch, st_registry_is_held());

	if (!watch)
		return;
	st_watch_disarm(watch);
	watch->node = NULL;
	rcu_assign_pointer(node->watch, NULL);
	st_watch_put(watch);
}

/* Phase one: it cannot be found any more, and no process can wake us for it. */
static void make_dead(struct st_node *node)
{
	st_node_unwatch(node);
	xa_erase(&node->tree->by_id, node->id);
	list_del_rcu(&node->in_order);
	list_del(&node->sibling);
	node->tree->nr_nodes--;
}

/*
 * All below a node follow it in pre-order, and are deeper than it. Phase two is
 * each one's last reference: of the tree here, of its children, of readers.
 */
unsigned int st_tree_remove(struct st_node *node)
{
	struct list_head *end = &node->tree->in_order;
	unsigned int depth = node->depth;
	unsigned int nr_removed = 0;
	struct st_node *next;

	st_registry_assert_held();
	do {
		next = list_next_entry(node, in_order);
		make_dead(node);
		st_node_put(node);
		nr_removed++;
		node = next;
	} while (&node->in_order != end && node->depth > depth);
	return nr_removed;
}
