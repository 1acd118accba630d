// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building the tree; see plan.h. plan_write.c writes it, plan_check.c checks it.
 */
#include "cli/import/plan.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void *take(struct st_plan *plan, size_t size)
{
	void *memory = st_arena_alloc(&plan->arena, 1, size);

	if (!memory)
		plan->has_failed = true;
	return memory;
}

const char *st_plan_copy(struct st_plan *plan, const char *text, size_t len)
{
	const char *copy = st_arena_text(&plan->arena, text, len);

	if (!copy)
		plan->has_failed = true;
	return copy ? copy : "";
}

void st_plan_init(struct st_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	plan->root = take(plan, sizeof(*plan->root));
}

void st_plan_done(struct st_plan *plan)
{
	st_arena_done(&plan->arena);
	memset(plan, 0, sizeof(*plan));
}

struct st_plan_node *st_plan_add(struct st_plan *plan, struct st_plan_node *parent,
				 enum st_plan_type type, const char *key, const char *text)
{
	struct st_plan_node *node = parent ? take(plan, sizeof(*node)) : NULL;

	if (!node)
		return NULL;
	node->type = type;
	node->parent = parent;
	node->key = key ? st_plan_copy(plan, key, strlen(key)) : NULL;
	node->text = text ? st_plan_copy(plan, text, strlen(text)) : NULL;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

struct st_plan_node *st_plan_find(const struct st_plan_node *map, const char *key)
{
	struct st_plan_node *node = map ? map->first : NULL;

	while (node && strcmp(node->key, key))
		node = node->next;
	return node;
}

struct st_plan_node *st_plan_add_ms(struct st_plan *plan, struct st_plan_node *parent,
				    const char *key, uint64_t ms)
{
	char text[40];

	if (!(ms % 60000) && ms)
		(void)snprintf(text, sizeof(text), "%" PRIu64 " min", ms / 60000);
	else if (!(ms % 1000))
		(void)snprintf(text, sizeof(text), "%" PRIu64 " s", ms / 1000);
	else
		(void)snprintf(text, sizeof(text), "%" PRIu64 " ms", ms);
	return st_plan_add(plan, parent, ST_PLAN_VALUE, key, text);
}

struct st_plan_node *st_plan_add_number(struct st_plan *plan, struct st_plan_node *parent,
					const char *key, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	return st_plan_add(plan, parent, ST_PLAN_VALUE, key, text);
}

void st_plan_note(struct st_plan *plan, struct st_plan_node *node, unsigned int line,
		  const char *format, ...)
{
	struct st_plan_note *note = node ? take(plan, sizeof(*note)) : NULL;
	char text[1024];
	va_list args;

	if (!note)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args); /* a long text is cut */
	va_end(args);
	note->source = plan->source;
	note->line = line;
	note->text = st_plan_copy(plan, text, strlen(text));
	if (node->last_note)
		node->last_note->next = note;
	else
		node->notes = note;
	node->last_note = note;
}
