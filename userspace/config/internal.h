/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only the files of config/ share: how the two readers build a document. binder.h
 * has the binder's part.
 */
#ifndef ST_CONFIG_INTERNAL_H
#define ST_CONFIG_INTERNAL_H

#include "config/arena.h"
#include "config/diag.h"
#include "config/doc.h"

struct st_doc {
	struct st_arena arena;
	struct st_doc_file *files;
	unsigned int nr_files;
	uint32_t nr_nodes;
	uint32_t nr_copies; /* of them, made by aliases */
};

/**
 * st_doc_add_file() - add a file or request to a document
 * @doc: the document
 * @name: as messages show it, copied
 * @text: its content, copied; NULL for a request
 * @len: its length
 *
 * Return: the file, owned by @doc, or NULL: no memory.
 */
struct st_doc_file *st_doc_add_file(struct st_doc *doc, const char *name, const char *text,
				    size_t len) __must_check;

/**
 * st_doc_add_node() - make a node
 * @doc: the document
 * @file: where it is written
 * @type: its type
 * @ret_node: the node, without a parent
 *
 * Return: 0, -E2BIG beyond ST_DOC_MAX_NODES, -ENOMEM.
 */
int st_doc_add_node(struct st_doc *doc, const struct st_doc_file *file, enum st_doc_type type,
		    struct st_doc_node **ret_node) __must_check;

/**
 * st_doc_add_list() - make a list that no file has
 * @doc: the document; it does not count the list as a value
 * @file: the file to which it is added
 *
 * Return: the list, empty, without a parent; NULL: no memory.
 */
struct st_doc_node *st_doc_add_list(struct st_doc *doc,
				    const struct st_doc_file *file) __must_check;

/* Put @node at the end of @parent, a map or a sequence. */
void st_doc_append(struct st_doc_node *parent, struct st_doc_node *node);

/* Move all members of @from to the end of @to. */
void st_doc_splice(struct st_doc_node *to, struct st_doc_node *from);

/**
 * st_doc_check_keys() - report the keys of a map that are given twice
 * @map: the map; keeps the first of equal ones
 * @diags: gets the mistakes
 *
 * Return: 0 or -ENOMEM.
 */
int st_doc_check_keys(struct st_doc_node *map, struct st_diags *diags) __must_check;

/* Find a line of a file, without its end; NULL if there is none. */
const char *st_doc_file_line(const struct st_doc_file *file, uint32_t line, size_t *ret_len);

/* The place of the byte at @offset. */
struct st_doc_place st_doc_file_place(const struct st_doc_file *file, size_t offset);

/* Give a plain scalar its type by YAML 1.2's core schema. */
void st_scalar_resolve(struct st_doc_node *node);

#endif
