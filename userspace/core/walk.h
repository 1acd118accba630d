/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A walk through the tree that may take many steps of core, for answers that are written in
 * slices. Whoever answers a question about many children begins one.
 *
 * The tree may change between two visits. If the next child to be visited is removed, the
 * walk goes on with the one that comes after it: a pointer in a walk never dangles. A child
 * that is there all the time is visited once, unless a change gives its supervisor's children
 * another order. A walk decides nothing and changes nothing but the counts of itself.
 */
#ifndef ST_CORE_WALK_H
#define ST_CORE_WALK_H

#include <stdbool.h>

#include "core/types.h"

struct st_walk {
	struct st_list link; /* in ->tree->walks */
	struct st_child *top;
	struct st_child *at; /* to be visited next; NULL: the walk is over */
};

/**
 * st_walk_begin() - begin a walk
 * @walk: filled in; must not move until st_walk_end()
 * @tree: the tree
 * @top: visited first, and then what is below it, in the order of their starts
 */
void st_walk_begin(struct st_walk *walk, struct st_tree *tree, struct st_child *top);

/**
 * st_walk_to() - go to a child
 * @walk: the walk
 * @at: its top, or a child below it: it is visited next
 */
void st_walk_to(struct st_walk *walk, struct st_child *at);

/**
 * st_walk_next() - go to the child after the present one
 * @walk: not over
 * @is_into: also visit what is below the present one
 */
void st_walk_next(struct st_walk *walk, bool is_into);

/** st_walk_end() - forget a walk, whether it is over or not */
void st_walk_end(struct st_walk *walk);

/**
 * st_walk_depth() - how far below a child another one is
 * @child: @top, or below it
 * @top: where to begin to count
 *
 * Return: 0 for @top.
 */
unsigned int st_walk_depth(const struct st_child *child, const struct st_child *top);

#endif
