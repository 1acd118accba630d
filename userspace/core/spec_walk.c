// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk through nested specifications; see spec_walk.h.
 */
#include "core/spec_walk.h"

#include "base/compiler.h"

static void enter(struct st_spec_walk *walk, const struct st_sup_spec *sup)
{
	if (walk->nr_levels == ST_ARRAY_SIZE(walk->levels))
		return;
	walk->levels[walk->nr_levels].sup = sup;
	walk->levels[walk->nr_levels].next = 0;
	walk->nr_levels++;
}

void st_spec_walk_begin(struct st_spec_walk *walk, const struct st_sup_spec *top)
{
	walk->nr_levels = 0;
	enter(walk, top);
}

const struct st_child_spec *st_spec_walk_next(struct st_spec_walk *walk)
{
	while (walk->nr_levels) {
		const struct st_sup_spec *sup = walk->levels[walk->nr_levels - 1].sup;
		uint32_t *next = &walk->levels[walk->nr_levels - 1].next;
		const struct st_child_spec *child;

		if (*next == sup->nr_children) {
			walk->nr_levels--;
			continue;
		}
		child = sup->children[(*next)++];
		if (child->def.sup)
			enter(walk, child->def.sup);
		return child;
	}
	return NULL;
}
