// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of offers.h: a list in the order of offering, and a map from each
 * process to its operations.
 */
#include "daemon/names/offers.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

void st_offers_init(struct st_offers *offers)
{
	*offers = (struct st_offers){ 0 };
	st_list_init(&offers->list);
}

static void free_offering(struct st_offers *offers, struct st_offering *offering)
{
	st_list_del(&offering->link);
	offers->nr--;
	st_offer_free(offering->offer);
	st_free(offering);
}

void st_offers_done(struct st_offers *offers)
{
	while (!st_list_is_empty(&offers->list))
		free_offering(offers, st_list_entry(offers->list.next, struct st_offering, link));
	st_map_done(&offers->by_generation);
}

static struct st_offering *find(const struct st_offers *offers, const char *name,
				uint64_t generation, unsigned int *ret_nr)
{
	struct st_offering *offering = st_map_get(&offers->by_generation, generation);

	*ret_nr = 0;
	while (offering && strcmp(offering->offer->row.name, name) != 0) {
		(*ret_nr)++;
		offering = offering->same_process;
	}
	return offering;
}

/*
 * The operation moves to the end of the list, with a new number. So a client
 * that has read the list up to some number sees the change, too.
 */
static void replace(struct st_offers *offers, struct st_offering *offering, struct st_offer *offer)
{
	st_offer_free(offering->offer);
	offering->offer = offer;
	offering->seq = ++offers->last_seq;
	st_list_del(&offering->link);
	st_list_add_tail(&offering->link, &offers->list);
}

int st_offers_add(struct st_offers *offers, struct st_offer *offer, uint64_t generation)
{
	unsigned int nr;
	struct st_offering *offering = find(offers, offer->row.name, generation, &nr);

	if (offering) {
		replace(offers, offering, offer);
		return 0;
	}
	if (nr >= ST_MAX_OFFERS)
		return -E2BIG;
	if (offers->nr >= ST_MAX_ALL_OFFERS)
		return -ENOSPC;
	if (st_map_reserve(&offers->by_generation, offers->by_generation.nr + 1))
		return -ENOMEM;
	offering = st_alloc(sizeof(*offering));
	if (!offering)
		return -ENOMEM;
	offering->offer = offer;
	offering->generation = generation;
	offering->seq = ++offers->last_seq;
	offering->same_process = st_map_get(&offers->by_generation, generation);
	st_map_put(&offers->by_generation, generation, offering);
	st_list_add_tail(&offering->link, &offers->list);
	offers->nr++;
	return 0;
}

int st_offers_remove(struct st_offers *offers, const char *name, uint64_t generation)
{
	struct st_offering *first = st_map_get(&offers->by_generation, generation);
	struct st_offering **at = &first, *offering;

	while (*at && strcmp((*at)->offer->row.name, name) != 0)
		at = &(*at)->same_process;
	offering = *at;
	if (!offering)
		return -ENOENT;
	*at = offering->same_process;
	if (first)
		st_map_put(&offers->by_generation, generation, first);
	else
		st_map_remove(&offers->by_generation, generation);
	free_offering(offers, offering);
	return 0;
}

const struct st_offer *st_offers_find(const struct st_offers *offers, const char *name,
				      uint64_t generation)
{
	unsigned int nr;
	const struct st_offering *offering = find(offers, name, generation, &nr);

	return offering ? offering->offer : NULL;
}

void st_offers_forget(struct st_offers *offers, uint64_t generation)
{
	struct st_offering *offering = st_map_get(&offers->by_generation, generation), *next;

	if (!offering)
		return;
	st_map_remove(&offers->by_generation, generation);
	for (; offering; offering = next) {
		next = offering->same_process;
		free_offering(offers, offering);
	}
}
