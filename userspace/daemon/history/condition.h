/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks whether a condition that a client waits for is true. The names of the
 * conditions are in proto/condition.h. These functions only read the tree,
 * between two steps. until.c calls them.
 */
#ifndef ST_DAEMON_HISTORY_CONDITION_H
#define ST_DAEMON_HISTORY_CONDITION_H

#include <stdbool.h>

#include "core/step.h"
#include "proto/condition.h"

/**
 * st_condition_holds() - whether a condition is true now
 * @condition: the condition
 * @tree: the tree
 * @is_undecided: the child is dead or RESTARTING. What its supervisor
 *	decides next may cause no effect that names the child: an end that is
 *	not reported [B2], or a retry that is given up because the supervisor is
 *	killed [G7]
 *
 * Return: true if the condition holds.
 */
bool st_condition_holds(const struct st_condition *condition, const struct st_tree *tree,
			bool *is_undecided);

/**
 * st_condition_write_state() - describe the state that the child has instead
 * @condition: a condition that does not hold
 * @tree: the tree
 * @out: words such as "demo/counter_2 is restarting" are appended
 */
void st_condition_write_state(const struct st_condition *condition, const struct st_tree *tree,
			      struct st_buf *out);

#endif
