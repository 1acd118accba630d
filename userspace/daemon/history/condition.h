/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what a client waits for is true; the words are those of
 * proto/condition.h. Pure: looks at a tree between two steps. until.c uses it.
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
 * @ret_is_undecided: the child is dead or RESTARTING, and what its supervisor
 *	decides next may show in no effect about it: an end that is not reported
 *	[B2], a retry that is given up because the supervisor is killed [G7]
 *
 * Return: true if so.
 */
bool st_condition_holds(const struct st_condition *condition, const struct st_tree *tree,
			bool *ret_is_undecided);

/**
 * st_condition_write_state() - say how things stand instead
 * @condition: one that does not hold
 * @tree: the tree
 * @out: gets words such as "demo/counter_2 is restarting"
 */
void st_condition_write_state(const struct st_condition *condition, const struct st_tree *tree,
			      struct st_buf *out);

#endif
