/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `wait --until PATH=STATE`: clients that wait for a child to be in some state.
 *
 * Their conditions are looked at when they come and after each step that has
 * touched the child, or something above or below it; so a state that lasts for
 * one step is seen. What the words mean is in proto/condition.h. Nothing here
 * changes a tree. Next: condition.h.
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
 * st_untils_new() - a place for clients that wait
 * @ring: waits for the moments at which they give up; must outlive it
 * @tree: the tree that their conditions are about; must outlive it
 * @ret_untils: owned by the caller (st_untils_free)
 *
 * Return: 0 or -ENOMEM.
 */
int st_untils_new(struct st_ring *ring, const struct st_tree *tree,
		  struct st_untils **ret_untils) __must_check;
void st_untils_free(struct st_untils *untils); /* NULL is allowed; nobody is answered */

/**
 * st_untils_add() - let a client wait
 * @untils: who waits
 * @client: is answered {"ok":true} when the condition holds, which may be at once
 * @condition: copied
 * @deadline_ns: monotonic; when to give up: the answer is the error timeout then, and
 *	says in which state the child is; ST_NO_DEADLINE: never
 *
 * Return: 0; -ENOMEM: the client was not answered.
 */
int st_untils_add(struct st_untils *untils, struct st_client *client,
		  const struct st_condition *condition, uint64_t deadline_ns) __must_check;

/**
 * st_untils_check() - answer those whose condition has come true
 * @untils: who waits; with nobody this costs nothing
 * @effects: of the step that has just run, which show what it has touched
 */
void st_untils_check(struct st_untils *untils, const struct st_effects *effects);

/**
 * st_untils_shut_down() - answer the error shutting_down to all who wait
 * @untils: who waits
 */
void st_untils_shut_down(struct st_untils *untils);

/**
 * st_untils_forget() - a client is gone
 * @untils: who waits
 * @client: may be one that does not wait
 */
void st_untils_forget(struct st_untils *untils, struct st_client *client);

#endif
