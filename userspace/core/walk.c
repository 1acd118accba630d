// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks that outlive a step; see walk.h.
 *
 * A child knows how many walks are at it or below it. So the removal of a child costs nothing
 * if no walk is there.
 */
#include "core/walk.h"

#include "core/internal.h"

static struct st_child *above(const struct st_child *child)
{
	return child->parent ? child->parent->self : NULL;
}

static bool is_within(const struct st_child *child, const struct st_child *top)
{
	while (child && child != top)
		child = above(child);
	return child != NULL;
}

static void move(struct st_walk *walk, struct st_child *to)
{
	for (struct st_child *child = walk->at; child; child = above(child))
		child->nr_walks--;
	for (struct st_child *child = to; child; child = above(child))
		child->nr_walks++;
	walk->at = to;
}

/* Return: the first child after all below @child; NULL: that is outside of @top. */
static struct st_child *after(struct st_child *child, const struct st_child *top)
{
	while (child != top) {
		if (child->sibling.next != &child->parent->children)
			return st_child_of(child->sibling.next);
		child = above(child);
	}
	return NULL;
}

void st_walk_begin(struct st_walk *walk, struct st_tree *tree, struct st_child *top)
{
	*walk = (struct st_walk){ .top = top };
	st_list_init(&walk->link);
	st_list_add_tail(&walk->link, &tree->walks);
	move(walk, top);
}

void st_walk_to(struct st_walk *walk, struct st_child *at)
{
	move(walk, at);
}

void st_walk_next(struct st_walk *walk, bool is_into)
{
	struct st_child *child = walk->at;

	if (is_into && child->sup && !st_list_is_empty(&child->sup->children))
		move(walk, st_child_of(child->sup->children.next));
	else
		move(walk, after(child, walk->top));
}

void st_walk_end(struct st_walk *walk)
{
	move(walk, NULL);
	st_list_del(&walk->link);
}

unsigned int st_walk_depth(const struct st_child *child, const struct st_child *top)
{
	unsigned int depth = 0;

	for (; child && child != top; child = above(child))
		depth++;
	return depth;
}

void st_walks_leave(struct st_tree *tree, struct st_child *child)
{
	struct st_list *pos;

	if (!child->nr_walks)
		return;
	st_list_for_each(pos, &tree->walks) {
		struct st_walk *walk = st_list_entry(pos, struct st_walk, link);

		if (walk->at && is_within(walk->at, child))
			move(walk, is_within(walk->top, child) ? NULL : after(child, walk->top));
	}
}
