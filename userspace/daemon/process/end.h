/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a process has ended, as the event that core gets. process.c reaps, and posts the event.
 */
#ifndef ST_DAEMON_PROCESS_END_H
#define ST_DAEMON_PROCESS_END_H

#include <sys/resource.h>

#include "core/event.h"
#include "os/pidref.h"

/* Return: the status of wait(2), which also shows whether core was dumped. */
int st_end_status(const struct st_exit *how);

/* Fill in how it has ended, and what it and its reaped descendants have used. */
void st_end_set(struct st_event *exited, const struct st_exit *how, const struct rusage *usage);

/*
 * The wait has failed, so nothing can say how the process has ended. Its pidfd shows that it
 * has: that is an abnormal end.
 */
void st_end_set_unknown(struct st_event *exited, pid_t pid, int error);

#endif
