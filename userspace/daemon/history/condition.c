// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks the states that clients wait for; see condition.h.
 *
 * A child that has died counts as dead at once, even if its supervisor has not
 * handled the message yet [M1].
 */
#include "daemon/history/condition.h"

static bool is_running(const struct st_child *child)
{
	return child->state == ST_CHILD_RUNNING && !child->ended;
}

/* The next child in pre-order that is not below @child. */
static struct st_child *next_beside(struct st_child *child, const struct st_child *top)
{
	for (; child != top; child = child->parent->self)
		if (child->sibling.next != &child->parent->children)
			return st_child_of(child->sibling.next);
	return NULL;
}

/*
 * Find the child that keeps @top from being ready: @top itself, or a permanent
 * child below it. NULL if there is none. Children that are not permanent may be
 * down, with everything below them.
 */
static const struct st_child *find_down(struct st_child *top)
{
	struct st_child *child = top;

	while (child) {
		if (is_running(child))
			child = st_child_next(child, top);
		else if (child == top || child->spec->def.restart == ST_RESTART_PERMANENT)
			return child;
		else
			child = next_beside(child, top);
	}
	return NULL;
}

bool st_condition_holds(const struct st_condition *condition, const struct st_tree *tree,
			bool *is_undecided)
{
	struct st_child *child = st_tree_find(tree, condition->path);

	*is_undecided = child && (child->ended || child->state == ST_CHILD_RESTARTING);
	switch (condition->until) {
	case ST_UNTIL_RUNNING:
		return child && is_running(child);
	case ST_UNTIL_READY:
	case ST_UNTIL_UP:
		return child && !find_down(child);
	case ST_UNTIL_STOPPED:
		return child && child->state == ST_CHILD_STOPPED && !child->alive;
	case ST_UNTIL_RESTARTING:
		return child && child->state == ST_CHILD_RESTARTING;
	case ST_UNTIL_GONE:
		return !child;
	case ST_UNTIL__MAX:
		break;
	}
	return false;
}

void st_condition_write_state(const struct st_condition *condition, const struct st_tree *tree,
			      struct st_buf *out)
{
	const struct st_child *child = st_tree_find(tree, condition->path);

	if (child && condition->until == ST_UNTIL_READY)
		child = find_down(st_tree_find(tree, condition->path));
	if (!child) {
		st_buf_add_text(out, condition->path);
		st_buf_add_text(out, " does not exist");
		return;
	}
	st_child_write_path(child, out);
	st_buf_add_text(out, " is ");
	if (child->ended)
		st_buf_add_text(out, "dead, and its supervisor has not come to that yet");
	else
		st_buf_add_text(out, st_child_state_text[child->state]);
}
