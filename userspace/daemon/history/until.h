/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `wait --until PATH=STATE`: clients that wait until a child is in some state.
 *
 * A condition is checked when the client asks, and after each step that has
 * touched the child, or something above or below it. So a state that lasts for
 * only one step is seen. proto/condition.h defines the states. Nothing here
 * changes the tree. Read next: condition.h.
 */
#ifndef ST_DAEMON_HISTORY_UNTIL_H
#define ST_DAEMON_HISTORY_UNTIL_H

#include <stdint.h>

#include "base/compiler.h"
#include "core/step.h"
#include "daemon/control/client.h"
#include "proto/condition.h"

struct st_ring;
struct st_untils;

/**
 * st_untils_new() - make the set of waiting clients
 * @ring: wakes up at the deadlines; must outlive the set
 * @tree: the tree that the conditions are about; must outlive the set
 * @ret_untils: owned by the caller (st_untils_free)
 *
 * Return: 0 or -ENOMEM.
 */
int st_untils_new(struct st_ring *ring, const struct st_tree *tree,
		  struct st_untils **ret_untils) __must_check;
void st_untils_free(struct st_untils *untils); /* NULL is allowed; clients get no answer */

/**
 * st_untils_add() - let a client wait
 * @untils: the waiting clients
 * @client: gets the answer {"ok":true} when the condition holds, which may be
 *	at once
 * @condition: copied
 * @deadline_ns: monotonic; at this time the answer is the error timeout, with
 *	the state that the child has then; ST_NO_DEADLINE: never
 *
 * Return: 0; -ENOMEM: the client has got no answer.
 */
int st_untils_add(struct st_untils *untils, struct st_client *client,
		  const struct st_condition *condition, uint64_t deadline_ns) __must_check;

/**
 * st_untils_check() - answer the clients whose condition has become true
 * @untils: the waiting clients; if there are none, this costs nothing
 * @effects: of the step that has just run; they show which children it has
 *	touched
 */
void st_untils_check(struct st_untils *untils, const struct st_effects *effects);

/**
 * st_untils_shut_down() - answer all waiting clients with the error shutting_down
 * @untils: the waiting clients
 */
void st_untils_shut_down(struct st_untils *untils);

/**
 * st_untils_forget() - forget a client that has gone
 * @untils: the waiting clients
 * @client: it may be a client that does not wait
 */
void st_untils_forget(struct st_untils *untils, struct st_client *client);

#endif
