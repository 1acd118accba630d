/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree as the kernel module knows it. The daemon reports its tree to the
 * module, and the module shows it in /proc/suptree, beside what it sees itself.
 *
 *   step ── st_mirror_follow ──> messages ── st_mirror_flush ──> the module
 *                                                 |  refused, or lost
 *   the module comes ──> all of the tree <────────┘  (after a while)
 *
 * The module only watches: nothing here decides, and without a module nothing
 * is sent. All failures are handled alike. The connection is closed, so the
 * module forgets the tree; later the whole tree is sent again. Only shell.c
 * calls this. Read next: mirror_tree.c, the nodes.
 */
#ifndef ST_DAEMON_MIRROR_MIRROR_H
#define ST_DAEMON_MIRROR_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "core/step.h"
#include "loop/deadline.h"
#include "loop/poll.h"
#include "os/genl.h"
#include "proto/json.h"

#define ST_MIRROR_STATE_LIST(X) \
	X(ST_MIRROR_OFF, "off") /* the kernel cannot report modules, or we end */ \
	X(ST_MIRROR_ABSENT, "absent") /* no module is loaded */ \
	X(ST_MIRROR_REFUSED, "refused") /* a module is loaded, but does not take the tree */ \
	X(ST_MIRROR_LINKED, "linked") /* it has the tree */

#define ST_ENUM_MEMBER(name, text) name,
enum st_mirror_state {
	ST_MIRROR_STATE_LIST(ST_ENUM_MEMBER) ST_MIRROR_STATE__MAX
};
#undef ST_ENUM_MEMBER

#define ST_MIRROR_WHY_MAX (ST_GENL_REASON_MAX + 64)

struct st_mirror {
	const struct st_tree *tree;
	enum st_mirror_state state;
	char why[ST_MIRROR_WHY_MAX]; /* the reason of REFUSED or OFF */
	bool is_broken; /* it failed since it was linked: try_later() */
	int news_fd; /* reports modules that come and go; -1: closed */
	struct st_poll news;
	struct st_genl genl; /* open while LINKED */
	struct st_map nodes; /* struct st_child -> struct st_mirror_node */
	struct st_list tops; /* nodes without a parent node: the root's */
	uint32_t last_id; /* of the newest node in this connection */
	struct st_deadline retry; /* the moment of the next attempt */
	uint64_t pause_ns; /* after the next failure */
};

/**
 * st_mirror_open() - look for the module, now and whenever one is loaded
 * @mirror: filled in
 * @ring: of the daemon
 * @tree: of the daemon; must outlive the mirror
 *
 * If there is no memory, the mirror is off, and st_mirror_write() shows that.
 */
void st_mirror_open(struct st_mirror *mirror, struct st_ring *ring, const struct st_tree *tree);

/**
 * st_mirror_close() - let the module forget the tree
 * @mirror: one that was opened; the ring must run until its operation is done
 */
void st_mirror_close(struct st_mirror *mirror);
void st_mirror_done(struct st_mirror *mirror); /* after st_mirror_close() and the ring */

/**
 * st_mirror_follow() - write messages for the changes that a step has made
 * @mirror: the mirror
 * @event: the event of the step
 * @effects: of the step, whose children still exist
 *
 * Sends nothing.
 */
void st_mirror_follow(struct st_mirror *mirror, const struct st_event *event,
		      const struct st_effects *effects);

/**
 * st_mirror_flush() - send the messages that were written
 * @mirror: the mirror
 * @now_ns: monotonic time
 *
 * Call it before any process started since the last call is reaped: the module
 * looks at the process.
 */
void st_mirror_flush(struct st_mirror *mirror, uint64_t now_ns);

/* Write {"state", "why"?, "nodes"?}, for `status`. */
void st_mirror_write(const struct st_mirror *mirror, struct st_json *json);

/* mirror_tree.c: the messages for the tree */
void st_mirror_tell_all(struct st_mirror *mirror);
void st_mirror_tell(struct st_mirror *mirror, const struct st_effect *effect);
void st_mirror_tell_process(struct st_mirror *mirror, const struct st_child *child);
void st_mirror_tell_end(struct st_mirror *mirror); /* the tree no longer exists */
void st_mirror_forget_all(struct st_mirror *mirror);

/* mirror.c, for mirror_tree.c */
void st_mirror_message_ends(struct st_mirror *mirror); /* instead of st_genl_end() */
void st_mirror_lacks_memory(struct st_mirror *mirror);

#endif
