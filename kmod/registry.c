// SPDX-License-Identifier: GPL-2.0-only
/*
 * All trees, and what happens to them from outside: processes end, owners close
 * their sockets. See registry.h.
 */
#include "registry.h"

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/ktime.h>
#include <net/net_namespace.h>

#include "node.h"
#include "tell.h"
#include "tree.h"
#include "watch.h"

static unsigned int max_nodes = 20000;
module_param(max_nodes, uint, 0644);
MODULE_PARM_DESC(max_nodes, "nodes of all trees together (20000)");

static unsigned int max_trees = 256;
module_param(max_trees, uint, 0644);
MODULE_PARM_DESC(max_trees, "owners at once (256)");

LIST_HEAD(st_registry_trees);

static DEFINE_MUTEX(lock);
static atomic_long_t generation;
/* written under the lock */
static unsigned int nr_nodes;
static unsigned int nr_trees;
static u32 last_number;
static u64 nr_exits;

bool st_registry_is_held(void)
{
	return !IS_ENABLED(CONFIG_LOCKDEP) || lockdep_is_held(&lock);
}

void st_registry_assert_held(void)
{
	lockdep_assert_held(&lock);
}

/*
 * The exits of watched processes, in their order. A watch without a node was given
 * up by its owner before.
 */
static void tell_exits(void)
{
	struct st_watch *watch, *next;

	llist_for_each_entry_safe(watch, next, st_watches_ended(), queued) {
		if (watch->node) {
			st_registry_change();
			WRITE_ONCE(watch->is_told, true);
			nr_exits++;
			st_tell(watch->node, SUPTREE_EVENT_EXITED, watch->end_ns);
		}
		st_watch_settled(watch);
	}
}

/*
 * An owner that has waited for a process knows of its exit, so that the exit is on
 * the queue; telling it first keeps its place before whatever the owner does now.
 */
void st_registry_begin(void)
{
	mutex_lock(&lock);
	tell_exits();
}

void st_registry_change(void)
{
	lockdep_assert_held(&lock);
	if (!(atomic_long_read(&generation) & 1)) {
		atomic_long_inc(&generation);
		smp_mb__after_atomic(); /* odd before any change; pairs with is_same() */
	}
}

void st_registry_end(void)
{
	lockdep_assert_held(&lock);
	if (atomic_long_read(&generation) & 1) {
		smp_mb__before_atomic(); /* all changes before even; pairs with generation() */
		atomic_long_inc(&generation);
	}
	mutex_unlock(&lock);
}

unsigned long st_registry_generation(void)
{
	return atomic_long_read_acquire(&generation);
}

bool st_registry_is_same(unsigned long since)
{
	smp_rmb(); /* order all earlier reads before the second read of the generation */
	return atomic_long_read(&generation) == since;
}

void st_registry_settle(void)
{
	if (st_watches_are_settled())
		return;
	st_registry_begin();
	st_registry_end();
}

static void exits_work(struct work_struct *work)
{
	st_registry_begin();
	st_registry_end();
}

struct st_tree *st_registry_tree_of(const struct net *net, u32 port)
{
	struct st_tree *tree;

	lockdep_assert_held(&lock);
	list_for_each_entry(tree, &st_registry_trees, in_trees)
		if (tree->port == port && net_eq(tree->net, net))
			return tree;
	return NULL;
}

struct st_tree *st_registry_tree(const struct net *net, u32 number)
{
	struct st_tree *tree;

	lockdep_assert_held(&lock);
	list_for_each_entry(tree, &st_registry_trees, in_trees)
		if (tree->number == number && net_eq(tree->net, net))
			return tree;
	return NULL;
}

struct st_tree *st_registry_own(struct net *net, u32 port)
{
	struct st_tree *tree = st_registry_tree_of(net, port);

	if (tree)
		return tree;
	if (nr_trees >= READ_ONCE(max_trees))
		return ERR_PTR(-ENOSPC);
	tree = st_tree_new(net, port, last_number + 1);
	if (!tree)
		return ERR_PTR(-ENOMEM);
	st_registry_change();
	last_number++;
	nr_trees++;
	list_add_tail_rcu(&tree->in_trees, &st_registry_trees);
	return tree;
}

int st_registry_insert(struct st_tree *tree, struct st_node *node, struct st_node *parent)
{
	int err;

	st_registry_change();
	err = st_tree_insert(tree, node, parent);
	if (!err)
		WRITE_ONCE(nr_nodes, nr_nodes + 1);
	return err;
}

void st_registry_remove(struct st_node *node)
{
	st_registry_change();
	WRITE_ONCE(nr_nodes, nr_nodes - st_tree_remove(node));
}

static void remove_tree(struct st_tree *tree)
{
	struct st_node *root, *next;

	list_for_each_entry_safe(root, next, &tree->roots, sibling)
		st_registry_remove(root);
	list_del_rcu(&tree->in_trees);
	WRITE_ONCE(nr_trees, nr_trees - 1);
	st_tree_put(tree);
}

void st_registry_disown(struct st_tree *tree)
{
	if (!tree->seq && !tree->nr_nodes)
		remove_tree(tree);
}

bool st_registry_is_full(void)
{
	lockdep_assert_held(&lock);
	return nr_nodes >= READ_ONCE(max_nodes);
}

/* A socket was closed, of any netlink family: did it own a tree? */
static int socket_closed(struct notifier_block *block, unsigned long action, void *data)
{
	const struct netlink_notify *notify = data;
	struct st_tree *tree;

	if (action != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	st_registry_begin();
	tree = st_registry_tree_of(notify->net, notify->portid);
	if (tree) {
		st_registry_change();
		st_tell_owner_lost(tree, ktime_get_boottime_ns());
		remove_tree(tree);
	}
	st_registry_end();
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = { .notifier_call = socket_closed };

int st_registry_init(void)
{
	int err = st_watches_init(exits_work);

	if (err)
		return err;
	err = netlink_register_notifier(&socket_notifier);
	if (err)
		st_watches_done();
	return err;
}

/* No request and no reader runs any more: the family and the files are removed. */
void st_registry_done(void)
{
	struct st_tree *tree, *next;

	netlink_unregister_notifier(&socket_notifier);
	mutex_lock(&lock);
	list_for_each_entry_safe(tree, next, &st_registry_trees, in_trees)
		remove_tree(tree);
	mutex_unlock(&lock);
	st_watches_done();
}

void st_registry_count(struct st_counts *ret_counts)
{
	*ret_counts = (struct st_counts){
		.nr_trees = READ_ONCE(nr_trees),
		.nr_nodes = READ_ONCE(nr_nodes),
		.max_nodes = READ_ONCE(max_nodes),
		.max_trees = READ_ONCE(max_trees),
		.nr_exits = READ_ONCE(nr_exits),
	};
}
