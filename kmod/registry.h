/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry: all trees, and the one lock under which anything changes.
 *
 *     st_registry_begin   lock; report the exits that came before
 *     ...                 look something up, check whether the change is allowed
 *     st_registry_change  changes begin here
 *     ...                 change something and report it (tell.h)
 *     st_registry_end     unlock
 *
 * Readers take no lock: slow or many readers delay no owner. They walk under RCU
 * between two reads of the generation (snapshot.c).
 * Called by request.c, snapshot.c and main.c.
 */
#ifndef _SUPTREE_REGISTRY_H
#define _SUPTREE_REGISTRY_H

#include <linux/list.h>
#include <linux/types.h>

struct net;
struct notifier_block;
struct st_node;
struct st_tree;

int __must_check st_registry_init(void);
void st_registry_done(void); /* remove all trees without events; after this nothing may be called */

void st_registry_begin(void);
void st_registry_change(void);
void st_registry_end(void);

/*
 * After this returns, every exit that the caller could know of has been reported. It
 * takes the lock only if there is such an exit.
 */
void st_registry_settle(void);

bool st_registry_is_held(void);
void st_registry_assert_held(void);

/*
 * Even: nothing is changing now; then st_registry_is_same() returns whether nothing has
 * changed since @generation was read. Odd: a change is in progress.
 */
unsigned long st_registry_generation(void);
bool st_registry_is_same(unsigned long generation);

/* for readers, under RCU or with the lock: struct st_tree by in_trees */
extern struct list_head st_registry_trees;

/* With the lock; borrowed, or NULL. */
struct st_tree *st_registry_tree_of(const struct net *net, u32 port);
struct st_tree *st_registry_tree(const struct net *net, u32 number);

/*
 * The tree of this socket; a new one if it has none yet.
 * Return: borrowed; ERR_PTR(-ENOSPC): max_trees, or ERR_PTR(-ENOMEM).
 */
struct st_tree *st_registry_own(struct net *net, u32 port);
void st_registry_disown(struct st_tree *tree); /* unless anything ever was in it */

bool st_registry_is_full(void); /* of nodes: max_nodes */

/* As st_tree_insert() and st_tree_remove(), counted. */
int __must_check st_registry_insert(struct st_tree *tree, struct st_node *node,
				    struct st_node *parent);
void st_registry_remove(struct st_node *node);

struct st_counts {
	unsigned int nr_trees;
	unsigned int nr_nodes;
	unsigned int max_nodes;
	unsigned int max_trees;
	u64 nr_exits; /* with an event */
};

void st_registry_count(struct st_counts *ret_counts);

#endif /* _SUPTREE_REGISTRY_H */
