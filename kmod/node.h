/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A node: a supervisor or a child, as its owner named it.
 *
 * With a reference (st_node_get, st_node_put) code may read the constant members at any
 * time, also after the node's death: old events have their names and paths from there.
 * A child holds a reference to its parent, a node to its tree.
 *
 * A node is removed in two phases: tree.c makes it dead (it cannot be found, and no
 * process is watched), and the last reference frees it. Used by tree.c, registry.c and
 * readers.
 */
#ifndef _SUPTREE_NODE_H
#define _SUPTREE_NODE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/suptree.h>

struct seq_file;
struct st_tree;
struct st_watch;

struct st_node {
	refcount_t ref;
	struct rcu_head rcu;

	/* constant from the moment it can be found */
	struct st_tree *tree;
	struct st_node *parent; /* NULL: a root */
	u32 id;
	u8 kind;
	u8 depth;

	/* written under the registry's lock, read under RCU */
	struct list_head in_order; /* of its tree, in pre-order */
	struct st_watch __rcu *watch; /* NULL: no process */
	u32 restarts;
	u8 strategy;

	/* only under the registry's lock */
	struct list_head children;
	struct list_head sibling; /* in its parent's children, or in its tree's roots */
	bool had_process;

	char name[]; /* constant */
};

/* Return: a node in no tree, with one reference; NULL without memory. Sleeps. */
struct st_node *st_node_new(const char *name);
void st_node_get(struct st_node *node);
void st_node_put(struct st_node *node); /* NULL: nothing */

static inline u32 st_node_parent_id(const struct st_node *node)
{
	return node->parent ? node->parent->id : 0;
}

/* "root/db/worker_1" */
void st_node_path_show(struct seq_file *m, const struct st_node *node);

#endif /* _SUPTREE_NODE_H */
