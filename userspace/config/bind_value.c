// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding single values: words, integers, booleans, times, texts.
 *
 * Each function either gives the value or reports the mistake with what the
 * key takes instead.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

bool st_bind_word(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, int *ret_value)
{
	const char *meant = NULL;

	if (node->type == ST_DOC_TEXT) {
		int value = st_text_index(key->words, key->nr_words, node->text);

		if (value >= 0) {
			*ret_value = value;
			return true;
		}
		meant = st_text_nearest(node->text, key->words, (size_t)key->nr_words);
	}
	st_key_refuse(key, node, NULL, meant, binder->diags);
	return false;
}

/* YAML 1.1's words for booleans, which are text now. */
static const char *meant_boolean(const char *text)
{
	static const char *const words[] = { "yes", "on", "no", "off" };
	static const char *const booleans[] = { "true", "false" };
	const char *word = st_text_nearest(text, words, ST_ARRAY_SIZE(words));

	if (word && !st_text_distance(word, text))
		return word == words[0] || word == words[1] ? "true" : "false";
	return st_text_nearest(text, booleans, ST_ARRAY_SIZE(booleans));
}

bool st_bind_bool(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, bool *ret_value)
{
	if (node->type == ST_DOC_BOOL) {
		*ret_value = node->boolean;
		return true;
	}
	st_key_refuse(key, node, NULL, node->type == ST_DOC_TEXT ? meant_boolean(node->text) : NULL,
		      binder->diags);
	return false;
}

bool st_bind_int(struct st_binder *binder, const struct st_key *key, const struct st_doc_node *node,
		 int64_t min, int64_t max, int64_t *ret_value)
{
	if (node->type == ST_DOC_INT && node->integer >= min && node->integer <= max) {
		*ret_value = node->integer;
		return true;
	}
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return false;
}

static bool refuse_time(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, enum st_number mistake)
{
	char why[60];

	snprintf(why, sizeof(why), "it %s", st_number_text[mistake]);
	st_key_refuse(key, node, why, NULL, binder->diags);
	return false;
}

bool st_bind_time(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, uint64_t unit_ns, uint64_t max,
		  uint64_t *ret_value)
{
	enum st_number mistake;
	uint64_t ns;

	switch (node->type) {
	case ST_DOC_INT:
		if (node->integer < 0)
			return refuse_time(binder, key, node, ST_NUMBER_NEGATIVE);
		if ((uint64_t)node->integer > max)
			return refuse_time(binder, key, node, ST_NUMBER_OVERFLOW);
		*ret_value = (uint64_t)node->integer;
		return true;
	case ST_DOC_FLOAT:
	case ST_DOC_TEXT:
		mistake = st_text_parse_duration(node->text, &ns);
		if (!mistake && ns % unit_ns)
			mistake = ST_NUMBER_INEXACT;
		if (!mistake && ns / unit_ns > max)
			mistake = ST_NUMBER_OVERFLOW;
		if (mistake)
			return refuse_time(binder, key, node, mistake);
		*ret_value = ns / unit_ns;
		return true;
	case ST_DOC_NULL:
	case ST_DOC_BOOL:
	case ST_DOC_MAP:
	case ST_DOC_SEQ:
		break;
	}
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return false;
}

bool st_bind_size(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, uint64_t min, uint64_t *ret_value)
{
	enum st_number mistake = ST_NUMBER_SYNTAX;
	uint64_t size = 0;
	char why[60];

	if (node->type == ST_DOC_INT && node->integer >= 0) {
		size = (uint64_t)node->integer;
		mistake = ST_NUMBER_OK;
	} else if (node->type == ST_DOC_INT) {
		mistake = ST_NUMBER_NEGATIVE;
	} else if (node->type == ST_DOC_TEXT || node->type == ST_DOC_FLOAT) {
		mistake = st_text_parse_size(node->text, &size);
	}
	/* it is also written as JSON, and readers of JSON take at most 63 bits */
	if (!mistake && size > INT64_MAX)
		mistake = ST_NUMBER_OVERFLOW;
	if (!mistake && size >= min) {
		*ret_value = size;
		return true;
	}
	(void)snprintf(why, sizeof(why), "it %s",
		       mistake ? st_number_text[mistake] : "is too small"); /* fits */
	st_key_refuse(key, node, mistake == ST_NUMBER_SYNTAX ? NULL : why, NULL, binder->diags);
	return false;
}

const char *st_bind_path(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node)
{
	size_t len = node->type == ST_DOC_TEXT ? strlen(node->text) : 0;

	if (len && *node->text == '/' && len <= ST_MAX_PATH_LEN && node->text[len - 1] != '/')
		return st_bind_text(binder, node);
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return NULL;
}

const char *st_bind_text(struct st_binder *binder, const struct st_doc_node *node)
{
	char *copy = st_arena_text(&binder->arena, node->text, strlen(node->text));

	if (!copy)
		binder->no_memory = true;
	return copy;
}
