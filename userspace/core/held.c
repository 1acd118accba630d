// SPDX-License-Identifier: GPL-2.0-only
/*
 * The starts that the root supervisor waits for, directly or through others. See step.h.
 *
 * From each supervisor the search goes only to what it waits for: one child, or in a
 * parallel stop all children. Any other start holds nothing up.
 */
#include "core/step.h"

/* What the child itself waits for; NULL: nothing, or for what has got SIGKILL. */
static const struct st_child *below(const struct st_child *child)
{
	const struct st_sup *sup = child->sup;

	if (!sup || sup->phase == ST_PHASE_KILLED)
		return NULL;
	if (sup->waiting_for)
		return sup->waiting_for;
	return sup->nr_waiting ? st_child_of(sup->children.next) : NULL;
}

/* What is waited for beside it, or beside a supervisor above it. */
static const struct st_child *beside(const struct st_child *child)
{
	const struct st_sup *sup;

	for (; (sup = child->parent) != NULL; child = sup->self)
		if (!sup->waiting_for && child->sibling.next != &sup->children)
			return st_child_of(child->sibling.next);
	return NULL;
}

static const struct st_child *next(const struct st_child *child)
{
	const struct st_child *first = below(child);

	return first ? first : beside(child);
}

const struct st_child *st_tree_next_held(const struct st_tree *tree, const struct st_child *after)
{
	const struct st_child *child = after ? next(after) : tree->root;

	for (; child; child = next(child))
		if (!child->sup && child->state == ST_CHILD_STARTING && !child->killed)
			return child;
	return NULL;
}
