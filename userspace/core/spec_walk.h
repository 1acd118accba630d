/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A walk through a specification and those that are nested in it, without recursion. Whoever
 * has to do something for each child of a specification that is not running yet uses it.
 * core/walk.h is for trees that run.
 */
#ifndef ST_CORE_SPEC_WALK_H
#define ST_CORE_SPEC_WALK_H

#include "core/limits.h"
#include "core/spec.h"

struct st_spec_walk {
	struct {
		const struct st_sup_spec *sup;
		uint32_t next; /* the number of the child to be visited next */
	} levels[ST_MAX_DEPTH + 2]; /* deeper than the deepest tree */
	size_t nr_levels;
};

/**
 * st_spec_walk_begin() - begin a walk
 * @walk: filled in; needs no end
 * @top: must live, and keep its children, as long as the walk
 */
void st_spec_walk_begin(struct st_spec_walk *walk, const struct st_sup_spec *top);

/**
 * st_spec_walk_next() - visit the next child
 * @walk: begun
 *
 * The order is that in which the children start: a supervisor comes before what is below it.
 * What is nested deeper than a tree may be is left out, because no such tree can be loaded.
 *
 * Return: the child, borrowed; NULL: all have been visited.
 */
const struct st_child_spec *st_spec_walk_next(struct st_spec_walk *walk);

#endif
