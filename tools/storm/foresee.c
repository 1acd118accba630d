// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the child that core announced as the next to start with the one that starts.
 */
#include "storm.h"

/*
 * The supervisor that a READY lets go on; NULL: the event is another one, or stale, or the
 * child must still be up for its min_uptime [X9].
 */
static struct st_sup *waiting_sup(const struct st_tree *tree, const struct st_event *event)
{
	struct st_child *child = st_tree_find_generation(tree, event->generation);

	if (event->type != ST_EV_READY || !child || child->lingering || child->killed ||
	    child->state != ST_CHILD_STARTING || child->spec->def.min_uptime_ms)
		return NULL;
	return child->parent;
}

/* A due deadline comes first, and may kill any child. */
static bool is_due(const struct st_storm *storm)
{
	return st_next_deadline(storm->tree) <= storm->now_ns;
}

void st_foresee(const struct st_storm *storm, const struct st_event *event,
		struct st_foresight *ret_foresight)
{
	struct st_sup *sup = is_due(storm) ? NULL : waiting_sup(storm->tree, event);

	ret_foresight->sup = sup;
	ret_foresight->next = sup ? st_sup_peek_start(sup, storm->now_ns) : NULL;
}

void st_check_foresight(struct st_storm *storm, const struct st_foresight *foresight)
{
	if (foresight->next && !is_due(storm) && foresight->sup->waiting_for != foresight->next)
		st_storm_break(storm, "another one is started than core said");
}
