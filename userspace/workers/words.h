/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of the workers are words: "add 5". The first word is the name of the request;
 * the rest is its argument.
 */
#ifndef ST_WORKERS_WORDS_H
#define ST_WORKERS_WORDS_H

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/**
 * st_word() - whether a text begins with a word
 * @text: the text
 * @word: the word
 *
 * Return: the text after the word and its spaces; NULL: it is another word.
 */
static inline const char *st_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(text, word, len) != 0 || (text[len] && text[len] != ' '))
		return NULL;
	text += len;
	while (*text == ' ')
		text++;
	return text;
}

/* Whether a text is that one word and nothing else. */
static inline bool st_is_word(const char *text, const char *word)
{
	const char *rest = st_word(text, word);

	return rest && !*rest;
}

/**
 * st_number() - read a whole number
 * @text: the number and nothing else
 * @min: the smallest allowed number
 * @max: the largest allowed number
 * @ret_number: the number
 *
 * Return: whether it is one from @min to @max.
 */
static inline bool st_number(const char *text, long min, long max, long *ret_number)
{
	char *end;

	if (isspace((unsigned char)*text))
		return false;
	errno = 0;
	*ret_number = strtol(text, &end, 10);
	return end != text && !*end && !errno && *ret_number >= min && *ret_number <= max;
}

#endif
