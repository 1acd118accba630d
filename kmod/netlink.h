/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family: permissions and policies, and the group for events.
 * request.c and answer.c handle the commands.
 */
#ifndef _SUPTREE_NETLINK_H
#define _SUPTREE_NETLINK_H

#include <linux/types.h>

struct genl_family;
struct genl_info;
struct st_record;
struct st_row;

extern struct genl_family st_family;

int __must_check st_netlink_init(void);
void st_netlink_done(void); /* no request runs any more when this returns */

/* To all listeners of the tree's network namespace; @row NULL: of the whole tree. */
void st_netlink_tell(const struct st_record *record, const struct st_row *row);

/* Count and trace a request that failed. Return: @err, which may be 0. */
int st_netlink_refuse(struct genl_info *info, int err);

struct st_netlink_counts {
	u64 nr_refused;
	u64 nr_lost; /* events that not every listener got */
};

void st_netlink_count(struct st_netlink_counts *ret_counts);

#endif /* _SUPTREE_NETLINK_H */
