/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last events of all trees, for /proc/suptree/events.
 *
 * A record holds a reference to its node, so that the name can be read long after the
 * node was removed. The size of the ring limits the memory of removed nodes. tell.c
 * fills it, proc_events.c reads it. Slow readers lose the oldest events and see that by
 * SEQ.
 */
#ifndef _SUPTREE_RING_H
#define _SUPTREE_RING_H

#include <linux/types.h>
#include <linux/wait.h>

struct pid;
struct st_node;
struct st_tree;

#define ST_RING_RECORDS 1024

struct st_record {
	u64 serial; /* from 1 on, of all trees together */
	u64 seq; /* of its tree */
	u64 time_ns;
	u64 generation;
	struct st_tree *tree;
	struct st_node *node; /* NULL: the whole tree */
	struct pid *pid; /* NULL: no process */
	int status; /* ST_STATUS_NONE but of an exit */
	u8 event;
};

/* woken by each record */
extern struct wait_queue_head st_ring_wait;

void st_ring_add(const struct st_record *record); /* serial is set here */
u64 st_ring_last(void); /* serial of the last record; 0: there was none */

/* The first record from @serial on that is still there; st_record_put() when done. */
bool st_ring_read(u64 serial, struct st_record *ret_record);
void st_record_put(struct st_record *record);

/* There are no new readers any more: wait until no process polls, and free all records. */
void st_ring_done(void);

#endif /* _SUPTREE_RING_H */
