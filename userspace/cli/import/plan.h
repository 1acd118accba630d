/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an importer writes: a configuration as a tree of values, each with notes about
 * what could not be carried over, and the YAML of it.
 *
 * A reader builds the tree from top to bottom. It need not check values: st_plan_check()
 * takes out what the binder refuses, and keeps it as a note. Want of memory is remembered,
 * and every function takes NULL for a node that could not be made.
 */
#ifndef ST_CLI_IMPORT_PLAN_H
#define ST_CLI_IMPORT_PLAN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "config/arena.h"

enum st_plan_type {
	ST_PLAN_MAP,
	ST_PLAN_LIST, /* an element a line */
	ST_PLAN_WORDS, /* [a, b] */
	ST_PLAN_TEXT, /* any text: it is quoted where YAML needs that */
	ST_PLAN_VALUE, /* a number, a word, a time: as it is */
};

struct st_plan_note {
	struct st_plan_note *next;
	const char *source; /* the file, or NULL */
	unsigned int line; /* 0: none */
	const char *text;
};

struct st_plan_node {
	struct st_plan_node *next; /* sibling */
	struct st_plan_node *parent;
	struct st_plan_node *first; /* MAP, LIST, WORDS */
	struct st_plan_node *last;
	const char *key; /* in a MAP */
	const char *text; /* TEXT, VALUE */
	struct st_plan_note *notes; /* before it */
	struct st_plan_note *last_note;
	enum st_plan_type type;
	bool is_out; /* written as a comment */
};

struct st_plan {
	struct st_arena arena;
	struct st_plan_node *root; /* a MAP */
	const char *source; /* of notes that follow: the name of a file */
	bool has_failed; /* no memory */
};

/**
 * st_plan_init() - begin an empty configuration
 * @plan: the plan
 */
void st_plan_init(struct st_plan *plan);
void st_plan_done(struct st_plan *plan);

/**
 * st_plan_add() - add a value
 * @plan: the plan
 * @parent: a map or a list
 * @type: what it is
 * @key: its key in a map, copied; NULL in a list
 * @text: TEXT and VALUE: the text, copied; else NULL
 *
 * Return: the node, borrowed, or NULL.
 */
struct st_plan_node *st_plan_add(struct st_plan *plan, struct st_plan_node *parent,
				 enum st_plan_type type, const char *key, const char *text);

/* The value of a key, or NULL. */
struct st_plan_node *st_plan_find(const struct st_plan_node *map, const char *key);

/* A time in milliseconds, written in its largest unit: "90 s". */
struct st_plan_node *st_plan_add_ms(struct st_plan *plan, struct st_plan_node *parent,
				    const char *key, uint64_t ms);

/* A whole number. */
struct st_plan_node *st_plan_add_number(struct st_plan *plan, struct st_plan_node *parent,
					const char *key, int64_t value);

/**
 * st_plan_note() - add a comment before a value
 * @plan: the plan
 * @node: the value
 * @line: of the source, or 0
 * @format: as for printf; no newline
 */
void st_plan_note(struct st_plan *plan, struct st_plan_node *node, unsigned int line,
		  const char *format, ...) __printf(4, 5);

/* A copy of a text, or of its first @len bytes, until st_plan_done(); "" without memory. */
const char *st_plan_copy(struct st_plan *plan, const char *text, size_t len);

/**
 * st_plan_write() - append the YAML
 * @plan: the plan
 * @out: where to
 */
void st_plan_write(const struct st_plan *plan, struct st_buf *out);

/**
 * st_plan_check() - take out what the binder refuses
 * @plan: the plan; a value that is refused becomes a comment with the reason
 *
 * Return: 0: a configuration without a mistake is left; -ENOMEM; -EINVAL: none is left,
 * which is a fault of the importer.
 */
int st_plan_check(struct st_plan *plan) __must_check;

#endif
