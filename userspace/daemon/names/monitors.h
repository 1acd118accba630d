/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Monitors: a client asks to be told when a process has ended, and why. This is
 * OTP's monitor/2. Each monitor sends exactly one `down`.
 *
 * A monitor belongs to one incarnation of a process, named by its generation.
 * naming.c makes monitors. effects.c reports ends, dispatch.c reports clients
 * that have gone.
 */
#ifndef ST_DAEMON_NAMES_MONITORS_H
#define ST_DAEMON_NAMES_MONITORS_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"
#include "base/map.h"
#include "core/reason.h"
#include "daemon/control/client.h"
#include "loop/deadline.h"

#define ST_MAX_MONITORS 1024 /* of one client */

struct st_monitors {
	struct st_map by_generation; /* generation -> its newest monitor */
	struct st_map by_client;
	struct st_map by_ref;
	struct st_list endings; /* processes that have ended, with monitors that are left */
	struct st_deadline due; /* the next slice of these */
	uint64_t last_ref;
	uint32_t nr;
};

/**
 * st_monitors_init() - make an empty table
 * @monitors: the table
 * @ring: on which slices of `down` wait for their turn
 *
 * Return: 0 or -ENOMEM.
 */
int st_monitors_init(struct st_monitors *monitors, struct st_ring *ring) __must_check;
void st_monitors_done(struct st_monitors *monitors);

/**
 * st_monitors_add() - watch a process for a client
 * @monitors: all monitors
 * @client: gets the notification `down`, after the reply to its request
 * @generation: of a process that lives
 * @path: of its child; copied
 * @ret_ref: the monitor's number
 *
 * Return: 0; -E2BIG: the client has ST_MAX_MONITORS already; -ENOMEM.
 */
int st_monitors_add(struct st_monitors *monitors, struct st_client *client, uint64_t generation,
		    const char *path, uint64_t *ret_ref) __must_check;

/**
 * st_monitors_new_ref() - get a number for a `down` that is sent at once
 * @monitors: all monitors
 */
uint64_t st_monitors_new_ref(struct st_monitors *monitors);

/**
 * st_monitors_remove() - remove a monitor
 * @monitors: all monitors
 * @client: the owner of the monitor; a monitor of another client stays
 * @ref: the monitor's number; nothing happens if its `down` was sent already
 */
void st_monitors_remove(struct st_monitors *monitors, const struct st_client *client, uint64_t ref);

/**
 * st_monitors_ended() - send `down` to all clients that watch a process
 *
 * If these are many, they are sent in slices: one now, and one in each turn of the loop.
 *
 * @monitors: all monitors
 * @generation: of the process, which has ended
 * @reason: why it has ended
 */
void st_monitors_ended(struct st_monitors *monitors, uint64_t generation,
		       const struct st_reason *reason);

/* Remove all monitors of a client that has gone. */
void st_monitors_forget(struct st_monitors *monitors, const struct st_client *client);

/**
 * st_monitors_send_down() - send a `down` for which there is no monitor
 * @client: the receiver
 * @ref: number of the monitor
 * @generation: of the process, or 0
 * @path: of its child, or ""
 * @reason: as JSON
 * @len: bytes of @reason
 */
void st_monitors_send_down(struct st_client *client, uint64_t ref, uint64_t generation,
			   const char *path, const char *reason, size_t len);

#endif
