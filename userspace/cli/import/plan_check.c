// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the binder refuses becomes a comment; see plan.h.
 *
 * The YAML is parsed as a configuration. Each mistake has the JSON pointer of its value, by
 * which the node is found. What is refused is one key of a child, or the child. This is
 * repeated until nothing is refused; each time at least one node is taken out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/plan.h"
#include "config/config.h"

/* The next part of a JSON pointer, unescaped. */
static const char *next_part(const char *pointer, struct st_buf *part)
{
	st_buf_reset(part);
	for (pointer++; *pointer && *pointer != '/'; pointer++) {
		bool is_escaped = *pointer == '~' && pointer[1];

		if (is_escaped)
			pointer++;
		st_buf_add_char(part, !is_escaped ? *pointer : *pointer == '1' ? '/' : '~');
	}
	return pointer;
}

static struct st_plan_node *element(const struct st_plan_node *list, unsigned long index)
{
	struct st_plan_node *node = list->first;

	for (; node; node = node->next)
		if (!node->is_out && !index--)
			return node;
	return NULL;
}

static struct st_plan_node *step(struct st_plan_node *node, const char *part)
{
	struct st_plan_node *found;

	if (node->type == ST_PLAN_LIST)
		return element(node, strtoul(part, NULL, 10));
	found = node->type == ST_PLAN_MAP ? st_plan_find(node, part) : NULL;
	return found && !found->is_out ? found : NULL;
}

/* The node that a pointer means, or the last one on the way to it. */
static struct st_plan_node *find(const struct st_plan *plan, const char *pointer)
{
	struct st_plan_node *node = plan->root, *next = node;
	struct st_buf part = ST_BUF_INIT;

	while (next && *pointer == '/') {
		pointer = next_part(pointer, &part);
		next = step(node, st_buf_text(&part));
		if (next)
			node = next;
	}
	st_buf_done(&part);
	return node;
}

/* A child that lacks what it must have is no child. */
static bool is_needed(const struct st_plan_node *node)
{
	static const char *const keys[] = { "id", "start", "supervisor" };

	for (size_t i = 0; node->key && i < ST_ARRAY_SIZE(keys); i++)
		if (!strcmp(node->key, keys[i]))
			return true;
	return false;
}

/* A value inside of a key of a child is taken out with that key. */
static struct st_plan_node *whole(struct st_plan_node *node)
{
	struct st_plan_node *up;

	for (up = node; up && up->parent; up = up->parent)
		if (up->parent->type == ST_PLAN_LIST) /* up is a child */
			break;
	if (!up || !up->parent || node == up)
		return node;
	while (node->parent != up)
		node = node->parent;
	return is_needed(node) ? up : node;
}

static bool take_out(struct st_plan *plan, const struct st_diag *diag)
{
	const char *pointer = diag->pointer ? diag->pointer : "";
	struct st_plan_node *node = whole(find(plan, pointer));

	if (node == plan->root || node->is_out)
		return false;
	node->is_out = true;
	plan->source = NULL;
	st_plan_note(plan, node, 0, "not possible: %s%s%s", diag->message,
		     diag->expected ? "; expected " : "", diag->expected ? diag->expected : "");
	return true;
}

/* 1: something was taken out; 0: nothing is refused; or -errno */
static int check_once(struct st_plan *plan)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	struct st_buf text = ST_BUF_INIT;
	const char *yaml;
	int ret;

	st_plan_write(plan, &text);
	ret = st_buf_get(&text, &yaml);
	if (!ret)
		ret = st_config_parse("", yaml, text.len, &diags, &spec);
	if (ret == -EINVAL) {
		for (unsigned int i = 0; i < diags.nr; i++)
			if (take_out(plan, &diags.items[i]))
				ret = 1;
	}
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	st_buf_done(&text);
	return ret;
}

int st_plan_check(struct st_plan *plan)
{
	int ret;

	do
		ret = plan->has_failed ? -ENOMEM : check_once(plan);
	while (ret > 0);
	return ret;
}
