/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's own readiness, told to whoever supervises it.
 */
#ifndef ST_DAEMON_OWN_READY_H
#define ST_DAEMON_OWN_READY_H

/* Send READY=1 to $NOTIFY_SOCKET, if there is one (sd_notify(3)). */
void st_own_ready(void);

#endif
