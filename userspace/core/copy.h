/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An exact copy of a live tree, to try out what would happen.
 *
 * The copy takes the same events and has the same effects at the same times: states,
 * mailboxes, deadlines, restarts that count, jobs under way, requests without an answer and
 * the queue of supervisors are all copied. Both share only what never changes: specifications,
 * and names and arguments of dynamic children, which are counted. So either may go first.
 *
 * Who makes a copy executes none of its effects, or only in an imagined world (predict/).
 */
#ifndef ST_CORE_COPY_H
#define ST_CORE_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct st_tree;

/**
 * st_tree_copy() - copy a tree, between two steps
 * @tree: the tree; only scratch space in it is written
 * @ret_copy: the copy, owned by the caller (st_tree_free)
 *
 * It has no walks (walk.h), and nothing of the graveyard.
 *
 * Return: 0 or -ENOMEM.
 */
int st_tree_copy(struct st_tree *tree, struct st_tree **ret_copy) __must_check;

/*
 * The same for whoever must not stop for long. Memory that nobody has touched yet is what
 * takes the time, so it is touched in slices before. The copy itself is made in one go: a tree
 * that steps between two slices cannot be copied in parts, and 10,000 children then take less
 * than a millisecond, because the children of a copy are one block of memory and pointers
 * between them are found without a search.
 */
struct st_copy_room;

/**
 * st_copy_room_new() - take memory for a copy
 * @tree: the tree; it may step, grow and shrink until the copy is made
 * @ret_room: owned by the caller (st_copy_room_free, or st_copy_room_take)
 *
 * Return: 0 or -ENOMEM.
 */
int st_copy_room_new(const struct st_tree *tree, struct st_copy_room **ret_room) __must_check;

/**
 * st_copy_room_touch() - touch the next part of the memory
 * @room: the room
 *
 * Return: true if all of it has been touched.
 */
bool st_copy_room_touch(struct st_copy_room *room);

/**
 * st_copy_room_take() - make the copy; as st_tree_copy()
 * @room: freed, whatever the outcome
 * @tree: the tree that the room is for
 * @ret_copy: the copy, owned by the caller (st_tree_free)
 *
 * Return: 0 or -ENOMEM.
 */
int st_copy_room_take(struct st_copy_room *room, struct st_tree *tree,
		      struct st_tree **ret_copy) __must_check;

void st_copy_room_free(struct st_copy_room *room); /* NULL is allowed */

/**
 * st_tree_hash() - a number for the state of a tree
 * @tree: the tree, between two steps
 *
 * It visits everything. Whatever decides what core does next is in it; walks are not.
 *
 * Return: the same number for two trees in the same state.
 */
uint64_t st_tree_hash(const struct st_tree *tree);

#endif
