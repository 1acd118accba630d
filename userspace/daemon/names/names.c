// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of names of names.h: one list, and two maps into it.
 */
#include "daemon/names/names.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

/* FNV-1a. A map cannot have the key 0, so 0 is replaced. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return hash ? hash : 1;
}

void st_names_init(struct st_names *names, unsigned int limit)
{
	*names = (struct st_names){ .limit = limit };
	st_list_init(&names->list);
}

void st_names_done(struct st_names *names)
{
	while (!st_list_is_empty(&names->list)) {
		struct st_name *name = st_list_entry(names->list.next, struct st_name, link);

		st_list_del(&name->link);
		st_free(name);
	}
	st_map_done(&names->by_hash);
	st_map_done(&names->by_generation);
}

/* Find the first name with this text: @name, or one after it. */
static struct st_name *skip_to(struct st_name *name, const char *text)
{
	while (name && strcmp(name->text, text) != 0)
		name = name->same_hash;
	return name;
}

static struct st_name *find(const struct st_names *names, const char *text)
{
	return skip_to(st_map_get(&names->by_hash, hash_of(text)), text);
}

static unsigned int count(const struct st_name *name)
{
	unsigned int nr = 0;

	for (; name; name = name->same_process)
		nr++;
	return nr;
}

/* Let @key lead to @first; NULL: remove the key. */
static void set_first(struct st_map *map, uint64_t key, struct st_name *first)
{
	if (first)
		st_map_put(map, key, first);
	else
		st_map_remove(map, key);
}

static int add(struct st_names *names, const char *text, uint64_t generation)
{
	struct st_name *of_process = st_map_get(&names->by_generation, generation);
	size_t size = strlen(text) + 1;
	uint64_t hash = hash_of(text);
	struct st_name *name;

	if (count(of_process) >= names->limit)
		return -E2BIG;
	if (st_map_reserve(&names->by_hash, names->by_hash.nr + 1) ||
	    st_map_reserve(&names->by_generation, names->by_generation.nr + 1))
		return -ENOMEM;
	name = st_alloc(sizeof(*name) + size);
	if (!name)
		return -ENOMEM;
	memcpy(name->text, text, size);
	name->generation = generation;
	name->same_hash = st_map_get(&names->by_hash, hash);
	if (name->same_hash)
		name->same_hash->newer = name;
	name->same_process = of_process;
	st_map_put(&names->by_hash, hash, name);
	st_map_put(&names->by_generation, generation, name);
	st_list_add_tail(&name->link, &names->list);
	names->nr++;
	return 0;
}

int st_names_register(struct st_names *names, const char *text, uint64_t generation)
{
	return find(names, text) ? -EEXIST : add(names, text, generation);
}

int st_names_join(struct st_names *names, const char *text, uint64_t generation)
{
	return add(names, text, generation);
}

static void unhash(struct st_names *names, struct st_name *name)
{
	if (name->newer)
		name->newer->same_hash = name->same_hash;
	else
		set_first(&names->by_hash, hash_of(name->text), name->same_hash);
	if (name->same_hash)
		name->same_hash->newer = name->newer;
}

static void free_name(struct st_names *names, struct st_name *name)
{
	unhash(names, name);
	st_list_del(&name->link);
	names->nr--;
	st_free(name);
}

int st_names_remove(struct st_names *names, const char *text, uint64_t generation)
{
	struct st_name *first = st_map_get(&names->by_generation, generation);
	struct st_name **at = &first, *name;

	while (*at && strcmp((*at)->text, text) != 0)
		at = &(*at)->same_process;
	name = *at;
	if (!name)
		return -ENOENT;
	*at = name->same_process;
	set_first(&names->by_generation, generation, first);
	free_name(names, name);
	return 0;
}

uint64_t st_names_find(const struct st_names *names, const char *text)
{
	const struct st_name *name = find(names, text);

	return name ? name->generation : 0;
}

const char *st_names_of(const struct st_names *names, uint64_t generation)
{
	const struct st_name *name = st_map_get(&names->by_generation, generation);

	while (name && name->same_process)
		name = name->same_process;
	return name ? name->text : NULL;
}

const struct st_name *st_names_first(const struct st_names *names, const char *text)
{
	return find(names, text);
}

const struct st_name *st_names_next(const struct st_name *name)
{
	return skip_to(name->same_hash, name->text);
}

void st_names_forget(struct st_names *names, uint64_t generation)
{
	struct st_name *name = st_map_get(&names->by_generation, generation), *next;

	if (!name)
		return;
	st_map_remove(&names->by_generation, generation);
	for (; name; name = next) {
		next = name->same_process;
		free_name(names, name);
	}
}
