/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole state of a tree as text, and back: between any two steps, with the work that is under
 * way and the messages that wait.
 *
 *	tree --st_tree_save()--> text --st_tree_load()--> a tree that goes on in the same way
 *
 * Both trees have the same effects for the same events at the same times. The text has a line for
 * each child, for each supervisor, and for each message and request (RULES.md, "Saved state").
 * Its first line has the version of the format, its last one a checksum, so a text that is
 * damaged or cut is refused. Walks of clients (walk.h) and the effects of the last step are not
 * part of the state.
 *
 * Whoever wants to show a tree at another moment, or to try something out, uses this. Nothing here
 * decides anything. Next: save.c, load.c.
 */
#ifndef ST_CORE_SAVE_H
#define ST_CORE_SAVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"

struct st_child_spec;
struct st_sup_spec;
struct st_tree;

#define ST_SAVE_VERSION 1

/**
 * struct st_spec_reader - reads the specifications of a saved state, which are JSON
 * @child: read a child spec; return a reference, or NULL: it is not valid, or there is no memory
 * @sup: the same for the specification of a supervisor
 * @owner: passed to both
 *
 * Core writes JSON but does not read it; the binder of config/ does.
 */
struct st_spec_reader {
	struct st_child_spec *(*child)(void *owner, const char *json, size_t len);
	struct st_sup_spec *(*sup)(void *owner, const char *json, size_t len);
	void *owner;
};

/* What is wrong with a text, and where. */
struct st_load_error {
	uint32_t line; /* counted from 1; 0: the text as a whole */
	const char *what; /* static text */
};

/**
 * st_tree_save() - append the state of a tree
 * @tree: between two steps
 * @out: where to
 *
 * Return: 0 or -ENOMEM.
 */
int st_tree_save(const struct st_tree *tree, struct st_buf *out) __must_check;

/**
 * st_tree_load() - make a tree of a saved state
 * @text: what st_tree_save() has written; need not be terminated
 * @len: its bytes
 * @reader: reads specifications
 * @ret_tree: the tree, owned by the caller (st_tree_free)
 * @ret_error: filled in if the text is refused
 *
 * Return: 0; -EINVAL: the text is no saved state, is damaged, or is of another version; -E2BIG:
 * the tree is larger than core/limits.h allows; -ENOMEM.
 */
int st_tree_load(const char *text, size_t len, const struct st_spec_reader *reader,
		 struct st_tree **ret_tree, struct st_load_error *ret_error) __must_check;

#endif
