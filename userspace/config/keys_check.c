// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking up keys, and the messages that are made from the table: keys in a wrong
 * place, and values that a key does not take. foreign.c knows the words of others.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/foreign.h"
#include "config/keys.h"

#define MAX_KEYS 128 /* more than the table has */

/* The name of each scope in a message. */
static const struct {
	enum st_scope scope;
	const char *name;
} scopes[] = {
	{ ST_SCOPE_SUP, "a supervisor" },
	{ ST_SCOPE_CHILD, "a child" },
	{ ST_SCOPE_BACKOFF, "backoff" },
	{ ST_SCOPE_CONFIG, "the main file" },
	{ ST_SCOPE_INCLUDED, "an included file" },
	{ ST_SCOPE_FLAGS, "a supervisor's flags" },
	{ ST_SCOPE_LOG, "log" },
	{ ST_SCOPE_TRACE, "trace" },
	{ ST_SCOPE_PROBE, "probe" },
	{ ST_SCOPE_SERVICES, "services" },
	{ ST_SCOPE_JOURNAL, "the journal" },
	{ ST_SCOPE_TRACER, "the tracer" },
	{ ST_SCOPE_OBSERVER, "the observer" },
	{ ST_SCOPE_WEB, "the web gateway" },
};

const struct st_key *st_key_find(const char *name, enum st_scope scope)
{
	for (size_t i = 0; i < st_nr_keys; i++)
		if ((st_keys[i].scopes & scope) && !strcmp(st_keys[i].name, name))
			return &st_keys[i];
	return NULL;
}

static const char *scope_name(unsigned int scope)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(scopes); i++)
		if (scopes[i].scope & scope)
			return scopes[i].name;
	return "nothing";
}

static const char *nearest_key(const char *word, enum st_scope scope)
{
	const char *names[MAX_KEYS] = { NULL };

	for (size_t i = 0; i < st_nr_keys && i < MAX_KEYS; i++)
		if (st_keys[i].scopes & scope)
			names[i] = st_keys[i].name;
	return st_text_nearest(word, names, MAX_KEYS);
}

/* "id, start or restart": all keys of a kind of map. */
static void write_all_keys(enum st_scope scope, struct st_buf *out)
{
	const char *last = NULL;

	for (size_t i = 0; i < st_nr_keys; i++) {
		if (!(st_keys[i].scopes & scope))
			continue;
		if (last) {
			st_buf_add_text(out, out->len ? ", " : "");
			st_buf_add_text(out, last);
		}
		last = st_keys[i].name;
	}
	st_buf_add_text(out, out->len ? " or " : "");
	st_buf_add_text(out, last ? last : "nothing");
}

/* @has_all: whether a message has listed all keys, which is of use once */
static void report_unknown(const struct st_doc_node *node, enum st_scope scope, bool *has_all,
			   struct st_diags *diags)
{
	struct st_diag_about about = { .node = node, .at_key = true };
	const struct st_key *elsewhere = st_key_find(node->key, ~0u);
	struct st_foreign foreign = { NULL, NULL };
	struct st_buf all = ST_BUF_INIT;
	struct st_quoted quoted;

	(void)st_foreign_key(node->key, scope, &foreign); /* nothing is known: NULL */
	about.meant = foreign.key;
	about.advice = foreign.advice;
	if (elsewhere && !about.meant) {
		st_diags_add(diags, &about, "%s is a key of %s, not of %s", node->key,
			     scope_name(elsewhere->scopes), scope_name(scope));
		return;
	}
	if (!about.meant && !about.advice)
		about.meant = nearest_key(node->key, scope);
	if (!strcmp(node->key, "<<")) {
		about.expected = "no merge key: YAML 1.2 has none";
	} else if (!about.meant && !about.advice && !*has_all) {
		*has_all = true;
		write_all_keys(scope, &all);
		diags->failed |= all.failed;
		about.expected = st_buf_text(&all);
	}
	st_diags_add(diags, &about, "%s has no key %s", scope_name(scope),
		     st_quote(&quoted, node->key));
	st_buf_done(&all);
}

void st_keys_check(const struct st_doc_node *map, enum st_scope scope, struct st_diags *diags)
{
	bool has_all = false;

	for (const struct st_doc_node *node = map->first; node; node = node->next)
		if (!st_key_find(node->key, scope))
			report_unknown(node, scope, &has_all, diags);
}

void st_key_write_expected(const struct st_key *key, struct st_buf *out)
{
	if (key->expected) {
		st_buf_add_text(out, key->expected);
		return;
	}
	for (int i = 0; i < key->nr_words; i++) {
		if (i)
			st_buf_add_text(out, i + 1 < key->nr_words ? ", " : " or ");
		st_buf_add_text(out, key->words[i]);
	}
}

const char *st_describe(const struct st_doc_node *node, struct st_quoted *quoted)
{
	switch (node->type) {
	case ST_DOC_MAP:
		return "a map";
	case ST_DOC_SEQ:
		return "a list";
	case ST_DOC_NULL:
		return "empty";
	case ST_DOC_TEXT:
		return st_quote(quoted, node->text);
	case ST_DOC_BOOL:
	case ST_DOC_INT:
	case ST_DOC_FLOAT:
		snprintf(quoted->text, sizeof(quoted->text), "%s", node->text);
		return quoted->text;
	}
	return "";
}

void st_key_refuse(const struct st_key *key, const struct st_doc_node *node, const char *why,
		   const char *meant, struct st_diags *diags)
{
	struct st_diag_about about = {
		.node = node,
		.meant = meant,
		.otp = key->otp,
		.value = key->otp == ST_SPEC_NONE ? NULL : node,
	};
	struct st_foreign foreign = { NULL, NULL };
	struct st_buf expected = ST_BUF_INIT;
	struct st_quoted quoted;

	if (node->text && st_foreign_value(key->name, node->text, &foreign)) {
		about.meant = foreign.key;
		about.advice = foreign.advice;
	}
	st_key_write_expected(key, &expected);
	if (st_buf_error(&expected))
		diags->failed = true;
	about.expected = st_buf_text(&expected);
	if (key->words && node->type == ST_DOC_TEXT)
		st_diags_add(diags, &about, "unknown %s %s", key->name, st_describe(node, &quoted));
	else
		st_diags_add(diags, &about, "%s cannot be %s%s%s", key->name,
			     st_describe(node, &quoted), why ? ": " : "", why ? why : "");
	st_buf_done(&expected);
}
