/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which process is which child: the daemon's tree, as far as the service needs it.
 *
 * Read once, then kept up by the daemon's events. A child that has ended is known for a
 * while, for records about it may still be in a ring.
 */
#ifndef ST_TRACER_CHILDREN_H
#define ST_TRACER_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/map.h"
#include "proto/conn.h"

#define ST_CHILDREN_GONE 1024 /* that are known after their end */

struct st_traced_child {
	pid_t pid;
	bool is_gone;
	char path[];
};

struct st_traced_children {
	struct st_conn *conn; /* to the daemon, which it subscribes to; owned */
	struct st_map by_pid; /* of struct st_traced_child */
	pid_t gone[ST_CHILDREN_GONE]; /* a ring */
	uint32_t nr_gone; /* ever */
	/* Told of each child that is there, or comes. */
	void (*started)(void *context, const struct st_traced_child *child);
	void *context;
};

/**
 * st_traced_children_open() - read the tree
 * @children: with started and context set, everything else zero
 *
 * Return: 0; -errno: the daemon does not answer.
 */
int __must_check st_traced_children_open(struct st_traced_children *children);
void st_traced_children_close(struct st_traced_children *children);

/**
 * st_traced_children_heed() - read the daemon's new events
 * @children: the tree
 *
 * Return: 0; -errno: the connection is lost.
 */
int __must_check st_traced_children_heed(struct st_traced_children *children);

/* Return: whether the daemon itself is being stopped, with all its children. */
bool st_traced_children_is_stopping(const struct st_traced_children *children);

/* Return: a child by the pid of its process, borrowed; NULL: it is none. */
const struct st_traced_child *st_traced_children_find(const struct st_traced_children *children,
						      pid_t pid);

#endif
