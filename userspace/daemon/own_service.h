/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon as a service of its own supervisor, systemd for example. It
 * reports when it is ready, when it stops, and that its loop still runs
 * (sd_notify(3)).
 *
 * Nothing is sent if the environment names no socket. The environment is read
 * once; children do not inherit these variables (launch.c).
 */
#ifndef ST_DAEMON_OWN_SERVICE_H
#define ST_DAEMON_OWN_SERVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/compiler.h"
#include "loop/deadline.h"

struct st_own_service {
	struct sockaddr_un address; /* of $NOTIFY_SOCKET */
	socklen_t address_len; /* 0: no supervisor listens */
	uint64_t interval_ns; /* time between two WATCHDOG=1 messages; 0: none are wanted */
	struct st_deadline next; /* the time of the next one */
	bool is_stopping;
};

/**
 * st_own_service_init() - read from the environment where to report
 * @service: filled in from $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID
 * @ring: waits for the times of WATCHDOG=1 messages
 *
 * They are sent twice as often as is asked for, as sd_watchdog_enabled(3)
 * advises. Invalid values are ignored.
 *
 * Return: 0 or -ENOMEM.
 */
int st_own_service_init(struct st_own_service *service, struct st_ring *ring) __must_check;
void st_own_service_done(struct st_own_service *service);

/* Send READY=1, and from now on WATCHDOG=1. */
void st_own_service_ready(struct st_own_service *service, uint64_t now_ns);
void st_own_service_stopping(struct st_own_service *service); /* send STOPPING=1, once */

#endif
