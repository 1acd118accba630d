/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of owners: one handler for each command that changes something. Generic
 * netlink (netlink.c) calls them in the sender's context, with attributes that the
 * policy has checked. A request is done completely or changes nothing.
 */
#ifndef _SUPTREE_REQUEST_H
#define _SUPTREE_REQUEST_H

struct genl_info;
struct sk_buff;

int st_request_node_new(struct sk_buff *skb, struct genl_info *info);
int st_request_node_set(struct sk_buff *skb, struct genl_info *info);
int st_request_node_del(struct sk_buff *skb, struct genl_info *info);

#endif /* _SUPTREE_REQUEST_H */
