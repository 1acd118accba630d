/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the daemon reports when the configured trees could not be started, which
 * ends the daemon [A5].
 */
#ifndef ST_DAEMON_FAILED_START_H
#define ST_DAEMON_FAILED_START_H

#include "core/reason.h"

struct st_daemon;

/**
 * st_failed_start_report() - report which child failed, why, and what can be done
 * @daemon: the daemon, before its outputs are closed
 * @reason: the root's end, of type ST_REASON_FAILED_CHILD
 */
void st_failed_start_report(const struct st_daemon *daemon, const struct st_reason *reason);

#endif
