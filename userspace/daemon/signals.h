/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals to the daemon, read from a descriptor on its ring.
 */
#ifndef ST_DAEMON_SIGNALS_H
#define ST_DAEMON_SIGNALS_H

#include "base/compiler.h"

struct st_daemon;

/**
 * st_signals_open() - handle signals from now on
 * @daemon: the daemon, with its ring; main() has blocked all signals
 *
 * Return: 0 or -errno, which was logged.
 */
int st_signals_open(struct st_daemon *daemon) __must_check;

/**
 * st_signals_close() - handle no more signals
 * @daemon: the daemon; the ring must run until the operation is done
 */
void st_signals_close(struct st_daemon *daemon);

#endif
