/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Report an event: it gets its number and goes to the ring, to the netlink group and to
 * the tracepoint. The code that changed something calls this with the registry's lock,
 * while the node still exists. It decides nothing.
 */
#ifndef _SUPTREE_TELL_H
#define _SUPTREE_TELL_H

#include <linux/types.h>

struct st_node;
struct st_tree;

/* @event: enum suptree_event; @time_ns: CLOCK_BOOTTIME */
void st_tell(struct st_node *node, u8 event, u64 time_ns);
void st_tell_owner_lost(struct st_tree *tree, u64 time_ns);

#endif /* _SUPTREE_TELL_H */
