// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of messages, see message.h.
 */
#include "message.h"

#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/suptree.h>
#include <net/netlink.h>

#include "node.h"
#include "ring.h"
#include "snapshot.h"
#include "tree.h"
#include "watch.h"

/* A process that has no pid in @ns is left out. */
static int put_pid_nr(struct sk_buff *skb, int attribute, struct pid *pid, struct pid_namespace *ns)
{
	pid_t nr = pid_nr_ns(pid, ns);

	return nr ? nla_put_u32(skb, attribute, nr) : 0;
}

static int put_tree(struct sk_buff *skb, const struct st_tree *tree, u64 seq,
		    struct pid_namespace *ns)
{
	if (nla_put_u32(skb, SUPTREE_A_TREE, tree->number) ||
	    put_pid_nr(skb, SUPTREE_A_OWNER_PID, tree->owner, ns) ||
	    nla_put_u32(skb, SUPTREE_A_OWNER_PORT, tree->port) ||
	    nla_put_u64_64bit(skb, SUPTREE_A_SEQ, seq, SUPTREE_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_node(struct sk_buff *skb, const struct st_node *node)
{
	if (nla_put_u32(skb, SUPTREE_A_ID, node->id) ||
	    nla_put_u32(skb, SUPTREE_A_PARENT, st_node_parent_id(node)) ||
	    nla_put_u8(skb, SUPTREE_A_KIND, node->kind) ||
	    nla_put_string(skb, SUPTREE_A_NAME, node->name))
		return -EMSGSIZE;
	return 0;
}

/* The attributes that may change. */
static int put_state(struct sk_buff *skb, const struct st_row *row, struct pid_namespace *ns)
{
	if (nla_put_u8(skb, SUPTREE_A_STATE, row->state) ||
	    nla_put_u32(skb, SUPTREE_A_RESTARTS, row->restarts) ||
	    nla_put_u64_64bit(skb, SUPTREE_A_GENERATION, row->generation, SUPTREE_A_PAD))
		return -EMSGSIZE;
	if (row->node->kind == SUPTREE_KIND_SUPERVISOR &&
	    nla_put_u8(skb, SUPTREE_A_STRATEGY, row->strategy))
		return -EMSGSIZE;
	if (row->watch && put_pid_nr(skb, SUPTREE_A_PID, row->watch->pid, ns))
		return -EMSGSIZE;
	if (row->status != ST_STATUS_NONE && nla_put_u32(skb, SUPTREE_A_EXIT_STATUS, row->status))
		return -EMSGSIZE;
	return 0;
}

int st_message_put_row(struct sk_buff *skb, const struct st_row *row, struct pid_namespace *ns)
{
	return put_tree(skb, row->node->tree, row->seq, ns) ?:
		       put_node(skb, row->node)		    ?:
							      put_state(skb, row, ns);
}

int st_message_put_event(struct sk_buff *skb, const struct st_record *record,
			 const struct st_row *row)
{
	struct pid_namespace *ns = ns_of_pid(record->tree->owner);

	if (nla_put_u8(skb, SUPTREE_A_EVENT, record->event) ||
	    nla_put_u64_64bit(skb, SUPTREE_A_TIME_NS, record->time_ns, SUPTREE_A_PAD))
		return -EMSGSIZE;
	if (row)
		return st_message_put_row(skb, row, ns);
	return put_tree(skb, record->tree, record->seq, ns);
}
