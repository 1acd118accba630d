// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dictionaries; see words.h.
 */
#include "journal/words.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_NUMBER (1 << 24) /* texts in a dictionary */
#define FIRST_CAP 64

/* FNV-1a; 0 is no key of a map. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037U;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211U;
	return hash ? hash : 1;
}

struct st_past_word *st_past_words_find(const struct st_past_words *words, const char *text)
{
	struct st_past_word *word = st_map_get(&words->by_hash, hash_of(text));

	while (word && strcmp(word->text, text) != 0)
		word = word->next;
	return word;
}

struct st_past_word *st_past_words_get(const struct st_past_words *words, int64_t number)
{
	return number > 0 && number <= (int64_t)words->nr ? words->by_number[number - 1] : NULL;
}

static int reserve(struct st_past_words *words, uint32_t nr)
{
	uint32_t cap = words->cap ? words->cap : FIRST_CAP;
	struct st_past_word **by_number;

	if (st_map_reserve(&words->by_hash, words->by_hash.nr + 1))
		return -ENOMEM;
	if (nr <= words->cap)
		return 0;
	while (cap < nr)
		cap *= 2;
	by_number = st_alloc_array(cap, sizeof(struct st_past_word *));
	if (!by_number)
		return -ENOMEM;
	if (words->nr)
		memcpy(by_number, words->by_number, words->nr * sizeof(struct st_past_word *));
	st_free(words->by_number);
	words->by_number = by_number;
	words->cap = cap;
	return 0;
}

int st_past_words_add(struct st_past_words *words, const char *text, int64_t number,
		      struct st_past_word **ret_word)
{
	size_t len = strlen(text);
	uint64_t hash = hash_of(text);
	struct st_past_word *word;

	if (!number)
		number = (int64_t)words->nr + 1;
	if (number < 0 || number > MAX_NUMBER || st_past_words_get(words, number))
		return -EINVAL;
	if (reserve(words, (uint32_t)number))
		return -ENOMEM;
	word = st_alloc(sizeof(*word) + len + 1);
	if (!word)
		return -ENOMEM;
	*word = (struct st_past_word){ .number = number };
	memcpy(word->text, text, len + 1);
	word->next = st_map_get(&words->by_hash, hash);
	st_map_put(&words->by_hash, hash, word);
	while (words->nr < (uint32_t)number)
		words->by_number[words->nr++] = NULL;
	words->by_number[number - 1] = word;
	*ret_word = word;
	return 0;
}

static void leave_dirty(struct st_past_words *words, const struct st_past_word *word)
{
	for (struct st_past_word **at = &words->dirty; *at; at = &(*at)->next_dirty) {
		if (*at == word) {
			*at = word->next_dirty;
			return;
		}
	}
}

void st_past_words_remove(struct st_past_words *words, struct st_past_word *word)
{
	uint64_t hash = hash_of(word->text);
	struct st_past_word *first = st_map_get(&words->by_hash, hash), *at = first;

	if (first == word && word->next) {
		st_map_put(&words->by_hash, hash, word->next);
	} else if (first == word) {
		st_map_remove(&words->by_hash, hash);
	} else {
		while (at && at->next != word)
			at = at->next;
		if (at)
			at->next = word->next;
	}
	if (word->is_dirty)
		leave_dirty(words, word);
	words->by_number[word->number - 1] = NULL;
	st_free(word);
}

void st_past_words_touch(struct st_past_words *words, struct st_past_word *word, int64_t id)
{
	word->last = id;
	if (word->is_dirty)
		return;
	word->is_dirty = true;
	word->next_dirty = words->dirty;
	words->dirty = word;
}

void st_past_words_done(struct st_past_words *words)
{
	for (uint32_t i = 0; i < words->nr; i++)
		st_free(words->by_number[i]);
	st_free(words->by_number);
	st_map_done(&words->by_hash);
	*words = (struct st_past_words){ .nr = 0 };
}
