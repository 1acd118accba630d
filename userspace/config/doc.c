// SPDX-License-Identifier: GPL-2.0-only
/*
 * The document tree of doc.h: nodes, files, keys that are given twice.
 */
#include "config/doc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/internal.h"

#define FEW_KEYS 16 /* compared each with each */

struct st_doc *st_doc_new(void)
{
	return st_alloc(sizeof(struct st_doc));
}

void st_doc_free(struct st_doc *doc)
{
	if (!doc)
		return;
	st_arena_done(&doc->arena);
	st_free(doc);
}

struct st_doc_file *st_doc_add_file(struct st_doc *doc, const char *name, const char *text,
				    size_t len)
{
	struct st_doc_file *file = st_arena_alloc(&doc->arena, 1, sizeof(*file));

	if (!file)
		return NULL;
	file->name = st_arena_text(&doc->arena, name, strlen(name));
	if (!file->name)
		return NULL;
	if (text) {
		file->text = st_arena_text(&doc->arena, text, len);
		if (!file->text)
			return NULL;
		file->len = len;
	}
	file->index = doc->nr_files++;
	file->next = doc->files;
	doc->files = file;
	return file;
}

static struct st_doc_node *new_node(struct st_doc *doc, const struct st_doc_file *file,
				    enum st_doc_type type)
{
	struct st_doc_node *node = st_arena_alloc(&doc->arena, 1, sizeof(*node));

	if (node) {
		node->type = type;
		node->file = file;
	}
	return node;
}

int st_doc_add_node(struct st_doc *doc, const struct st_doc_file *file, enum st_doc_type type,
		    struct st_doc_node **ret_node)
{
	struct st_doc_node *node;

	if (doc->nr_nodes >= ST_DOC_MAX_NODES)
		return -E2BIG;
	node = new_node(doc, file, type);
	if (!node)
		return -ENOMEM;
	doc->nr_nodes++;
	*ret_node = node;
	return 0;
}

struct st_doc_node *st_doc_add_list(struct st_doc *doc, const struct st_doc_file *file)
{
	return new_node(doc, file, ST_DOC_SEQ);
}

void st_doc_append(struct st_doc_node *parent, struct st_doc_node *node)
{
	node->parent = parent;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->nr++;
}

void st_doc_splice(struct st_doc_node *to, struct st_doc_node *from)
{
	struct st_doc_node *node = from->first;

	while (node) {
		struct st_doc_node *next = node->next;

		node->next = NULL;
		st_doc_append(to, node);
		node = next;
	}
	from->first = NULL;
	from->last = NULL;
	from->nr = 0;
}

const struct st_doc_node *st_doc_find(const struct st_doc_node *map, const char *key)
{
	if (map->type != ST_DOC_MAP)
		return NULL;
	for (const struct st_doc_node *node = map->first; node; node = node->next)
		if (!strcmp(node->key, key))
			return node;
	return NULL;
}

static void report_twice(const struct st_doc_node *first, const struct st_doc_node *second,
			 struct st_diags *diags)
{
	struct st_diag_about about = {
		.node = second,
		.at_key = true,
		.note = "it was first given here",
		.note_node = first,
		.note_at_key = true,
	};
	struct st_quoted key;

	st_diags_add(diags, &about, "the key %s is given twice", st_quote(&key, second->key));
}

/* Report a second one, and mark it by taking its parent away. */
static void refuse_second(struct st_doc_node *second, const struct st_doc_node *first,
			  struct st_diags *diags)
{
	report_twice(first, second, diags);
	second->parent = NULL;
}

static void remove_refused(struct st_doc_node *map)
{
	struct st_doc_node *node = map->first;

	map->first = NULL;
	map->last = NULL;
	map->nr = 0;
	while (node) {
		struct st_doc_node *next = node->next;

		node->next = NULL;
		if (node->parent)
			st_doc_append(map, node);
		node = next;
	}
}

static void check_few_keys(struct st_doc_node *map, struct st_diags *diags)
{
	for (struct st_doc_node *node = map->first; node; node = node->next) {
		const struct st_doc_node *first = st_doc_find(map, node->key);

		if (first != node)
			refuse_second(node, first, diags);
	}
}

/* By key, and in the order of writing among equal ones. */
static int compare_keys(const void *a, const void *b)
{
	const struct st_doc_node *left = *(const struct st_doc_node *const *)a;
	const struct st_doc_node *right = *(const struct st_doc_node *const *)b;
	int order = strcmp(left->key, right->key);

	if (order)
		return order;
	if (left->key_place.line != right->key_place.line)
		return left->key_place.line < right->key_place.line ? -1 : 1;
	return left->key_place.column < right->key_place.column ? -1 : 1;
}

static int check_many_keys(struct st_doc_node *map, struct st_diags *diags)
{
	struct st_doc_node **sorted = st_alloc_array(map->nr, sizeof(*sorted));
	uint32_t nr = 0, first = 0;

	if (!sorted)
		return -ENOMEM;
	for (struct st_doc_node *node = map->first; node; node = node->next)
		sorted[nr++] = node;
	qsort(sorted, nr, sizeof(*sorted), compare_keys);
	for (uint32_t i = 1; i < nr; i++) {
		if (strcmp(sorted[i]->key, sorted[first]->key))
			first = i;
		else
			refuse_second(sorted[i], sorted[first], diags);
	}
	st_free(sorted);
	return 0;
}

int st_doc_check_keys(struct st_doc_node *map, struct st_diags *diags)
{
	unsigned int nr_found = diags->nr_found;
	int err = 0;

	if (map->nr <= FEW_KEYS)
		check_few_keys(map, diags);
	else
		err = check_many_keys(map, diags);
	if (diags->nr_found > nr_found || diags->failed)
		remove_refused(map);
	return err;
}

/* The line breaks of YAML, as libyaml counts them. */
static size_t break_len(const char *text, const char *end)
{
	if (*text == '\n')
		return 1;
	if (*text == '\r')
		return end - text > 1 && text[1] == '\n' ? 2 : 1;
	if (end - text > 1 && !memcmp(text, "\xc2\x85", 2)) /* next line */
		return 2;
	if (end - text > 2 && (!memcmp(text, "\xe2\x80\xa8", 3) || /* line separator */
			       !memcmp(text, "\xe2\x80\xa9", 3))) /* paragraph separator */
		return 3;
	return 0;
}

const char *st_doc_file_line(const struct st_doc_file *file, uint32_t line, size_t *ret_len)
{
	const char *start = file->text, *end;
	uint32_t at = 1;

	if (!start || !line)
		return NULL;
	end = start + file->len;
	for (const char *c = start; c < end;) {
		size_t len = break_len(c, end);

		if (len && at == line) {
			*ret_len = (size_t)(c - start);
			return start;
		}
		c += len ? len : 1;
		if (len) {
			start = c;
			at++;
		}
	}
	if (at != line)
		return NULL;
	*ret_len = (size_t)(end - start);
	return start;
}

struct st_doc_place st_doc_file_place(const struct st_doc_file *file, size_t offset)
{
	struct st_doc_place place = { .line = 1, .column = 1, .width = 1 };
	const char *end = file->text + file->len;

	for (const char *c = file->text; c < end && (size_t)(c - file->text) < offset;) {
		size_t len = break_len(c, end);

		if (len) {
			place.line++;
			place.column = 1;
		} else if ((*c & 0xc0) != 0x80) {
			place.column++;
		}
		c += len ? len : 1;
	}
	return place;
}
