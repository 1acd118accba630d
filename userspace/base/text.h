/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words and numbers as people write them: the nearest known word ("did you
 * mean"), durations ("1.5 s") and sizes ("64 MiB").
 *
 * Pure functions for the configuration, the CLI and the operations table.
 * Nothing here allocates, prints or knows what a text is for; a number's
 * mistake is a value, so that the caller can word it where it was made.
 */
#ifndef ST_BASE_TEXT_H
#define ST_BASE_TEXT_H

#include "base/compiler.h"

/**
 * st_text_distance() - how many slips of the keyboard lie between two words
 * @a: one
 * @b: the other
 *
 * A slip is a byte inserted, left out or changed, or two neighbours swapped.
 * Upper and lower case are the same.
 *
 * Return: the number; UINT_MAX if a word has more than 64 bytes.
 */
unsigned int st_text_distance(const char *a, const char *b);

/**
 * st_text_nearest() - the word that was probably meant
 * @word: what was written
 * @words: the known ones; NULL entries are skipped
 * @nr: their number
 *
 * Near is one slip for every three bytes of @word, the last ones counting as
 * three.
 *
 * Return: one of @words, the first of equally near ones; NULL: none is near.
 */
const char *st_text_nearest(const char *word, const char *const *words, size_t nr);

/* The possible mistakes in a number with a unit. */
enum st_number {
	ST_NUMBER_OK,
	ST_NUMBER_SYNTAX, /* not digits, one dot and more digits, a unit */
	ST_NUMBER_NEGATIVE,
	ST_NUMBER_NO_UNIT,
	ST_NUMBER_UNKNOWN_UNIT,
	ST_NUMBER_INEXACT, /* finer than the smallest unit */
	ST_NUMBER_OVERFLOW,
	ST_NUMBER__MAX
};

/* In words, for example "is negative"; "" for OK. */
extern const char *const st_number_text[ST_NUMBER__MAX];

/**
 * st_text_parse_duration() - read a duration
 * @text: a decimal number and ms, s, min, h or d, with or without a space
 * @ret_ns: nanoseconds
 *
 * Return: OK and @ret_ns, or what is wrong.
 */
enum st_number st_text_parse_duration(const char *text, uint64_t *ret_ns) __must_check;

/**
 * st_text_parse_size() - read a number of bytes
 * @text: a decimal number, and nothing, B, KiB, MiB, GiB, TiB (K, M, G, T are
 *        the same) or kB, MB, GB, TB (powers of 1000)
 * @ret_bytes: bytes
 *
 * Return: OK and @ret_bytes, or what is wrong; never NO_UNIT.
 */
enum st_number st_text_parse_size(const char *text, uint64_t *ret_bytes) __must_check;

#endif
