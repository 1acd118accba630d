/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Documents: the text as a tree, without its meaning.
 *
 * A document is a tree of maps, sequences and scalars, each with its place in
 * the file. YAML (yaml.h) and JSON (json.h) become the same tree, and one
 * binder (bind.h) makes specifications of it. A document owns all its nodes,
 * texts and files; nodes are borrowed until st_doc_free().
 *
 * Nothing here knows the name of a key. There are limits for the depth, the nodes, the
 * copies of aliases, and the bytes of a file.
 */
#ifndef ST_CONFIG_DOC_H
#define ST_CONFIG_DOC_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

#define ST_DOC_MAX_DEPTH 128 /* maps and sequences inside each other */
#define ST_DOC_MAX_NODES 2000000 /* values of one document, all files together */
#define ST_DOC_MAX_COPIES 100000 /* the part of them that are copies of aliases */
#define ST_DOC_MAX_FILE (16u << 20) /* bytes of one file */

enum st_doc_type {
	ST_DOC_NULL,
	ST_DOC_BOOL,
	ST_DOC_INT,
	ST_DOC_FLOAT, /* also an integer beyond 64 bits */
	ST_DOC_TEXT,
	ST_DOC_MAP,
	ST_DOC_SEQ,
};

/* A file, or a request that has a name and no lines. */
struct st_doc_file {
	struct st_doc_file *next;
	char *name; /* as messages show it */
	char *text; /* NULL for a request; not NUL-terminated */
	size_t len;
	unsigned int index; /* in the order of reading */
};

/* Where something is written. Lines and columns count from 1, in characters. */
struct st_doc_place {
	uint32_t line; /* 0: no lines, see st_doc_write_pointer() */
	uint32_t column;
	uint32_t width; /* 0: to the end of the line */
};

struct st_doc_node {
	enum st_doc_type type;
	uint32_t nr; /* MAP, SEQ: members */
	const struct st_doc_file *file;
	struct st_doc_place place;
	struct st_doc_place key_place; /* member of a MAP */
	const char *key; /* member of a MAP, else NULL */
	struct st_doc_node *parent;
	struct st_doc_node *next; /* sibling */
	struct st_doc_node *first; /* MAP, SEQ */
	struct st_doc_node *last;
	const char *text; /* scalars: as written, NUL-terminated, no NUL inside */
	union {
		bool boolean;
		int64_t integer;
		double real;
	};
};

struct st_doc;

/**
 * st_doc_new() - make an empty document
 *
 * Return: the document (st_doc_free), or NULL: no memory.
 */
struct st_doc *st_doc_new(void) __must_check;
void st_doc_free(struct st_doc *doc); /* NULL is allowed */

/**
 * st_doc_find() - look up a member of a map
 * @map: a node of any type
 * @key: the key
 *
 * Return: the member's value, or NULL.
 */
const struct st_doc_node *st_doc_find(const struct st_doc_node *map, const char *key);

/**
 * st_doc_write_pointer() - append the place of a node as a JSON pointer
 * @node: the node
 * @out: where to, for example /children/0/shutdown; nothing for the root
 */
void st_doc_write_pointer(const struct st_doc_node *node, struct st_buf *out);

/**
 * st_doc_write_json() - append a node and all below it as JSON
 * @node: the node
 * @out: where to
 */
void st_doc_write_json(const struct st_doc_node *node, struct st_buf *out);

#endif
