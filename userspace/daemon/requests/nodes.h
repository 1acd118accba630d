/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answers of tree and ps: children of a subtree, nested or as rows, written in slices
 * while the tree goes on.
 *
 * The answer begins with the number of the newest event, "seq", and ends with "seq_end". If
 * these differ, the tree has changed meanwhile: a child that was there all the time is shown
 * once, each as it was when its turn came. Read next: core/walk.h, view.h.
 */
#ifndef ST_DAEMON_REQUESTS_NODES_H
#define ST_DAEMON_REQUESTS_NODES_H

#include "daemon/control/client.h"
#include "daemon/requests/view.h"

#define ST_NODES_PER_SLICE 256 /* visited in one turn, about 0.1 ms */

/**
 * struct st_nodes_query - which children, and how
 * @view: the sources, and the members to show
 * @tree: the tree
 * @top: its subtree is shown
 * @after: children after this one, which is in the subtree; NULL: from @top on
 * @limit: at most this number of children; UINT64_MAX: no limit
 * @depth: levels below @top that are shown
 * @state: only children in this state; -1: in any
 * @is_nested: as a tree; false: as rows
 */
struct st_nodes_query {
	struct st_view view;
	struct st_tree *tree;
	struct st_child *top;
	struct st_child *after;
	uint64_t limit;
	uint32_t depth;
	int state;
	bool is_nested;
};

/**
 * st_nodes_new() - make an answer
 * @query: copied
 *
 * Return: the answer, for st_client_reply_slices(); NULL: no memory.
 */
struct st_slices *st_nodes_new(const struct st_nodes_query *query) __must_check;

#endif
