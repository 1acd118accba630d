// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding a list of child specs: each one alone, and after its own check whether its id
 * was used before. [V3]
 */
#include <string.h>

#include "base/alloc.h"
#include "config/binder.h"
#include "core/limits.h"

/* The ids so far, by hash with open addressing; at most half of it is used. */
struct id_set {
	const struct st_doc_node **slots;
	uint32_t size; /* a power of two */
};

static bool id_set_init(struct id_set *set, uint32_t nr)
{
	set->size = 16;
	while (set->size < nr * 2)
		set->size *= 2;
	set->slots = st_alloc_array(set->size, sizeof(*set->slots));
	return set->slots;
}

static uint32_t hash_text(const char *text)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* Add an id; returns the equal one that is already in the set, or NULL. */
static const struct st_doc_node *id_set_add(struct id_set *set, const struct st_doc_node *id)
{
	uint32_t at = hash_text(id->text) & (set->size - 1);

	for (; set->slots[at]; at = (at + 1) & (set->size - 1))
		if (!strcmp(set->slots[at]->text, id->text))
			return set->slots[at];
	set->slots[at] = id;
	return NULL;
}

static void check_duplicate(struct st_binder *binder, struct id_set *set,
			    const struct st_doc_node *child)
{
	const struct st_doc_node *id = st_doc_find(child, "id"), *first;
	struct st_diag_about about = {
		.node = id,
		.otp = ST_SPEC_DUPLICATE_CHILD_NAME,
		.value = id,
		.note = "it was first given here",
	};
	struct st_quoted quoted;

	if (!id || !id->text)
		return;
	first = id_set_add(set, id);
	if (!first)
		return;
	about.note_node = first;
	st_diags_add(binder->diags, &about, "the id %s is used twice", st_quote(&quoted, id->text));
}

static bool check_total(struct st_binder *binder, const struct st_doc_node *node)
{
	struct st_diag_about about = { .node = node };

	if (node->nr <= ST_MAX_NODES - binder->nr_children) {
		binder->nr_children += node->nr;
		return true;
	}
	st_diags_add(binder->diags, &about, "more than %d children in total", ST_MAX_NODES);
	return false;
}

void st_bind_child_nodes(struct st_binder *binder, const struct st_doc_node *node,
			 struct st_sup_draft *draft, const struct st_sup_flags *flags)
{
	struct id_set ids;

	if (!check_total(binder, node))
		return;
	draft->children = st_alloc_array(node->nr, sizeof(struct st_child_spec *));
	if (!draft->children || !id_set_init(&ids, node->nr)) {
		binder->no_memory = true;
		return;
	}
	for (const struct st_doc_node *child = node->first; child; child = child->next) {
		struct st_child_spec *spec = st_bind_child_node(binder, child, flags);

		if (spec)
			draft->children[draft->nr_children++] = spec;
		check_duplicate(binder, &ids, child);
	}
	st_free(ids.slots);
}
