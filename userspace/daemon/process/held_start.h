/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ends the starts that hold up the stop of the daemon.
 *
 * A supervisor that starts a child comes to its own stop only afterwards [M2] [M5], and a
 * child that is never ready would hold it up for ever. So such a start gets what a stop of
 * the child would get: its stop_signal, the patience of its `shutdown`, SIGKILL. Then the
 * start has failed, as if the child had ended by itself: core learns of its end, and of
 * nothing else.
 *
 * main.c calls this once a turn while the daemon stops. Read next: core/held.c.
 */
#ifndef ST_DAEMON_PROCESS_HELD_START_H
#define ST_DAEMON_PROCESS_HELD_START_H

#include <stdbool.h>

struct st_process;
struct st_processes;

/**
 * st_held_starts_end() - ask each start that the root supervisor waits for to end, once
 * @processes: of a daemon that was asked to stop
 *
 * Return: true: there was one; this may have begun others, so call it again.
 */
bool st_held_starts_end(struct st_processes *processes);

/* The process is reaped: it needs no patience any more. */
void st_held_start_forget(struct st_process *process);

#endif
