/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one door between the world and the core.
 *
 * Everything that happens becomes an event and is posted here. Events that
 * come up while effects are executed wait in a queue, so a step never runs
 * inside another one. After the queue is empty one deadline is armed: the
 * earliest of the tree.
 */
#ifndef ST_DAEMON_SHELL_H
#define ST_DAEMON_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "loop/deadline.h"

struct st_daemon;

/* An event that waits, with a text of its own. */
struct st_posted {
	struct st_event event;
	char *text;
};

struct st_shell {
	struct st_posted *queue; /* a ring */
	uint32_t first;
	uint32_t nr;
	bool is_stepping;
	struct st_deadline deadline;
};

/**
 * st_shell_init() - reserve room for all events that can wait
 * @shell: of the daemon
 * @ring: waits for what is due
 *
 * Return: 0 or -ENOMEM.
 */
int st_shell_init(struct st_shell *shell, struct st_ring *ring) __must_check;
void st_shell_done(struct st_shell *shell);

/**
 * st_shell_post() - let an event happen
 * @daemon: the daemon
 * @event: copied, but for the request, which must stay until it was taken in:
 *         requests are posted from outside a step only
 *
 * If no step is running the event is taken in, and its effects are executed,
 * before this returns.
 */
void st_shell_post(struct st_daemon *daemon, const struct st_event *event);

/**
 * st_shell_post_text() - the same for an event with a text
 * @daemon: the daemon
 * @type: ERROR or SPAWN_FAILED
 * @generation: of the process
 * @format: as for printf
 */
void st_shell_post_text(struct st_daemon *daemon, enum st_event_type type, uint64_t generation,
			const char *format, ...) __printf(4, 5);

/**
 * st_shell_run() - take in what waits, and what is due
 * @daemon: the daemon
 *
 * Called at each deadline; also arms the next one.
 */
void st_shell_run(struct st_daemon *daemon);

#endif
