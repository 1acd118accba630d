/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only way from the world to the core.
 *
 *	post --> queue --st_step()--> core --effects--> executor
 *
 * Everything that happens becomes an event and is posted here. Events that come
 * up while effects are executed wait in a queue, so a step never runs inside
 * another one. After the queue is empty one deadline is set: the earliest of
 * the tree. The shell does not know what effects are for. The executor does:
 * effects.c in the daemon, the test itself in a test.
 */
#ifndef ST_DAEMON_SHELL_H
#define ST_DAEMON_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/effect.h"
#include "core/event.h"
#include "loop/deadline.h"

struct st_tree;

/**
 * struct st_executor - executes the effects of core
 * @execute: execute the effects of a step, and report them; an effect that
 *	fails is posted as an event; the effects are valid during the call only
 * @rest: the queue is empty, or a turn's share of it was run; @is_idle: nothing
 *	is left that is due now
 *
 * Both may post events. Events that @execute posts are run by the run that is
 * under way.
 */
struct st_executor {
	void (*execute)(void *owner, const struct st_event *event, const struct st_effects *effects,
			uint64_t now_ns);
	void (*rest)(void *owner, bool is_idle);
};

/* An event that waits; it owns its text. */
struct st_posted {
	struct st_event event;
	char *text;
};

struct st_shell {
	struct st_tree *tree;
	const struct st_executor *executor;
	void *owner; /* passed to the executor */
	struct st_posted *queue; /* a ring */
	uint32_t first;
	uint32_t nr;
	bool is_stepping;
	struct st_deadline deadline; /* of the tree */
};

/**
 * st_shell_init() - reserve room for all events that can wait
 * @shell: filled in
 * @tree: only the shell may step it; must outlive the shell
 * @ring: waits for deadlines; must outlive the shell
 * @executor: must outlive the shell
 * @owner: passed to @executor
 *
 * Return: 0 or -ENOMEM.
 */
int st_shell_init(struct st_shell *shell, struct st_tree *tree, struct st_ring *ring,
		  const struct st_executor *executor, void *owner) __must_check;
void st_shell_done(struct st_shell *shell);

/**
 * st_shell_post() - post an event to core
 * @shell: the shell
 * @event: copied, but for the request, which must stay until core has handled
 *	the event: requests are posted from outside a step only
 *
 * If no step is running, core has handled the event, and its effects are
 * executed, before this returns.
 */
void st_shell_post(struct st_shell *shell, const struct st_event *event);

/**
 * st_shell_post_text() - the same for an event with a text
 * @shell: the shell
 * @type: ERROR or SPAWN_FAILED
 * @generation: of the process
 * @format: as for printf
 *
 * The text is cut at ST_MAX_ERROR_LEN bytes. Without memory it is "out of memory".
 */
void st_shell_post_text(struct st_shell *shell, enum st_event_type type, uint64_t generation,
			const char *format, ...) __printf(4, 5);

#endif
