// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, see tell.h.
 */
#include "tell.h"

#include <linux/pid.h>
#include <linux/suptree.h>

#include "netlink.h"
#include "node.h"
#include "registry.h"
#include "ring.h"
#include "snapshot.h"
#include "trace.h"
#include "tree.h"
#include "watch.h"

static u64 next_seq(struct st_tree *tree)
{
	WRITE_ONCE(tree->seq, tree->seq + 1);
	return tree->seq;
}

static void trace(const struct st_record *record)
{
	const struct st_node *node = record->node;

	trace_suptree_event(record->event, record->tree->number, node ? node->id : 0,
			    pid_nr(record->pid), record->status, node ? node->name : "");
}

void st_tell(struct st_node *node, u8 event, u64 time_ns)
{
	struct st_tree *tree = node->tree;
	struct st_record record = {
		.event = event,
		.seq = next_seq(tree),
		.time_ns = time_ns,
		.tree = tree,
		.node = node,
	};
	struct st_row row;

	st_registry_assert_held();
	st_row_read(node, &row);
	record.pid = row.watch ? row.watch->pid : NULL;
	record.generation = row.generation;
	record.status = event == SUPTREE_EVENT_EXITED ? row.status : ST_STATUS_NONE;
	st_ring_add(&record);
	st_netlink_tell(&record, &row);
	trace(&record);
}

void st_tell_owner_lost(struct st_tree *tree, u64 time_ns)
{
	struct st_record record = {
		.event = SUPTREE_EVENT_OWNER_LOST,
		.seq = next_seq(tree),
		.time_ns = time_ns,
		.tree = tree,
		.status = ST_STATUS_NONE,
	};

	st_registry_assert_held();
	st_ring_add(&record);
	st_netlink_tell(&record, NULL);
	trace(&record);
}
