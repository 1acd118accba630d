// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON values to nodes. jansson has refused what is not JSON already; depth
 * and number are limited here as for files.
 */
#include "config/json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/internal.h"

struct reader {
	struct st_doc *doc;
	const struct st_doc_file *file;
	struct st_diags *diags;
};

static int refuse(struct reader *reader, const char *message)
{
	struct st_diag_about about = { .file = reader->file };

	st_diags_add(reader->diags, &about, "%s", message);
	return reader->diags->failed ? -ENOMEM : -EINVAL;
}

static int set_text(struct reader *reader, struct st_doc_node *node, const char *text, size_t len)
{
	if (memchr(text, '\0', len))
		return refuse(reader, "a text must not hold a NUL character");
	node->text = st_arena_text(&reader->doc->arena, text, len);
	return node->text ? 0 : -ENOMEM;
}

static int set_number(struct reader *reader, struct st_doc_node *node, const json_t *value)
{
	char digits[40];
	int len;

	if (node->type == ST_DOC_INT) {
		node->integer = json_integer_value(value);
		len = snprintf(digits, sizeof(digits), "%lld", (long long)node->integer);
	} else {
		node->real = json_real_value(value);
		len = snprintf(digits, sizeof(digits), "%.15g", node->real);
	}
	return set_text(reader, node, digits, (size_t)len);
}

static int set_word(struct reader *reader, struct st_doc_node *node, const char *word)
{
	node->boolean = !strcmp(word, "true");
	return set_text(reader, node, word, strlen(word));
}

static enum st_doc_type type_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return ST_DOC_MAP;
	case JSON_ARRAY:
		return ST_DOC_SEQ;
	case JSON_STRING:
		return ST_DOC_TEXT;
	case JSON_INTEGER:
		return ST_DOC_INT;
	case JSON_REAL:
		return ST_DOC_FLOAT;
	case JSON_TRUE:
	case JSON_FALSE:
		return ST_DOC_BOOL;
	case JSON_NULL:
		return ST_DOC_NULL;
	}
	return ST_DOC_NULL;
}

static int read_value(struct reader *reader, const json_t *value, unsigned int depth,
		      struct st_doc_node **ret_node);

static int read_array(struct reader *reader, const json_t *value, unsigned int depth,
		      struct st_doc_node *node)
{
	struct st_doc_node *member;
	size_t nr = json_array_size(value);

	for (size_t i = 0; i < nr; i++) {
		int err = read_value(reader, json_array_get(value, i), depth + 1, &member);

		if (err)
			return err;
		st_doc_append(node, member);
	}
	return 0;
}

static int read_object(struct reader *reader, const json_t *value, unsigned int depth,
		       struct st_doc_node *node)
{
	/* jansson's iterators are not const, though they change nothing */
	json_t *object = (json_t *)(uintptr_t)value;
	struct st_doc_node *member;

	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		const char *key = json_object_iter_key(at);
		int err;

		if (strlen(key) != json_object_iter_key_len(at))
			return refuse(reader, "a key must not hold a NUL character");
		err = read_value(reader, json_object_iter_value(at), depth + 1, &member);
		if (err)
			return err;
		member->key = st_arena_text(&reader->doc->arena, key, strlen(key));
		if (!member->key)
			return -ENOMEM;
		st_doc_append(node, member);
	}
	return 0;
}

/* Recursion ends at ST_DOC_MAX_DEPTH. */
static int read_value(struct reader *reader, const json_t *value, unsigned int depth,
		      struct st_doc_node **ret_node)
{
	enum st_doc_type type = type_of(value);
	struct st_doc_node *node;
	int err;

	if ((type == ST_DOC_MAP || type == ST_DOC_SEQ) && depth >= ST_DOC_MAX_DEPTH)
		return refuse(reader, "maps and lists are nested too deep");
	err = st_doc_add_node(reader->doc, reader->file, type, &node);
	if (err == -E2BIG)
		return refuse(reader, "too many values for one request");
	if (err)
		return err;
	*ret_node = node;
	switch (type) {
	case ST_DOC_MAP:
		return read_object(reader, value, depth, node);
	case ST_DOC_SEQ:
		return read_array(reader, value, depth, node);
	case ST_DOC_TEXT:
		return set_text(reader, node, json_string_value(value), json_string_length(value));
	case ST_DOC_INT:
	case ST_DOC_FLOAT:
		return set_number(reader, node, value);
	case ST_DOC_BOOL:
		return set_word(reader, node, json_is_true(value) ? "true" : "false");
	case ST_DOC_NULL:
		return set_word(reader, node, "null");
	}
	return 0;
}

int st_json_read(struct st_doc *doc, const char *name, const json_t *value, struct st_diags *diags,
		 struct st_doc_node **ret_root)
{
	struct reader reader = { .doc = doc, .diags = diags };

	reader.file = st_doc_add_file(doc, name, NULL, 0);
	if (!reader.file)
		return -ENOMEM;
	return read_value(&reader, value, 0, ret_root);
}
