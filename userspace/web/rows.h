/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of children out of a tree: filtered, sorted, in pages, with some
 * members only. Pure.
 */
#ifndef ST_WEB_ROWS_H
#define ST_WEB_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/compiler.h"

/**
 * struct st_rows_query - which rows
 * @after: the rows after that of this child; NULL: from the first one on
 * @state: only children in this state; NULL: in any
 * @fields: only these members, joined by commas; NULL: all
 * @filter: only children that fit: "type:worker,id~web"; : is equal, ~ contains; NULL: all
 * @sort: by this member, with - before it in falling order; NULL: as in the tree
 * @limit: at most this number of rows
 * @depth: only this number of levels below the top
 * @only_supervisors: no workers
 */
struct st_rows_query {
	const char *after;
	const char *state;
	const char *fields;
	const char *filter;
	const char *sort;
	size_t limit;
	size_t depth;
	bool only_supervisors;
};

struct st_rows_fault {
	const char *pointer; /* static */
	const char *why; /* static */
};

/**
 * st_rows_write() - write a list
 * @top: a node of a tree, the first row
 * @query: which rows
 * @out: gets a list in JSON
 * @ret_next: the path of the last row, borrowed, if there are more; or NULL
 * @ret_fault: on -EINVAL
 *
 * Return: 0; -EINVAL: filter or sort is wrong; -ENOENT: there is no row of the
 * child @after; -ENOMEM.
 */
int st_rows_write(const json_t *top, const struct st_rows_query *query, struct st_buf *out,
		  const char **ret_next, struct st_rows_fault *ret_fault) __must_check;

#endif
