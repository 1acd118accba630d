// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of children by path; see output_internal.h. It only manages memory.
 * Other files decide when reading stops and which followers get lines.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/output/output_internal.h"

/* FNV-1a. The map cannot have the key 0, so 0 is replaced. */
static uint64_t hash_of(const char *path, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)path[i]) * 0x100000001b3ull;
	return hash ? hash : 1;
}

static struct st_output_child *new_child(struct st_outputs *outputs, struct st_output_child *parent,
					 const char *path, size_t len)
{
	struct st_output_child *child = st_alloc(sizeof(*child) + len + 1);
	uint64_t hash = hash_of(path, len);

	if (!child || st_map_reserve(&outputs->by_hash, outputs->by_hash.nr + 1)) {
		st_free(child);
		return NULL;
	}
	st_list_init(&child->sibling);
	st_list_init(&child->children);
	st_list_init(&child->pipes);
	memcpy(child->path, path, len);
	child->parent = parent;
	child->same_hash = st_map_get(&outputs->by_hash, hash);
	st_map_put(&outputs->by_hash, hash, child);
	if (parent)
		st_list_add_tail(&child->sibling, &parent->children);
	return child;
}

int st_output_table_init(struct st_outputs *outputs)
{
	outputs->root = new_child(outputs, NULL, "/", 1);
	return outputs->root ? 0 : -ENOMEM;
}

static struct st_output_child *find(const struct st_outputs *outputs, const char *path, size_t len)
{
	struct st_output_child *child = st_map_get(&outputs->by_hash, hash_of(path, len));

	while (child && (strncmp(child->path, path, len) || child->path[len]))
		child = child->same_hash;
	return child;
}

struct st_output_child *st_output_find(const struct st_outputs *outputs, const char *path)
{
	return find(outputs, path, strlen(path));
}

int st_output_get(struct st_outputs *outputs, const char *path, struct st_output_child **ret_child)
{
	struct st_output_child *child = outputs->root;

	if (!strcmp(path, "/")) {
		*ret_child = child;
		return 0;
	}
	for (const char *end = path; *end; end += *end == '/') {
		struct st_output_child *parent = child;

		end = strchrnul(end, '/');
		child = find(outputs, path, (size_t)(end - path));
		if (!child)
			child = new_child(outputs, parent, path, (size_t)(end - path));
		if (!child) {
			st_output_prune(outputs, parent);
			return -ENOMEM;
		}
	}
	*ret_child = child;
	return 0;
}

static void free_child(struct st_outputs *outputs, struct st_output_child *child)
{
	uint64_t hash = hash_of(child->path, strlen(child->path));
	struct st_output_child *first = st_map_get(&outputs->by_hash, hash);
	struct st_output_child **at = &first;

	while (*at != child)
		at = &(*at)->same_hash;
	*at = child->same_hash;
	if (first)
		st_map_put(&outputs->by_hash, hash, first);
	else
		st_map_remove(&outputs->by_hash, hash);
	st_list_del(&child->sibling);
	st_output_child_clear(child);
	st_output_log_end(child);
	st_free(child);
}

bool st_output_drop(struct st_outputs *outputs, struct st_output_child *child)
{
	if (!child->parent || child->ring || child->nr_pipes || child->nr_followers ||
	    !st_list_is_empty(&child->children))
		return false;
	free_child(outputs, child);
	return true;
}

void st_output_prune(struct st_outputs *outputs, struct st_output_child *child)
{
	for (struct st_output_child *parent; child; child = parent) {
		parent = child->parent;
		if (!st_output_drop(outputs, child))
			return;
	}
}

struct st_output_child *st_output_deepest(struct st_output_child *top)
{
	while (!st_list_is_empty(&top->children))
		top = st_list_entry(top->children.next, struct st_output_child, sibling);
	return top;
}

struct st_output_child *st_output_next(struct st_output_child *child)
{
	struct st_list *next = child->sibling.next;

	if (next == &child->parent->children)
		return child->parent;
	return st_output_deepest(st_list_entry(next, struct st_output_child, sibling));
}

struct st_output_ring *st_output_child_ring(struct st_output_child *child)
{
	if (!child->ring) {
		child->ring = st_alloc(sizeof(*child->ring));
		if (child->ring)
			st_output_ring_init(child->ring);
	}
	return child->ring;
}

void st_output_child_clear(struct st_output_child *child)
{
	if (!child->ring)
		return;
	st_output_ring_clear(child->ring);
	if (child->nr_followers)
		return; /* followers go on with its numbers */
	st_free(child->ring);
	child->ring = NULL;
}

void st_output_table_done(struct st_outputs *outputs)
{
	struct st_output_child *child = outputs->root;

	if (!child)
		return;
	for (child = st_output_deepest(child); child != outputs->root;) {
		struct st_output_child *next = st_output_next(child);

		assert(!child->nr_pipes && !child->nr_followers);
		free_child(outputs, child);
		child = next;
	}
	free_child(outputs, outputs->root);
	st_map_done(&outputs->by_hash);
}
