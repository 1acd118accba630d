// SPDX-License-Identifier: GPL-2.0-only
/*
 * Anchors and aliases. An alias is copied, so each node has one parent and its own path
 * in messages. ST_DOC_MAX_COPIES limits all copies together. So a few lines of aliases of
 * aliases ("billion laughs") end in a message.
 */
#include <errno.h>
#include <string.h>

#include "config/yaml_internal.h"

int st_yaml_anchor(struct st_yaml *yaml, const yaml_event_t *event, const char *anchor,
		   const struct st_doc_node *node)
{
	struct st_yaml_anchor *entry;

	if (!anchor)
		return 0;
	if (yaml->nr_anchors >= ST_YAML_MAX_ANCHORS)
		return st_yaml_refuse(yaml, event, "too many anchors in one file");
	entry = st_arena_alloc(&yaml->doc->arena, 1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->name = st_arena_text(&yaml->doc->arena, anchor, strlen(anchor));
	if (!entry->name)
		return -ENOMEM;
	entry->node = node;
	entry->next = yaml->anchors;
	yaml->anchors = entry;
	yaml->nr_anchors++;
	return 0;
}

static const struct st_doc_node *find_anchor(const struct st_yaml *yaml, const char *name)
{
	for (const struct st_yaml_anchor *entry = yaml->anchors; entry; entry = entry->next)
		if (!strcmp(entry->name, name))
			return entry->node;
	return NULL;
}

static bool is_open(const struct st_yaml *yaml, const struct st_doc_node *node)
{
	for (const struct st_doc_node *at = yaml->open; at; at = at->parent)
		if (at == node)
			return true;
	return false;
}

static int copy_node(struct st_yaml *yaml, const struct st_doc_node *from,
		     struct st_doc_node **ret_copy)
{
	struct st_doc_node *copy;
	int err;

	if (yaml->doc->nr_copies >= ST_DOC_MAX_COPIES)
		return -E2BIG;
	yaml->doc->nr_copies++;
	err = st_doc_add_node(yaml->doc, yaml->file, from->type, &copy);
	if (err)
		return err;
	*copy = *from;
	copy->parent = NULL;
	copy->next = NULL;
	copy->first = NULL;
	copy->last = NULL;
	copy->nr = 0;
	*ret_copy = copy;
	return 0;
}

/* The node that follows @node in the order of writing, inside @top. */
static const struct st_doc_node *following(const struct st_doc_node *node,
					   const struct st_doc_node *top, struct st_doc_node **copy)
{
	while (node != top && !node->next) {
		node = node->parent;
		*copy = (*copy)->parent;
	}
	if (node == top)
		return NULL;
	*copy = (*copy)->parent;
	return node->next;
}

/*
 * Copy @top with all below it. @from walks through the original; @parent is
 * the copy of its parent.
 */
static int copy_tree(struct st_yaml *yaml, const struct st_doc_node *top,
		     struct st_doc_node **ret_copy)
{
	struct st_doc_node *root, *copy;
	const struct st_doc_node *from;
	int err = copy_node(yaml, top, &root);

	if (err)
		return err;
	copy = root;
	for (from = top->first; from;) {
		struct st_doc_node *parent = copy;

		err = copy_node(yaml, from, &copy);
		if (err)
			return err;
		st_doc_append(parent, copy);
		from = from->first ? from->first : following(from, top, &copy);
	}
	*ret_copy = root;
	return 0;
}

static unsigned int depth_of(const struct st_doc_node *top)
{
	unsigned int depth = 0, deepest = 0;
	const struct st_doc_node *node = top;

	for (;;) {
		if (node->first) {
			node = node->first;
			depth++;
			deepest = depth > deepest ? depth : deepest;
			continue;
		}
		while (node != top && !node->next) {
			node = node->parent;
			depth--;
		}
		if (node == top)
			return deepest;
		node = node->next;
	}
}

int st_yaml_alias(struct st_yaml *yaml, const yaml_event_t *event)
{
	const struct st_doc_node *node = find_anchor(yaml, (const char *)event->data.alias.anchor);
	struct st_doc_node *copy;
	int err;

	if (!node)
		return st_yaml_refuse(yaml, event, "there is no anchor with this name above");
	if (is_open(yaml, node))
		return st_yaml_refuse(yaml, event, "the alias is inside its own anchor");
	if (yaml->depth + depth_of(node) >= ST_DOC_MAX_DEPTH)
		return st_yaml_refuse(yaml, event, "maps and lists are nested too deep");
	err = copy_tree(yaml, node, &copy);
	if (err == -E2BIG)
		return st_yaml_refuse(yaml, event, "the aliases expand to too many values");
	if (!err)
		st_yaml_place(yaml, copy);
	return err;
}
