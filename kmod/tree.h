/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tree: the nodes of one owner, which is a socket.
 *
 * Nodes are in one list in pre-order, which readers walk under RCU, and in an index by
 * id. registry.c calls this; it has the trees and the lock, which all functions here
 * except st_tree_put() need. It reports nothing: see tell.c.
 */
#ifndef _SUPTREE_TREE_H
#define _SUPTREE_TREE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/xarray.h>

struct net;
struct pid;
struct pid_namespace;
struct st_node;

struct st_tree {
	refcount_t ref;
	struct rcu_head rcu;

	/* constant */
	u32 number;
	u32 port; /* of the owner's socket */
	struct pid *owner; /* thread group */
	struct net *net; /* of the socket, which keeps it; only to be compared */

	/* written under the registry's lock, read under RCU */
	struct list_head in_trees; /* registry.c */
	struct list_head in_order; /* st_node.in_order */
	u64 seq; /* of the last event */

	/* only under the registry's lock */
	struct list_head roots; /* st_node.sibling */
	struct xarray by_id;
	unsigned int nr_nodes;
};

/* Return: an empty tree of the calling process; NULL without memory. Sleeps. */
struct st_tree *st_tree_new(struct net *net, u32 port, u32 number);
void st_tree_get(struct st_tree *tree);
void st_tree_put(struct st_tree *tree);

/* Can processes of this pid namespace see the owner? */
bool st_tree_is_visible(const struct st_tree *tree, struct pid_namespace *ns);

struct st_node *st_tree_find(struct st_tree *tree, u32 id); /* borrowed, or NULL */

/*
 * Make @node, which is in no tree, the last child of @parent, or a root if that is
 * NULL; the tree takes over the caller's reference on success.
 * Return: 0; -EEXIST: its id is taken; -ENOMEM.
 */
int __must_check st_tree_insert(struct st_tree *tree, struct st_node *node, struct st_node *parent);

/* Make @node and all below it dead. Return: how many nodes that was. */
unsigned int st_tree_remove(struct st_node *node);

/* Remove @node's watch; the exit of its process is no longer reported. */
void st_node_unwatch(struct st_node *node);

#endif /* _SUPTREE_TREE_H */
