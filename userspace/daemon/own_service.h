/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon as a service of whoever supervises it, systemd for example: it says
 * when it is ready, when it stops, and that its loop still turns (sd_notify(3)).
 *
 * All of it is silence where the environment names no socket. The environment is
 * read once; children do not inherit these variables (launch.c).
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
	socklen_t address_len; /* 0: nobody listens */
	uint64_t interval_ns; /* of the watchdog's signs of life; 0: none are wanted */
	struct st_deadline next; /* the moment of the next one */
	bool is_stopping;
};

/**
 * st_own_service_init() - learn from the environment who listens
 * @service: filled in from $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID
 * @ring: waits for the moments of signs of life
 *
 * Signs of life are sent twice as often as is wanted, as sd_watchdog_enabled(3)
 * advises. What makes no sense is passed over.
 *
 * Return: 0 or -ENOMEM.
 */
int st_own_service_init(struct st_own_service *service, struct st_ring *ring) __must_check;
void st_own_service_done(struct st_own_service *service);

/* READY=1, and from now on signs of life: WATCHDOG=1 */
void st_own_service_ready(struct st_own_service *service, uint64_t now_ns);
void st_own_service_stopping(struct st_own_service *service); /* STOPPING=1, once */

#endif
