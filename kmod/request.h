/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What owners ask for: one handler for each command that changes something. Called
 * by generic netlink (netlink.c), with attributes that the policy let in, in the
 * sender's context. A request is done as a whole or changes nothing.
 */
#ifndef _SUPTREE_REQUEST_H
#define _SUPTREE_REQUEST_H

struct genl_info;
struct sk_buff;

int st_request_node_new(struct sk_buff *skb, struct genl_info *info);
int st_request_node_set(struct sk_buff *skb, struct genl_info *info);
int st_request_node_del(struct sk_buff *skb, struct genl_info *info);

#endif /* _SUPTREE_REQUEST_H */
