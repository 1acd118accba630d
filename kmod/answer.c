// SPDX-License-Identifier: GPL-2.0-only
/*
 * NODE_GET, see answer.h. A dump is one snapshot however many messages it takes,
 * so that no change can tear it.
 */
#include "answer.h"

#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/suptree.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "message.h"
#include "netlink.h"
#include "node.h"
#include "registry.h"
#include "snapshot.h"
#include "tree.h"

/* The tree that is named, or the asker's own, if he may see it; with the lock. */
static struct st_tree *find_tree(struct genl_info *info)
{
	struct nlattr *number = info->attrs[SUPTREE_A_TREE];
	struct net *net = genl_info_net(info);
	struct st_tree *tree;

	tree = number ? st_registry_tree(net, nla_get_u32(number)) :
			st_registry_tree_of(net, info->snd_portid);
	if (tree && st_tree_is_visible(tree, task_active_pid_ns(current)))
		return tree;
	if (number)
		NL_SET_ERR_MSG_ATTR(info->extack, number, "TREE: no such tree");
	else
		GENL_SET_ERR_MSG(info, "TREE: missing, and the sender has none");
	return NULL;
}

static int put_node(struct genl_info *info, struct sk_buff *answer, void *header)
{
	struct nlattr *id = info->attrs[SUPTREE_A_ID];
	struct st_tree *tree = find_tree(info);
	struct st_node *node;
	struct st_row row;

	if (!tree)
		return -ENOENT;
	node = st_tree_find(tree, nla_get_u32(id));
	if (!node) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "ID: no such node in the tree");
		return -ENOENT;
	}
	st_row_read(node, &row);
	if (st_message_put_row(answer, &row, task_active_pid_ns(current)))
		return -EMSGSIZE;
	genlmsg_end(answer, header);
	return 0;
}

int st_answer_node_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *answer;
	void *header;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, SUPTREE_A_ID)) {
		GENL_SET_ERR_MSG(info, "ID: missing");
		return st_netlink_refuse(info, -EINVAL);
	}
	answer = genlmsg_new(ST_MESSAGE_SIZE, GFP_KERNEL);
	if (!answer)
		return st_netlink_refuse(info, -ENOMEM);
	err = -EMSGSIZE;
	header = genlmsg_put_reply(answer, info, &st_family, 0, SUPTREE_CMD_NODE_GET);
	if (header) {
		st_registry_begin();
		err = put_node(info, answer, header);
		st_registry_end();
	}
	if (!err)
		return genlmsg_reply(answer, info);
	nlmsg_free(answer);
	return st_netlink_refuse(info, err);
}

/* The state of a dump between its messages. */
struct dump {
	struct st_snapshot *snapshot;
	struct pid_namespace *pid_ns;
	unsigned long nr_sent;
};

static struct dump *dump_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump) > sizeof(cb->args));
	return (struct dump *)cb->args;
}

int st_answer_dump_start(struct netlink_callback *cb)
{
	struct st_reader reader = {
		.net = sock_net(cb->skb->sk),
		.pid_ns = task_active_pid_ns(current),
	};
	struct st_snapshot *snapshot = st_snapshot_new(&reader);

	if (IS_ERR(snapshot))
		return PTR_ERR(snapshot);
	dump_of(cb)->snapshot = snapshot;
	dump_of(cb)->pid_ns = get_pid_ns(reader.pid_ns);
	return 0;
}

int st_answer_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);
	void *header;

	for (; dump->nr_sent < dump->snapshot->nr_rows; dump->nr_sent++) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     &st_family, NLM_F_MULTI, SUPTREE_CMD_NODE_GET);
		if (!header)
			break;
		if (st_message_put_row(skb, &dump->snapshot->rows[dump->nr_sent], dump->pid_ns)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
	}
	return skb->len;
}

int st_answer_dump_done(struct netlink_callback *cb)
{
	st_snapshot_free(dump_of(cb)->snapshot);
	put_pid_ns(dump_of(cb)->pid_ns);
	return 0;
}
