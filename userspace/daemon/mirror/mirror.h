/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree as the kernel module knows it: what the daemon does is told to the
 * module, which shows it in /proc/suptree beside what it sees by itself.
 *
 *   step ── st_mirror_follow ──> messages ── st_mirror_flush ──> the module
 *                                                 |  refused, or lost
 *   the module comes ──> all of the tree <────────┘  (after a while)
 *
 * A witness, and no more: nothing here decides, and without a module all of it is
 * silence. Whatever goes wrong has one cure: the connection is closed, with which the
 * module forgets the tree, and later the whole tree is told again. Called by
 * shell.c only. Next: mirror_tree.c, the nodes.
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
	X(ST_MIRROR_OFF, "off") /* the kernel cannot tell us of modules, or we end */ \
	X(ST_MIRROR_ABSENT, "absent") /* no module is loaded */ \
	X(ST_MIRROR_REFUSED, "refused") /* there is one, which does not take the tree */ \
	X(ST_MIRROR_LINKED, "linked") /* it knows the tree */

#define ST_ENUM_MEMBER(name, text) name,
enum st_mirror_state {
	ST_MIRROR_STATE_LIST(ST_ENUM_MEMBER) ST_MIRROR_STATE__MAX
};
#undef ST_ENUM_MEMBER

#define ST_MIRROR_WHY_MAX (ST_GENL_REASON_MAX + 64)

struct st_mirror {
	const struct st_tree *tree;
	enum st_mirror_state state;
	char why[ST_MIRROR_WHY_MAX]; /* of REFUSED and OFF */
	bool is_broken; /* it failed since it was linked: try_later() */
	int news_fd; /* modules come and go; -1: closed */
	struct st_poll news;
	struct st_genl genl; /* open while LINKED */
	struct st_map nodes; /* struct st_child -> struct st_mirror_node */
	struct st_list tops; /* of those that hang in no other: the root's */
	uint32_t last_id; /* of a node, in this connection */
	struct st_deadline retry; /* the moment of the next attempt */
	uint64_t pause_ns; /* after the next failure */
};

/**
 * st_mirror_open() - look for the module, now and whenever one is loaded
 * @mirror: filled in
 * @ring: of the daemon
 * @tree: of the daemon; must outlive the mirror
 *
 * Without memory the mirror is off, which st_mirror_write() shows.
 */
void st_mirror_open(struct st_mirror *mirror, struct st_ring *ring, const struct st_tree *tree);

/**
 * st_mirror_close() - let the module forget the tree
 * @mirror: one that was opened; the ring must run until its operation is done
 */
void st_mirror_close(struct st_mirror *mirror);
void st_mirror_done(struct st_mirror *mirror); /* then */

/**
 * st_mirror_follow() - tell what a step has changed
 * @mirror: the mirror
 * @event: that happened
 * @effects: of the step, whose children still exist
 *
 * Only writes messages.
 */
void st_mirror_follow(struct st_mirror *mirror, const struct st_event *event,
		      const struct st_effects *effects);

/**
 * st_mirror_flush() - send what was written
 * @mirror: the mirror
 * @now_ns: monotonic time
 *
 * Before any process that was started since is reaped: the module looks at it.
 */
void st_mirror_flush(struct st_mirror *mirror, uint64_t now_ns);

/* {"state", "why"?, "nodes"?}, for `status`. */
void st_mirror_write(const struct st_mirror *mirror, struct st_json *json);

/* mirror_tree.c: what the module knows of the tree */
void st_mirror_tell_all(struct st_mirror *mirror);
void st_mirror_tell(struct st_mirror *mirror, const struct st_effect *effect);
void st_mirror_tell_process(struct st_mirror *mirror, const struct st_child *child);
void st_mirror_tell_end(struct st_mirror *mirror); /* there is no tree any more */
void st_mirror_forget_all(struct st_mirror *mirror);

/* mirror.c, for mirror_tree.c */
void st_mirror_message_ends(struct st_mirror *mirror); /* instead of st_genl_end() */
void st_mirror_lacks_memory(struct st_mirror *mirror);

#endif
