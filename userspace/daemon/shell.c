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
#include "core/step.h"
#include "loop/ring.h"

/*
 * Room for all events that can wait: one for each supervisor that starts a
 * child, since none has two starts under way [M2], and a few from outside.
 * Unused room costs no memory.
 */
#define CAP (128u << 10)
#define MAX_STEPS 256 /* in one turn of the loop, so that no client waits for long */

_Static_assert(CAP > ST_MAX_NODES + ST_MAX_NODES / MAX_STEPS + MAX_STEPS, "the queue is too small");

static void step(struct st_shell *shell, const struct st_event *event)
{
	uint64_t now_ns = st_clock_ns();
	struct st_effects effects;

	st_step(shell->tree, now_ns, event, &effects);
	shell->executor->execute(shell->owner, event, &effects, now_ns);
}

static bool take(struct st_shell *shell, struct st_posted *ret_posted)
{
	if (!shell->nr)
		return false;
	*ret_posted = shell->queue[shell->first];
	shell->first = (shell->first + 1) & (CAP - 1);
	if (!--shell->nr)
		shell->first = 0; /* so that only few of the pages are ever used */
	return true;
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

/* Return: false if there was nothing to do. */
static bool run_one(struct st_shell *shell)
{
	static const struct st_event tick = { .type = ST_EV_TICK };
	struct st_posted posted;

	if (take(shell, &posted)) {
		step(shell, &posted.event);
		st_free(posted.text);
		return true;
	}
	if (st_next_deadline(shell->tree) > st_clock_ns())
		return false;
	step(shell, &tick);
	return true;
}

/*
 * Run steps for all events that wait or are due; what is left is run in the
 * next turn.
 */
static void run(struct st_shell *shell)
{
	unsigned int nr = 0;

	if (shell->is_stepping)
		return;
	shell->is_stepping = true;
	while (nr < MAX_STEPS && run_one(shell))
		nr++;
	shell->is_stepping = false;
	shell->executor->rest(shell->owner, nr < MAX_STEPS);
	st_deadline_set(&shell->deadline, shell->nr ? 0 : st_next_deadline(shell->tree));
}

static void on_due(struct st_deadline *deadline)
{
	run(container_of(deadline, struct st_shell, deadline));
}

int st_shell_init(struct st_shell *shell, struct st_tree *tree, struct st_ring *ring,
		  const struct st_executor *executor, void *owner)
{
	struct st_posted *queue = st_alloc_array(CAP, sizeof(*queue));

	*shell = (struct st_shell){ .tree = tree, .executor = executor, .owner = owner };
	if (!queue || st_deadline_init(&shell->deadline, ring, on_due)) {
		st_free(queue);
		return -ENOMEM;
	}
	shell->queue = queue;
	return 0;
}

/*
 * An end, or the failure of a start, must not be lost. It needs no memory here:
 * there is room for all. Each post from outside runs more steps than it adds
 * events, and a step adds at most one event for each supervisor that starts a
 * child.
 */
static void enqueue(struct st_shell *shell, const struct st_event *event, char *text)
{
	struct st_posted *posted;

	assert(shell->nr < CAP);
	posted = &shell->queue[(shell->first + shell->nr) & (CAP - 1)];
	shell->nr++;
	posted->event = *event;
	posted->text = text;
	if (text)
		posted->event.text = text;
}

void st_shell_post(struct st_shell *shell, const struct st_event *event)
{
	enqueue(shell, event, NULL);
	run(shell);
}

void st_shell_post_text(struct st_shell *shell, enum st_event_type type, uint64_t generation,
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
		(void)vsnprintf(text, ST_MAX_ERROR_LEN + 1, format, args); /* it may be cut */
		va_end(args);
	}
	enqueue(shell, &event, text);
	run(shell);
}
