// SPDX-License-Identifier: GPL-2.0-only
/*
 * Divides the daemon's descriptors. See descriptors.h.
 */
#include "daemon/descriptors.h"

#include <errno.h>

#define SPARE 64 /* beside old pipes */
#define MIN_OLD_PIPES 4
#define MAX_OLD_PIPES 1024
#define CLIENTS 1600 /* 512 connections; for each an answer's descriptor and a relayed call */
#define MIN_CLIENTS 16
#define ADMINS 32

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

int st_descriptors_divide(uint32_t limit, uint32_t nr_open, uint32_t nr_needed,
			  struct st_descriptors *ret_descriptors)
{
	struct st_descriptors all = { .limit = limit, .own = nr_open };
	uint32_t left = limit > nr_open ? limit - nr_open : 0;

	all.old_pipes = smaller(MAX_OLD_PIPES, limit / 64);
	if (all.old_pipes < MIN_OLD_PIPES)
		all.old_pipes = MIN_OLD_PIPES;
	all.spare = smaller(SPARE + 2 * all.old_pipes, left / 4);
	left -= all.spare;
	all.clients = smaller(CLIENTS, left / 4);
	/* a configuration that is large for the limit leaves less to clients */
	if (nr_needed > left - all.clients && left > nr_needed)
		all.clients = left - nr_needed;
	if (all.clients < MIN_CLIENTS)
		all.clients = smaller(MIN_CLIENTS, left);
	all.admins = smaller(ADMINS, all.clients / 4);
	all.workers = left - all.clients;
	*ret_descriptors = all;
	return nr_needed <= all.workers ? 0 : -EMFILE;
}

bool st_descriptors_lend(struct st_descriptors *descriptors, bool is_admin)
{
	uint32_t room;

	if (!descriptors)
		return true;
	room = descriptors->clients - (is_admin ? 0 : descriptors->admins);
	if (descriptors->nr_lent >= room)
		return false;
	descriptors->nr_lent++;
	return true;
}

void st_descriptors_give_back(struct st_descriptors *descriptors)
{
	if (descriptors)
		descriptors->nr_lent--;
}
