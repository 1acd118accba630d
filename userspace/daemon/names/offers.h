/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations that supervised processes offer (proto/offer.h). Each belongs
 * to one incarnation of a process, and ends with it.
 *
 * The table holds descriptions and generations. It knows neither processes nor
 * calls. offering.c and relay.c use it; effects.c tells it when a process has
 * ended.
 */
#ifndef ST_DAEMON_NAMES_OFFERS_H
#define ST_DAEMON_NAMES_OFFERS_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"
#include "base/map.h"
#include "proto/offer.h"

#define ST_MAX_OFFERS 64 /* of one process */
#define ST_MAX_ALL_OFFERS 32768

struct st_offering {
	struct st_list link; /* in offers->list, in the order of ->seq */
	struct st_offering *same_process; /* the one that this process offered before */
	uint64_t generation;
	uint64_t seq;
	struct st_offer *offer; /* owned */
};

struct st_offers {
	struct st_list list;
	struct st_map by_generation; /* generation -> the last one that it offered */
	uint32_t nr;
	uint64_t last_seq;
};

void st_offers_init(struct st_offers *offers);
void st_offers_done(struct st_offers *offers);

/**
 * st_offers_add() - add an operation
 * @offers: the table
 * @offer: the operation; taken on success. It replaces the operation of the
 *	same process with the same name
 * @generation: of the process, not 0
 *
 * Return: 0; -E2BIG: the process offers as many as it may; -ENOSPC: all
 * processes together do; -ENOMEM.
 */
int st_offers_add(struct st_offers *offers, struct st_offer *offer,
		  uint64_t generation) __must_check;

/**
 * st_offers_remove() - remove an operation
 * @offers: the table
 * @name: the operation's name, without the process's
 * @generation: of the process
 *
 * Return: 0; -ENOENT: the process offers no such operation.
 */
int st_offers_remove(struct st_offers *offers, const char *name, uint64_t generation) __must_check;

/**
 * st_offers_find() - find an operation of a process
 * @offers: the table
 * @name: the operation's name, without the process's
 * @generation: of the process
 *
 * Return: the operation, owned by the table and valid until it is removed or
 * replaced; NULL if there is none.
 */
const struct st_offer *st_offers_find(const struct st_offers *offers, const char *name,
				      uint64_t generation);

/**
 * st_offers_forget() - remove the operations of a process that has ended
 * @offers: the table
 * @generation: of the process
 */
void st_offers_forget(struct st_offers *offers, uint64_t generation);

#endif
