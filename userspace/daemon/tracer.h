/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracer service: the child that serves the operations of the tracer.
 *
 * It is whichever supervised process has registered the name "tracer" and runs as the
 * daemon's own user: such a child could do all that the daemon can anyway, others are
 * not believed. There is no other tie: when it ends, so does its name, and with it the
 * operations; the next incarnation registers again.
 */
#ifndef ST_DAEMON_TRACER_H
#define ST_DAEMON_TRACER_H

struct st_daemon;
struct st_process;

#define ST_TRACER_NAME "tracer"

/* Return: the process, borrowed; NULL: none runs. */
const struct st_process *st_tracer_find(const struct st_daemon *daemon);

#endif
