/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A dictionary: texts that many rows share, each with a small number.
 *
 * Paths, reasons and words (kinds, rules) are kept in memory as a whole, so a row is
 * stored and read without a look into these tables. Of a path it also keeps the number
 * of the path above, and the id of its newest event. store.c loads and saves them.
 */
#ifndef ST_JOURNAL_WORDS_H
#define ST_JOURNAL_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/map.h"

struct st_past_word {
	int64_t number; /* from 1 */
	int64_t parent; /* of a path: that of the supervisor above; 0: it is the root */
	int64_t last; /* of a path: the id of its newest event; 0: none */
	bool is_dirty; /* @last is not saved yet */
	struct st_past_word *next_dirty;
	struct st_past_word *next; /* with the same hash */
	char text[];
};

struct st_past_words {
	struct st_map by_hash;
	struct st_past_word **by_number; /* index: number - 1; NULL: free */
	uint32_t nr; /* the highest number */
	uint32_t cap;
	struct st_past_word *dirty;
};

/**
 * st_past_words_find() - find a text
 * @words: the dictionary; all zero is an empty one
 * @text: the text
 *
 * Return: borrowed; NULL: it is not there.
 */
struct st_past_word *st_past_words_find(const struct st_past_words *words, const char *text);

/* Return: the text with this number, borrowed; NULL: there is none. */
struct st_past_word *st_past_words_get(const struct st_past_words *words, int64_t number);

/**
 * st_past_words_add() - add a text that is not there
 * @words: the dictionary
 * @text: copied
 * @number: its number, not used yet; 0: the next one
 * @ret_word: borrowed
 *
 * Return: 0; -EINVAL: the number cannot be; -ENOMEM.
 */
int st_past_words_add(struct st_past_words *words, const char *text, int64_t number,
		      struct st_past_word **ret_word) __must_check;

/* Forget a text; its number stays free until the dictionary is loaded again. */
void st_past_words_remove(struct st_past_words *words, struct st_past_word *word);

/* Note that a path has a newer event. */
void st_past_words_touch(struct st_past_words *words, struct st_past_word *word, int64_t id);

void st_past_words_done(struct st_past_words *words);

#endif
