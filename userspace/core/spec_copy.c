// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of a supervisor's specification. Specifications are shared and do not change, with
 * one exception: a change notes its number in the one that it brings, and a whole change in
 * all below [K9]. So a copied tree, in which a change waits, needs one of its own.
 *
 * Specifications of workers stay shared.
 */
#include "base/alloc.h"
#include "core/internal.h"
#include "core/limits.h"

/* All children are shared with @from. */
static struct st_sup_spec *copy_one(const struct st_sup_spec *from)
{
	struct st_sup_spec *spec;

	spec = from->error ? st_sup_spec_new_error(from->error) :
			     st_sup_spec_new(&from->flags, from->children, from->nr_children);
	if (!spec)
		return NULL;
	spec->init = from->init;
	spec->trace_payload = from->trace_payload;
	spec->changed = from->changed;
	if (st_sup_spec_set_log(spec, &from->log)) {
		st_sup_spec_put(spec);
		return NULL;
	}
	return spec;
}

/* Give a copied list of children its own specification of a supervisor. */
static struct st_sup_spec *copy_below(struct st_child_spec **slot)
{
	struct st_sup_spec *sup = copy_one((*slot)->def.sup);
	struct st_child_def def = (*slot)->def;
	struct st_child_spec *child;

	if (!sup)
		return NULL;
	def.sup = sup;
	child = st_child_spec_new(&def);
	st_sup_spec_put(sup);
	if (!child)
		return NULL;
	st_child_spec_put(*slot);
	*slot = child;
	return sup;
}

struct st_sup_spec *st_sup_spec_copy(const struct st_sup_spec *from)
{
	struct {
		struct st_sup_spec *spec;
		uint32_t next;
	} levels[ST_MAX_DEPTH + 2] = { { copy_one(from), 0 } };
	struct st_sup_spec *copy = levels[0].spec;
	size_t depth = 0;

	while (copy) {
		struct st_sup_spec *spec = levels[depth].spec;
		struct st_child_spec **slot;

		if (levels[depth].next == spec->nr_children) {
			if (!depth--)
				break;
			continue;
		}
		slot = &spec->children[levels[depth].next++];
		if (!(*slot)->def.sup || depth + 1 == ST_ARRAY_SIZE(levels))
			continue;
		levels[++depth].spec = copy_below(slot);
		levels[depth].next = 0;
		if (!levels[depth].spec) {
			st_sup_spec_put(copy);
			copy = NULL;
		}
	}
	return copy;
}
