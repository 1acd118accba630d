// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding partitions: a supervisor whose children are copies of one template, as Elixir's
 * PartitionSupervisor [X5]. The copies are made here, so core sees a supervisor like
 * others.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

#define DEFAULT_INTENSITY 3 /* Elixir's */

static uint32_t nr_processors(void)
{
	long nr = sysconf(_SC_NPROCESSORS_ONLN);

	if (nr < 1)
		return 1;
	return nr > ST_MAX_PARTITIONS ? ST_MAX_PARTITIONS : (uint32_t)nr;
}

void st_bind_partitions(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	static const char *const words[] = { "cpus" };
	struct st_sup_draft *sup = draft;
	const char *text = node->type == ST_DOC_TEXT ? node->text : "";
	int64_t value;

	if (!strcmp(text, words[0]))
		sup->flags.partitions = nr_processors();
	else if (node->type == ST_DOC_TEXT)
		st_key_refuse(key, node, NULL, st_text_nearest(text, words, ST_ARRAY_SIZE(words)),
			      binder->diags);
	else if (st_bind_int(binder, key, node, 1, ST_MAX_PARTITIONS, &value))
		sup->flags.partitions = (uint32_t)value;
}

/* Whether the words of a supervisor with partitions fit each other. */
static bool check(struct st_binder *binder, const struct st_doc_node *node,
		  const struct st_sup_draft *sup)
{
	const struct st_doc_node *children = st_doc_find(node, "children");
	struct st_diag_about about = { .node = children ? children : node,
				       .expected = "exactly one child spec, the template" };
	unsigned int nr = children ? children->nr : 0;
	unsigned int nr_found = binder->diags->nr_found;

	if (nr != 1)
		st_diags_add(binder->diags, &about,
			     "a supervisor with partitions and %u child spec%s", nr,
			     nr == 1 ? "" : "s");
	about.node = st_doc_find(node, "strategy");
	about.expected = "one_for_one, one_for_all or rest_for_one";
	if (sup->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE ||
	    sup->flags.strategy == ST_STRATEGY_DYNAMIC)
		st_diags_add(binder->diags, &about, "a supervisor with partitions cannot be %s",
			     st_strategy_text[sup->flags.strategy]);
	about.node = st_doc_find(node, "auto_shutdown");
	about.expected = "never";
	if (sup->flags.auto_shutdown != ST_AUTO_SHUTDOWN_NEVER)
		st_diags_add(binder->diags, &about,
			     "a supervisor with partitions cannot shut down by itself");
	return !st_bind_has_failed(binder, nr_found);
}

static struct st_child_spec *new_partition(const struct st_child_spec *template, uint32_t i)
{
	struct st_child_def def = template->def;
	char id[16];

	(void)snprintf(id, sizeof(id), "%u", (unsigned int)i); /* fits */
	def.id = id;
	return st_child_spec_new(&def);
}

/* Replace the template by its copies, 0 to N-1. */
static void expand(struct st_binder *binder, struct st_sup_draft *sup)
{
	uint32_t nr = sup->flags.partitions;
	struct st_child_spec *template = sup->children[0];
	struct st_child_spec **children = st_alloc_array(nr, sizeof(*children));

	if (!children) {
		binder->no_memory = true;
		return;
	}
	st_free(sup->children);
	sup->children = children;
	for (sup->nr_children = 0; sup->nr_children < nr; sup->nr_children++) {
		children[sup->nr_children] = new_partition(template, sup->nr_children);
		if (!children[sup->nr_children]) {
			binder->no_memory = true;
			break;
		}
	}
	st_child_spec_put(template);
}

void st_bind_expand_partitions(struct st_binder *binder, const struct st_doc_node *node,
			       struct st_sup_draft *sup)
{
	struct st_diag_about about = { .node = st_doc_find(node, "partitions"), .at_key = true };

	if (!sup->flags.partitions)
		return;
	if (!st_doc_find(node, "intensity"))
		sup->flags.intensity = DEFAULT_INTENSITY;
	if (!check(binder, node, sup) || sup->nr_children != 1)
		return; /* the template has a mistake of its own */
	if (sup->flags.partitions > ST_MAX_NODES - binder->nr_children) {
		st_diags_add(binder->diags, &about, "more than %d children in total", ST_MAX_NODES);
		return;
	}
	binder->nr_children += sup->flags.partitions - 1;
	expand(binder, sup);
}
