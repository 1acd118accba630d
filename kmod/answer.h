/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NODE_GET: one node, or all nodes by a dump. Generic netlink (netlink.c) calls it for
 * any reader. It changes nothing.
 */
#ifndef _SUPTREE_ANSWER_H
#define _SUPTREE_ANSWER_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int st_answer_node_get(struct sk_buff *skb, struct genl_info *info);
int st_answer_dump_start(struct netlink_callback *cb);
int st_answer_dump(struct sk_buff *skb, struct netlink_callback *cb);
int st_answer_dump_done(struct netlink_callback *cb);

#endif /* _SUPTREE_ANSWER_H */
