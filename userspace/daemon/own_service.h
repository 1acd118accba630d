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

struct st_own_service {
	struct sockaddr_un address; /* of $NOTIFY_SOCKET */
	socklen_t address_len; /* 0: nobody listens */
	uint64_t interval_ns; /* of the watchdog's signs of life; 0: none are wanted */
	uint64_t next_ns; /* monotonic time of the next one */
	bool is_stopping;
};

/**
 * st_own_service_init() - learn from the environment who listens
 * @service: filled in from $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID
 *
 * Signs of life are sent twice as often as is wanted, as sd_watchdog_enabled(3)
 * advises. What makes no sense is passed over.
 */
void st_own_service_init(struct st_own_service *service);

void st_own_service_ready(struct st_own_service *service, uint64_t now_ns); /* READY=1 */
void st_own_service_stopping(struct st_own_service *service); /* STOPPING=1, once */

/**
 * st_own_service_tick() - send WATCHDOG=1 if it is time
 * @service: the service
 * @now_ns: monotonic time
 */
void st_own_service_tick(struct st_own_service *service, uint64_t now_ns);

/* Return: monotonic time of the next tick, or ST_NO_DEADLINE. */
uint64_t st_own_service_next_deadline(const struct st_own_service *service);

#endif
