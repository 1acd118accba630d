// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a node, see node.h. Takes no lock.
 */
#include "node.h"

#include <linux/overflow.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "tree.h"
#include "watch.h"

struct st_node *st_node_new(const char *name)
{
	size_t size = strlen(name) + 1;
	struct st_node *node;

	node = kzalloc(struct_size(node, name, size), GFP_KERNEL_ACCOUNT);
	if (!node)
		return NULL;
	refcount_set(&node->ref, 1);
	INIT_LIST_HEAD(&node->in_order);
	INIT_LIST_HEAD(&node->children);
	INIT_LIST_HEAD(&node->sibling);
	memcpy(node->name, name, size);
	return node;
}

void st_node_get(struct st_node *node)
{
	refcount_inc(&node->ref);
}

/*
 * The last reference to a child may hold the last one to its parent. This is a loop,
 * because a recursion would be as deep as the tree of an owner. Walkers of in_order may
 * still be at this node. They can go on until RCU frees the memory.
 */
void st_node_put(struct st_node *node)
{
	while (node && refcount_dec_and_test(&node->ref)) {
		struct st_node *parent = node->parent;

		st_watch_put(rcu_dereference_protected(node->watch, true));
		st_tree_put(node->tree);
		kfree_rcu(node, rcu);
		node = parent;
	}
}

void st_node_path_show(struct seq_file *m, const struct st_node *node)
{
	const struct st_node *way[SUPTREE_DEPTH_MAX + 1];
	unsigned int depth = node->depth;
	unsigned int i;

	for (; node; node = node->parent)
		way[node->depth] = node;
	for (i = 0; i <= depth; i++)
		seq_printf(m, "%s%s", i ? "/" : "", way[i]->name);
}
