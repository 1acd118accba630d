// SPDX-License-Identifier: GPL-2.0-only
/*
 * A document's nodes as JSON: for OTP's error terms, which quote the offending
 * value, and for the pointers to mistakes in requests.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/doc.h"

static void write_real(double real, const char *text, struct st_buf *out)
{
	char digits[40];

	if (!isfinite(real)) { /* JSON has no word for it */
		st_buf_add_json_string(out, text, strlen(text));
		return;
	}
	snprintf(digits, sizeof(digits), "%.15g", real);
	st_buf_add_text(out, digits);
	if (!strpbrk(digits, ".e"))
		st_buf_add_text(out, ".0");
}

static void write_members(const struct st_doc_node *node, struct st_buf *out)
{
	bool is_map = node->type == ST_DOC_MAP;

	st_buf_add_char(out, is_map ? '{' : '[');
	for (const struct st_doc_node *member = node->first; member; member = member->next) {
		if (member != node->first)
			st_buf_add_char(out, ',');
		if (is_map) {
			st_buf_add_json_string(out, member->key, strlen(member->key));
			st_buf_add_char(out, ':');
		}
		st_doc_write_json(member, out);
	}
	st_buf_add_char(out, is_map ? '}' : ']');
}

/* Recursion ends at ST_DOC_MAX_DEPTH. */
void st_doc_write_json(const struct st_doc_node *node, struct st_buf *out)
{
	switch (node->type) {
	case ST_DOC_NULL:
		st_buf_add_text(out, "null");
		break;
	case ST_DOC_BOOL:
		st_buf_add_text(out, node->boolean ? "true" : "false");
		break;
	case ST_DOC_INT:
		st_buf_add_i64(out, node->integer);
		break;
	case ST_DOC_FLOAT:
		write_real(node->real, node->text, out);
		break;
	case ST_DOC_TEXT:
		st_buf_add_json_string(out, node->text, strlen(node->text));
		break;
	case ST_DOC_MAP:
	case ST_DOC_SEQ:
		write_members(node, out);
		break;
	}
}

static uint32_t index_of(const struct st_doc_node *node)
{
	uint32_t index = 0;

	for (const struct st_doc_node *at = node->parent->first; at != node; at = at->next)
		index++;
	return index;
}

/* RFC 6901: ~ and / of a key are written ~0 and ~1 */
static void write_key(const char *key, struct st_buf *out)
{
	for (; *key; key++) {
		if (*key == '~')
			st_buf_add_text(out, "~0");
		else if (*key == '/')
			st_buf_add_text(out, "~1");
		else
			st_buf_add_char(out, *key);
	}
}

void st_doc_write_pointer(const struct st_doc_node *node, struct st_buf *out)
{
	const struct st_doc_node *path[ST_DOC_MAX_DEPTH + 1];
	unsigned int nr = 0;

	for (; node->parent && nr < ST_ARRAY_SIZE(path); node = node->parent)
		path[nr++] = node;
	while (nr--) {
		st_buf_add_char(out, '/');
		if (path[nr]->key)
			write_key(path[nr]->key, out);
		else
			st_buf_add_u64(out, index_of(path[nr]));
	}
}
