// SPDX-License-Identifier: GPL-2.0-only
/*
 * All nodes at one moment, see snapshot.h.
 *
 * Readers walk without a lock and look at the registry's generation before and
 * after: a walk that a change ran into is thrown away. After a few of those the
 * trees are busy, and the walk is done with the lock.
 */
#include "snapshot.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/suptree.h>
#include <net/net_namespace.h>

#include "node.h"
#include "registry.h"
#include "trace.h"
#include "tree.h"
#include "watch.h"

#define MAX_TRIES 4

/* nodes that may come between the allocation and the walk */
#define SPARE_ROWS 32

void st_row_read(struct st_node *node, struct st_row *ret_row)
{
	struct st_watch *watch = rcu_dereference_check(node->watch, st_registry_is_held());

	*ret_row = (struct st_row){
		.node = node,
		.watch = watch,
		.seq = READ_ONCE(node->tree->seq),
		.restarts = READ_ONCE(node->restarts),
		.strategy = READ_ONCE(node->strategy),
		.state = SUPTREE_STATE_IDLE,
		.status = ST_STATUS_NONE,
	};
	if (!watch)
		return;
	ret_row->state = SUPTREE_STATE_RUNNING;
	ret_row->generation = READ_ONCE(watch->generation);
	if (READ_ONCE(watch->is_told)) {
		ret_row->state = SUPTREE_STATE_EXITED;
		ret_row->status = watch->status;
	}
}

/* Return: whether both references were taken; a dying node means that something changed. */
static bool row_get(struct st_row *row)
{
	if (!refcount_inc_not_zero(&row->node->ref))
		return false;
	if (!row->watch || refcount_inc_not_zero(&row->watch->ref))
		return true;
	st_node_put(row->node);
	return false;
}

static void row_put(struct st_row *row)
{
	st_watch_put(row->watch);
	st_node_put(row->node);
}

static void put_rows(struct st_snapshot *snapshot)
{
	while (snapshot->nr_rows)
		row_put(&snapshot->rows[--snapshot->nr_rows]);
}

/* Return: 0; -ENOSPC: too few rows; -EAGAIN: something changed. */
static int read_tree(struct st_snapshot *snapshot, struct st_tree *tree)
{
	struct st_node *node;

	list_for_each_entry_rcu(node, &tree->in_order, in_order, st_registry_is_held()) {
		struct st_row *row = &snapshot->rows[snapshot->nr_rows];

		if (snapshot->nr_rows == snapshot->max_rows)
			return -ENOSPC;
		st_row_read(node, row);
		if (!row_get(row))
			return -EAGAIN;
		snapshot->nr_rows++;
	}
	return 0;
}

static int read_trees(struct st_snapshot *snapshot, const struct st_reader *reader)
{
	struct st_tree *tree;
	int err = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(tree, &st_registry_trees, in_trees, st_registry_is_held()) {
		if (reader->net && !net_eq(reader->net, tree->net))
			continue;
		if (!st_tree_is_visible(tree, reader->pid_ns))
			continue;
		err = read_tree(snapshot, tree);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

static int try_unlocked(struct st_snapshot *snapshot, const struct st_reader *reader)
{
	unsigned long generation = st_registry_generation();
	int err;

	if (generation & 1)
		return -EAGAIN;
	err = read_trees(snapshot, reader);
	if (!err && st_registry_is_same(generation))
		return 0;
	put_rows(snapshot);
	return err == -ENOSPC ? err : -EAGAIN;
}

static int try_locked(struct st_snapshot *snapshot, const struct st_reader *reader)
{
	int err;

	st_registry_begin();
	err = read_trees(snapshot, reader);
	st_registry_end();
	if (err)
		put_rows(snapshot);
	return err;
}

static struct st_snapshot *allocate(void)
{
	struct st_snapshot *snapshot;
	struct st_counts counts;
	unsigned int max_rows;

	st_registry_count(&counts);
	max_rows = counts.nr_nodes + SPARE_ROWS;
	snapshot = kvmalloc(struct_size(snapshot, rows, max_rows), GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return NULL;
	snapshot->nr_rows = 0;
	snapshot->max_rows = max_rows;
	return snapshot;
}

/* Backwards, each row is the first of its depth that was seen since a shallower one. */
static void mark_siblings(struct st_snapshot *snapshot)
{
	u64 seen = 0, more_at = 0;
	unsigned int i;

	for (i = snapshot->nr_rows; i--;) {
		struct st_row *row = &snapshot->rows[i];
		u64 here = BIT_ULL(row->node->depth);

		row->more_at = seen & here;
		seen = (seen & (here - 1)) | here;
	}
	for (i = 0; i < snapshot->nr_rows; i++) {
		struct st_row *row = &snapshot->rows[i];

		more_at &= BIT_ULL(row->node->depth) - 1; /* of its ancestors */
		row->more_at |= more_at;
		more_at = row->more_at;
	}
}

struct st_snapshot *st_snapshot_new(const struct st_reader *reader)
{
	unsigned int nr_tries = 0;
	struct st_snapshot *snapshot;
	int err;

	st_registry_settle();
	for (;;) {
		snapshot = allocate();
		if (!snapshot)
			return ERR_PTR(-ENOMEM);
		do {
			err = nr_tries++ < MAX_TRIES ? try_unlocked(snapshot, reader) :
						       try_locked(snapshot, reader);
		} while (err == -EAGAIN);
		if (!err)
			break;
		kvfree(snapshot);
	}
	mark_siblings(snapshot);
	trace_suptree_snapshot(snapshot->nr_rows, nr_tries);
	return snapshot;
}

void st_snapshot_free(struct st_snapshot *snapshot)
{
	if (IS_ERR_OR_NULL(snapshot))
		return;
	put_rows(snapshot);
	kvfree(snapshot);
}
