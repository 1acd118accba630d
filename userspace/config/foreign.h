/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of other systems: what they are called here. A configuration that was written
 * from memory, or copied from another system, has them where a key or a value is
 * expected. keys_check.c and yaml.c ask for them when they report a mistake.
 *
 * Nothing here changes what a configuration means.
 */
#ifndef ST_CONFIG_FOREIGN_H
#define ST_CONFIG_FOREIGN_H

#include "config/keys.h"

/* What a foreign word is here. */
struct st_foreign {
	const char *key; /* our key or value; NULL: there is no single one */
	const char *advice; /* a sentence; NULL: none */
};

/**
 * st_foreign_key() - look up a word of others that stands where a key belongs
 * @word: the word; case, - and _ do not matter
 * @scope: the kind of map
 * @ret_foreign: what to write instead
 *
 * Return: whether it is known in such a map.
 */
bool st_foreign_key(const char *word, enum st_scope scope, struct st_foreign *ret_foreign);

/**
 * st_foreign_value() - look up a word of others that stands where a value belongs
 * @key: the name of our key
 * @word: the word
 * @ret_foreign: what to write instead
 *
 * Return: whether it is known as a value of this key.
 */
bool st_foreign_value(const char *key, const char *word, struct st_foreign *ret_foreign);

/**
 * st_foreign_text() - find out what a text is that is no YAML
 * @file: the text
 * @line: the line that is none
 *
 * Return: advice, if it has sections up to there, as [Service], or is NAME=VALUE; else NULL.
 */
const char *st_foreign_text(const struct st_doc_file *file, uint32_t line);

#endif
