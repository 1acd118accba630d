// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children by name: a hash table in each supervisor.
 *
 * It holds the children on the list, and those of the specification that are no
 * longer on the list. Only st_lookup_reserve() allocates, and only when children
 * are added.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/internal.h"

static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
}

void st_lookup_init(struct st_lookup *lookup)
{
	lookup->buckets = &lookup->first;
}

void st_lookup_done(struct st_lookup *lookup)
{
	if (lookup->buckets != &lookup->first)
		st_free(lookup->buckets);
}

static void push(struct st_lookup *lookup, struct st_child *child)
{
	struct st_child **bucket = &lookup->buckets[child->name_hash & lookup->mask];

	child->same_bucket = *bucket;
	*bucket = child;
}

/* Children with the same name keep their order: each chain is moved from its end. */
static void move_chain(struct st_lookup *to, struct st_child *chain)
{
	struct st_child *reversed = NULL;

	while (chain) {
		struct st_child *next = chain->same_bucket;

		chain->same_bucket = reversed;
		reversed = chain;
		chain = next;
	}
	while (reversed) {
		struct st_child *next = reversed->same_bucket;

		push(to, reversed);
		reversed = next;
	}
}

int st_lookup_reserve(struct st_sup *sup, uint32_t nr)
{
	struct st_lookup *lookup = &sup->lookup;
	struct st_lookup larger = { .mask = lookup->mask };

	while (larger.mask < nr)
		larger.mask = larger.mask * 2 + 1;
	if (larger.mask == lookup->mask)
		return 0;
	larger.buckets = st_alloc_array((size_t)larger.mask + 1, sizeof(*larger.buckets));
	if (!larger.buckets)
		return -ENOMEM;
	for (uint32_t i = 0; i <= lookup->mask; i++)
		move_chain(&larger, lookup->buckets[i]);
	st_lookup_done(lookup);
	*lookup = larger;
	return 0;
}

void st_lookup_add(struct st_child *child)
{
	const char *name = st_child_name(child);

	if (child->in_lookup)
		return;
	child->name_hash = hash_of(name, strlen(name));
	st_lookup_add_hashed(child);
}

void st_lookup_add_hashed(struct st_child *child)
{
	child->in_lookup = true;
	push(&child->parent->lookup, child);
}

void st_lookup_remove(struct st_child *child)
{
	struct st_lookup *lookup = &child->parent->lookup;
	struct st_child **at = &lookup->buckets[child->name_hash & lookup->mask];

	if (!child->in_lookup)
		return;
	while (*at != child)
		at = &(*at)->same_bucket;
	*at = child->same_bucket;
	child->in_lookup = false;
}

static struct st_child *find(const struct st_sup *sup, const char *name, size_t len, bool is_listed)
{
	const struct st_lookup *lookup = &sup->lookup;
	uint32_t hash = hash_of(name, len);
	struct st_child *child = lookup->buckets[hash & lookup->mask];

	for (; child; child = child->same_bucket) {
		const char *other = st_child_name(child);

		if (child->name_hash == hash && child->listed == is_listed &&
		    !strncmp(other, name, len) && !other[len])
			return child;
	}
	return NULL;
}

struct st_child *st_lookup_part(const struct st_sup *sup, const char *name, size_t len)
{
	return find(sup, name, len, true);
}

struct st_child *st_sup_find(const struct st_sup *sup, const char *id)
{
	return find(sup, id, strlen(id), true);
}

struct st_child *st_sup_find_known(const struct st_sup *sup, const char *id)
{
	struct st_child *child = find(sup, id, strlen(id), true);

	return child ? child : find(sup, id, strlen(id), false);
}
