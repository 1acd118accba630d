/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many connections there may be, and who may have them. Called by control.c for each
 * connection that is accepted, and by client.c when it ends.
 *
 * The last places are for admins, so an admin is always served. Each other user has a share.
 * A supervised process may have a few connections even if its user's share is used up: many
 * children may run as one user. A descriptor goes with each place (descriptors.h).
 */
#ifndef ST_DAEMON_CONTROL_PLACES_H
#define ST_DAEMON_CONTROL_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/map.h"
#include "daemon/control/peer.h"
#include "proto/errors.h"

struct st_control_config;

struct st_places {
	const struct st_control_config *config; /* its zeroes are replaced */
	uint32_t nr;
	struct st_map by_user; /* uid + 1 -> number of its connections */
	struct st_map by_process; /* generation -> the same */
};

void st_places_init(struct st_places *places, const struct st_control_config *config);
void st_places_done(struct st_places *places); /* all have been given back */

/**
 * st_places_take() - take a place for a connection
 * @places: the places
 * @peer: the process at the other end
 * @error: set if there is none: why
 * @why: gets the same in words
 * @size: of @why
 *
 * Return: false if there is none.
 */
bool st_places_take(struct st_places *places, const struct st_peer *peer, enum st_error *error,
		    char *why, size_t size) __must_check;

/** st_places_give_back() - give back the place of a connection that was closed */
void st_places_give_back(struct st_places *places, const struct st_peer *peer);

#endif
