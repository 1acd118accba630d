/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What readers see. A row is a node at one moment. A snapshot is all nodes of all trees
 * that a reader may see at one moment, in pre-order.
 *
 * A snapshot costs about 100 bytes a node in the reader's memory cgroup, and does not
 * delay the owners of trees. The proc files and dumps use it; events use only rows.
 */
#ifndef _SUPTREE_SNAPSHOT_H
#define _SUPTREE_SNAPSHOT_H

#include <linux/types.h>

struct net;
struct pid_namespace;
struct st_node;
struct st_watch;

struct st_row {
	struct st_node *node;
	struct st_watch *watch; /* NULL: no process */
	u64 seq; /* of the tree's last event */
	u64 generation;
	u32 restarts;
	int status; /* ST_STATUS_NONE unless the state is EXITED */
	u8 state;
	u8 strategy;
	u64 more_at; /* bit n: the row's ancestor (or it) at depth n has later siblings */
};

struct st_snapshot {
	unsigned int nr_rows;
	unsigned int max_rows;
	struct st_row rows[];
};

/* Who reads: @net NULL: in any network namespace. */
struct st_reader {
	struct net *net;
	struct pid_namespace *pid_ns;
};

/* Under RCU or with the registry's lock; takes no references. */
void st_row_read(struct st_node *node, struct st_row *ret_row);

/* Return: the snapshot; ERR_PTR(-ENOMEM). Sleeps, waits for no owner. */
struct st_snapshot *st_snapshot_new(const struct st_reader *reader);
void st_snapshot_free(struct st_snapshot *snapshot); /* NULL: nothing */

#endif /* _SUPTREE_SNAPSHOT_H */
