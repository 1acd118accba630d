// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only caller of st_step(). See shell.h.
 */
#include "daemon/shell.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "daemon/daemon.h"
#include "daemon/effects.h"
#include "daemon/stopping.h"

/*
 * Room for all that can wait: an event of each supervisor's start, since none has two
 * under way [M2], and a few of the world's. What is never used costs no memory.
 */
#define CAP (128u << 10)
#define MAX_STEPS 256 /* in one turn of the loop, so that nobody waits for long */

_Static_assert(CAP > ST_MAX_NODES + ST_MAX_NODES / MAX_STEPS + MAX_STEPS, "the queue is too small");

static void step(struct st_daemon *daemon, const struct st_event *event)
{
	uint64_t now_ns = st_clock_ns();
	struct st_effects effects;

	st_step(daemon->tree, now_ns, event, &effects);
	if (daemon->transcript) {
		st_transcript_event(daemon->transcript, event, now_ns);
		st_transcript_effects(daemon->transcript, &effects);
	}
	st_effects_execute(daemon, &effects, now_ns);
	st_mirror_follow(&daemon->mirror, event, &effects);
}

static bool take(struct st_shell *shell, struct st_posted *ret_posted)
{
	if (!shell->nr)
		return false;
	*ret_posted = shell->queue[shell->first];
	shell->first = (shell->first + 1) & (CAP - 1);
	if (!--shell->nr)
		shell->first = 0; /* so that few of the pages are ever touched */
	return true;
}

static void on_due(struct st_deadline *deadline)
{
	st_shell_run(container_of(deadline, struct st_daemon, shell.deadline));
}

int st_shell_init(struct st_shell *shell, struct st_ring *ring)
{
	shell->queue = st_alloc_array(CAP, sizeof(*shell->queue));
	return shell->queue ? st_deadline_init(&shell->deadline, ring, on_due) : -ENOMEM;
}

void st_shell_done(struct st_shell *shell)
{
	for (; shell->nr; shell->nr--) {
		st_free(shell->queue[shell->first].text);
		shell->first = (shell->first + 1) & (CAP - 1);
	}
	st_free(shell->queue);
	st_deadline_done(&shell->deadline);
	memset(shell, 0, sizeof(*shell));
}

/* Wait for what core waits for; and for no moment if events are left in the queue. */
static void await_deadline(struct st_daemon *daemon)
{
	st_deadline_set(&daemon->shell.deadline,
			daemon->shell.nr ? 0 : st_next_deadline(daemon->tree));
}

/* False if there was nothing to do. */
static bool run_one(struct st_daemon *daemon)
{
	static const struct st_event tick = { .type = ST_EV_TICK };
	struct st_posted posted;

	if (take(&daemon->shell, &posted)) {
		step(daemon, &posted.event);
		st_free(posted.text);
		return true;
	}
	if (st_next_deadline(daemon->tree) > st_clock_ns())
		return false;
	step(daemon, &tick);
	return true;
}

void st_shell_run(struct st_daemon *daemon)
{
	struct st_shell *shell = &daemon->shell;
	unsigned int nr = 0;

	if (shell->is_stepping)
		return;
	shell->is_stepping = true;
	while (nr < MAX_STEPS && run_one(daemon))
		nr++;
	shell->is_stepping = false;
	st_mirror_flush(&daemon->mirror, st_clock_ns());
	/* the effects of the last step, and what is left for a tick, hold answers */
	if (daemon->has_halted && !daemon->is_closing && nr < MAX_STEPS)
		st_stopping_close(daemon);
	await_deadline(daemon);
}

/*
 * An end, or the failure of a start, must not be lost, and needs no memory here: there
 * is room for all. Each post from outside takes in more steps than it adds events, and
 * a step adds at most one for each supervisor that starts a child.
 */
static void enqueue(struct st_daemon *daemon, const struct st_event *event, char *text)
{
	struct st_shell *shell = &daemon->shell;
	struct st_posted *posted;

	assert(shell->nr < CAP);
	posted = &shell->queue[(shell->first + shell->nr) & (CAP - 1)];
	shell->nr++;
	posted->event = *event;
	posted->text = text;
	if (text)
		posted->event.text = text;
}

void st_shell_post(struct st_daemon *daemon, const struct st_event *event)
{
	enqueue(daemon, event, NULL);
	st_shell_run(daemon);
}

void st_shell_post_text(struct st_daemon *daemon, enum st_event_type type, uint64_t generation,
			const char *format, ...)
{
	struct st_event event = {
		.type = type,
		.generation = generation,
		.reason = { .type = ST_REASON_KILLED },
		.text = "out of memory",
	};
	char *text = st_alloc(ST_MAX_ERROR_LEN + 1);
	va_list args;

	if (text) {
		va_start(args, format);
		(void)vsnprintf(text, ST_MAX_ERROR_LEN + 1, format, args); /* cut is fine */
		va_end(args);
	}
	enqueue(daemon, &event, text);
	st_shell_run(daemon);
}
