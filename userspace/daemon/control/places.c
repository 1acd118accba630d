// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts connections by user and by process; see places.h.
 */
#include "daemon/control/places.h"

#include <stdio.h>

#include "daemon/control/control.h"
#include "daemon/descriptors.h"

void st_places_init(struct st_places *places, const struct st_control_config *config)
{
	*places = (struct st_places){ .config = config };
}

void st_places_done(struct st_places *places)
{
	st_map_done(&places->by_user);
	st_map_done(&places->by_process);
}

static uint64_t key_of(const struct st_peer *peer)
{
	return (uint64_t)peer->uid + 1;
}

static uint32_t count(const struct st_map *map, uint64_t key)
{
	return key ? (uint32_t)(uintptr_t)st_map_get(map, key) : 0;
}

static void add(struct st_map *map, uint64_t key, uint32_t more)
{
	uint32_t nr = count(map, key) + more;

	if (key && nr)
		st_map_put(map, key, (void *)(uintptr_t)nr);
	else if (key)
		st_map_remove(map, key);
}

static bool has_share(const struct st_places *places, const struct st_peer *peer)
{
	return count(&places->by_user, key_of(peer)) < places->config->per_user ||
	       (peer->generation &&
		count(&places->by_process, peer->generation) < places->config->per_process);
}

bool st_places_take(struct st_places *places, const struct st_peer *peer, enum st_error *error,
		    char *why, size_t size)
{
	const struct st_control_config *config = places->config;
	bool is_admin = peer->role == ST_ROLE_ADMIN;
	uint32_t room = config->max_clients - (is_admin ? 0 : config->for_admins);

	*error = ST_ERROR_LIMIT;
	if (places->nr >= room && is_admin) {
		(void)snprintf(why, size, "all %u connections are in use", room);
	} else if (places->nr >= room) {
		(void)snprintf(why, size,
			       "all %u connections are in use; %u more are kept for admins", room,
			       config->for_admins);
	} else if (!is_admin && !has_share(places, peer)) {
		(void)snprintf(why, size,
			       "uid %u has %u connections, and a user may have no more; "
			       "close some of them",
			       peer->uid, count(&places->by_user, key_of(peer)));
	} else if (st_map_reserve(&places->by_user, places->nr + 1) ||
		   st_map_reserve(&places->by_process, places->nr + 1)) {
		*error = ST_ERROR_NO_MEMORY;
		(void)snprintf(why, size, "no memory");
	} else if (!st_descriptors_lend(config->descriptors, is_admin)) {
		(void)snprintf(why, size,
			       "the descriptors for clients are in use; "
			       "close connections, or raise the daemon's limit (ulimit -n)");
	} else {
		places->nr++;
		add(&places->by_user, key_of(peer), 1);
		add(&places->by_process, peer->generation, 1);
		return true;
	}
	return false;
}

void st_places_give_back(struct st_places *places, const struct st_peer *peer)
{
	places->nr--;
	add(&places->by_user, key_of(peer), UINT32_MAX);
	add(&places->by_process, peer->generation, UINT32_MAX);
	st_descriptors_give_back(places->config->descriptors);
}
