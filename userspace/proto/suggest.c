// SPDX-License-Identifier: GPL-2.0-only
/*
 * The closest word; see suggest.h.
 */
#include "proto/suggest.h"

#include <stdbool.h>
#include <string.h>

#define MAX_LEN 40 /* longer words are nobody's typing error */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static char folded(char c)
{
	return c == '-' ? '_' : c;
}

static bool same(char a, char b)
{
	return folded(a) == folded(b);
}

/*
 * The optimal string alignment distance, row by row: `row` is for the first i
 * letters of a, `before` for i - 1, `earlier` for i - 2.
 */
static unsigned int distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned int rows[3][MAX_LEN + 1];
	unsigned int *earlier = rows[0], *before = rows[1], *row = rows[2];

	for (size_t k = 0; k <= b_len; k++)
		before[k] = (unsigned int)k;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned int *spare = earlier;

		row[0] = (unsigned int)i;
		for (size_t k = 1; k <= b_len; k++) {
			row[k] = least(least(before[k], row[k - 1]) + 1,
				       before[k - 1] + !same(a[i - 1], b[k - 1]));
			if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) &&
			    same(a[i - 2], b[k - 1]))
				row[k] = least(row[k], earlier[k - 2] + 1);
		}
		earlier = before;
		before = row;
		row = spare;
	}
	return before[b_len];
}

void st_suggest_init(struct st_suggest *suggest, const char *word)
{
	size_t len = strlen(word);

	suggest->word = word;
	suggest->best = NULL;
	suggest->distance = len > MAX_LEN ? 0 : (unsigned int)(len < 3 ? 1 : 1 + len / 3);
}

void st_suggest_offer(struct st_suggest *suggest, const char *candidate)
{
	size_t word_len = strlen(suggest->word);
	size_t len = strlen(candidate);
	unsigned int found;

	if (word_len > MAX_LEN || len > MAX_LEN)
		return;
	found = distance(suggest->word, word_len, candidate, len);
	if (found >= word_len || found > suggest->distance ||
	    (suggest->best && found == suggest->distance))
		return;
	suggest->best = candidate;
	suggest->distance = found;
}
