/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small tree of core's. Its processes exist on paper only:
 *
 *	/ (one_for_one)
 *	  demo (one_for_one, any number of restarts)
 *	    a, b	permanent workers
 *	    t		a transient worker
 *	    s		a transient supervisor with the permanent worker x
 *	  demonstration	a permanent worker
 *
 * The test decides what happens to them. Callbacks can look at the tree after
 * each step.
 */
#ifndef ST_TESTS_DAEMON_SMALL_TREE_H
#define ST_TESTS_DAEMON_SMALL_TREE_H

#include <stdbool.h>

#include "core/step.h"

struct small_tree {
	struct st_tree *tree;
	uint64_t now_ns;
	void (*after)(void *owner, const struct st_effects *effects, uint64_t now_ns);
	void (*follow)(void *owner, const struct st_event *event, const struct st_effects *effects);
	void *owner;
};

/* Specs for trees of a test's own. The caller owns a reference; what is given goes in. */
struct st_child_spec *small_worker(const char *id, enum st_restart restart);
struct st_sup_spec *small_sup_spec(enum st_strategy strategy, uint32_t intensity,
				   struct st_child_spec **children, uint32_t nr);
struct st_child_spec *small_supervisor(const char *id, enum st_restart restart,
				       enum st_shutdown_type shutdown, struct st_sup_spec *sup);

void small_tree_init(struct small_tree *small);
void small_tree_done(struct small_tree *small);

/* One step, and then what is due by itself at the same time. */
void small_tree_step(struct small_tree *small, const struct st_event *event);

/* BOOT; then every process that is spawned says READY until none is left. */
void small_tree_boot(struct small_tree *small);

/* Say READY for all who are STARTING, and those who then are. */
void small_tree_ready(struct small_tree *small);

struct st_child *small_tree_find(const struct small_tree *small, const char *path);

/* The process of a child says READY, or ends with an exit status. */
void small_tree_say_ready(struct small_tree *small, const char *path);
void small_tree_exit(struct small_tree *small, const char *path, int status);

/* Send a request about a child of a supervisor, with the next token. */
void small_tree_ask(struct small_tree *small, enum st_request_type type, const char *sup,
		    const char *id);

#endif
