/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The small tree with a real shell. Requests go to it, and answers come back.
 * Its executor only pretends to do what the daemon's does: a process that is to
 * be started is ready at once, and a process that gets a signal has ended at
 * once, unless the test wants otherwise.
 */
#ifndef ST_TESTS_DAEMON_ASKED_TREE_H
#define ST_TESTS_DAEMON_ASKED_TREE_H

#include <stdbool.h>

#include "daemon/history/history.h"
#include "daemon/requests/pending.h"
#include "daemon/shell.h"
#include "small_tree.h"

struct asked_tree {
	struct small_tree small; /* its tree; its clock is not used */
	struct st_ring *ring;
	struct st_history history;
	struct st_shell shell;
	struct st_requests requests;
	bool is_silent; /* who is started from now on does not say READY */
	bool is_deaf; /* who gets a signal from now on does not end */
	const char *failure; /* of each start from now on; NULL: they succeed */
};

/* The tree has been started. All calls abort the test program on an error of their own. */
void asked_tree_init(struct asked_tree *asked);

/* All requests must have been answered. */
void asked_tree_done(struct asked_tree *asked);

/* The process of a child says READY, or ends with an exit status or by a signal. */
void asked_tree_ready(struct asked_tree *asked, const char *path);
void asked_tree_exit(struct asked_tree *asked, const char *path, int status);
void asked_tree_kill(struct asked_tree *asked, const char *path, int signo);

/* A request about a child, or (@is_child false) a supervisor; not sent. */
struct st_pending *asked_request(struct st_client *client, enum st_operation op,
				 enum st_request_type type, const char *path, bool is_child);

#endif
