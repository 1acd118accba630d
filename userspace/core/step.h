/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole of supervision: st_step(tree, now, event, &effects).
 *
 * Core makes no system call, reads no clock, and keeps no global state. The caller
 * passes events, executes the effects in order, and calls again at
 * st_next_deadline(). Effects point into the tree and are valid until the next step.
 */
#ifndef ST_CORE_STEP_H
#define ST_CORE_STEP_H

#include "core/effect.h"
#include "core/event.h"
#include "core/types.h"

/**
 * st_tree_new() - make a tree that does not run yet
 * @spec: specification of the root supervisor; a reference is added
 * @seed: for the jitter of back-offs
 * @ret_tree: the tree, owned by the caller (st_tree_free)
 *
 * Return: 0, -ENOMEM, or -E2BIG: deeper or larger than core/limits.h allows.
 */
int st_tree_new(struct st_sup_spec *spec, uint64_t seed, struct st_tree **ret_tree) __must_check;

void st_tree_free(struct st_tree *tree); /* NULL is allowed */

/**
 * st_step() - let something happen to a tree
 * @tree: the tree
 * @now_ns: monotonic time, never less than in an earlier step
 * @event: what happened
 * @ret_effects: what is to be done now, in this order
 *
 * Stale events are dropped [M4]. A request is always answered by exactly one
 * REPLY, in this step or a later one.
 */
void st_step(struct st_tree *tree, uint64_t now_ns, const struct st_event *event,
	     struct st_effects *ret_effects);

/**
 * st_next_deadline() - when to call st_step() again, with a TICK
 * @tree: the tree
 *
 * Return: monotonic time in ns; 0: at once; ST_NO_DEADLINE: not by itself.
 */
uint64_t st_next_deadline(const struct st_tree *tree);

/**
 * st_tree_find() - look up a child by path
 * @tree: the tree
 * @path: ids joined by '/'; "/" or "" is the root; a leading '/' is allowed
 *
 * Return: borrowed, or NULL. Of dynamic children with the same name the last.
 */
struct st_child *st_tree_find(const struct st_tree *tree, const char *path);

/**
 * st_sup_find() - look up a child of a supervisor
 * @sup: the supervisor
 * @id: an id, or the name of a dynamic child
 *
 * Return: borrowed, or NULL. Of dynamic children with the same name the last.
 */
struct st_child *st_sup_find(const struct st_sup *sup, const char *id);

/**
 * st_sup_find_known() - look up a child, also one that is no longer on the list
 * @sup: the supervisor
 * @id: an id
 *
 * Return: borrowed: the child on the list or, if there is none, the one that the
 * specification keeps for the next start of @sup [E8]; else NULL.
 */
struct st_child *st_sup_find_known(const struct st_sup *sup, const char *id);

/**
 * st_tree_find_generation() - look up the child that a process belongs to
 * @tree: the tree
 * @generation: the generation
 *
 * Return: borrowed, or NULL: stale [M4].
 */
struct st_child *st_tree_find_generation(const struct st_tree *tree, uint64_t generation);

/**
 * st_tree_is_settled() - whether nothing is left to decide
 * @tree: the tree
 *
 * Return: true if no message waits in any supervisor, and none starts or
 * stops a child.
 */
bool st_tree_is_settled(const struct st_tree *tree);

struct st_counts {
	uint32_t specs;
	uint32_t active;
	uint32_t supervisors;
	uint32_t workers;
};

/**
 * st_sup_count() - count_children [C8] [I1] [X2]
 * @sup: the supervisor
 *
 * Return: the counts.
 */
struct st_counts st_sup_count(const struct st_sup *sup);

/**
 * st_sup_peek_start() - find the child that will be started next
 * @sup: a supervisor that waits for a child to become ready
 * @now_ns: monotonic time
 *
 * For an executor that makes the next process while the previous one executes its
 * program. The result is certain: this child is started when the other one becomes
 * ready, unless a deadline comes first or @sup is killed.
 *
 * Return: a worker, or NULL.
 */
struct st_child *st_sup_peek_start(const struct st_sup *sup, uint64_t now_ns);

/**
 * st_tree_next_held() - find a start that holds up the root supervisor
 * @tree: the tree, between two steps
 * @after: the one found before, with no step since then; NULL: find the first one
 *
 * While a supervisor starts a child it does nothing else [M2], and whoever waits for the
 * supervisor waits for that start, too. So these are the starts that a stop of the whole
 * tree waits for.
 *
 * Return: a worker that is starting and was not killed, or NULL.
 */
const struct st_child *st_tree_next_held(const struct st_tree *tree, const struct st_child *after);

/**
 * st_tree_check() - verify every invariant of a tree
 * @tree: the tree, between two steps
 * @why: on failure, what is wrong and where
 *
 * For tests: it visits everything.
 *
 * Return: true if all hold.
 */
bool st_tree_check(const struct st_tree *tree, struct st_buf *why);

#endif
