/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "Did you mean": the word that is closest to a mistyped one.
 *
 * The caller offers all words there are; the one with the fewest changes of a
 * letter, of a missing or superfluous one, or of two swapped ones wins, if it
 * is few enough for the length. Used for methods, parameters and CLI words.
 */
#ifndef ST_PROTO_SUGGEST_H
#define ST_PROTO_SUGGEST_H

#include "base/compiler.h"

struct st_suggest {
	const char *word; /* borrowed */
	const char *best; /* borrowed; NULL: none is close */
	unsigned int distance; /* of ->best, or the largest that is accepted */
};

void st_suggest_init(struct st_suggest *suggest, const char *word);

/**
 * st_suggest_offer() - a word that exists
 * @suggest: the search
 * @candidate: borrowed for as long as ->best is used; '-' and '_' are the same
 */
void st_suggest_offer(struct st_suggest *suggest, const char *candidate);

#endif
