// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nearest words, durations and sizes. See text.h.
 *
 * Core may use this file, so there is no stdio and no locale in it.
 */
#include "base/text.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define MAX_WORD 64
#define MAX_FRACTION 18 /* digits after the dot */

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/*
 * The distance of Damerau and Levenshtein, in the restricted form: a swap counts
 * only if the two neighbours have no other edit. It needs three rows of the table.
 */
unsigned int st_text_distance(const char *a, const char *b)
{
	unsigned int rows[3][MAX_WORD + 1];
	size_t len_a = strlen(a), len_b = strlen(b);

	if (len_a > MAX_WORD || len_b > MAX_WORD)
		return UINT_MAX;
	for (size_t k = 0; k <= len_b; k++)
		rows[0][k] = (unsigned int)k;
	for (size_t i = 1; i <= len_a; i++) {
		const unsigned int *before = rows[(i + 1) % 3], *above = rows[(i - 1) % 3];
		unsigned int *row = rows[i % 3];

		row[0] = (unsigned int)i;
		for (size_t k = 1; k <= len_b; k++) {
			bool same = lower(a[i - 1]) == lower(b[k - 1]);
			bool swapped = i > 1 && k > 1 && lower(a[i - 1]) == lower(b[k - 2]) &&
				       lower(a[i - 2]) == lower(b[k - 1]);

			row[k] = min3(above[k] + 1, row[k - 1] + 1, above[k - 1] + !same);
			if (swapped && before[k - 2] + 1 < row[k])
				row[k] = before[k - 2] + 1;
		}
	}
	return rows[len_a % 3][len_b];
}

const char *st_text_nearest(const char *word, const char *const *words, size_t nr)
{
	unsigned int least = (unsigned int)(strnlen(word, MAX_WORD) + 2) / 3 + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < nr; i++) {
		unsigned int distance = words[i] ? st_text_distance(word, words[i]) : UINT_MAX;

		if (distance < least) {
			least = distance;
			nearest = words[i];
		}
	}
	return nearest;
}

const char *const st_number_text[ST_NUMBER__MAX] = {
	[ST_NUMBER_OK] = "",
	[ST_NUMBER_SYNTAX] = "is not a number with a unit",
	[ST_NUMBER_NEGATIVE] = "is negative",
	[ST_NUMBER_NO_UNIT] = "has no unit",
	[ST_NUMBER_UNKNOWN_UNIT] = "has an unknown unit",
	[ST_NUMBER_INEXACT] = "is too fine",
	[ST_NUMBER_OVERFLOW] = "is too large",
};

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit durations[] = {
	{ "ms", ST_NSEC_PER_MSEC },	      { "s", ST_NSEC_PER_SEC },
	{ "min", 60 * ST_NSEC_PER_SEC },      { "h", 3600 * ST_NSEC_PER_SEC },
	{ "d", 24 * 3600 * ST_NSEC_PER_SEC },
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "kB", 1000 },
	{ "MB", 1000000 },
	{ "GB", 1000000000 },
	{ "TB", 1000000000000 },
	{ "K", 1ull << 10 },
	{ "KiB", 1ull << 10 },
	{ "M", 1ull << 20 },
	{ "MiB", 1ull << 20 },
	{ "G", 1ull << 30 },
	{ "GiB", 1ull << 30 },
	{ "T", 1ull << 40 },
	{ "TiB", 1ull << 40 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *text)
{
	while (is_digit(*text))
		text++;
	return text;
}

/* The digits [start, end) as a number. */
static bool read_digits(const char *start, const char *end, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (const char *c = start; c < end; c++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*c - '0'), &value))
			return false;
	*ret_value = value;
	return true;
}

/* The digits [start, end) after a dot times @factor; false if not exactly. */
static bool multiply_fraction(const char *start, const char *end, uint64_t factor,
			      uint64_t *ret_value)
{
	unsigned __int128 product;
	uint64_t digits, scale = 1;

	while (end > start && end[-1] == '0')
		end--;
	if (end - start > MAX_FRACTION || !read_digits(start, end, &digits))
		return false;
	for (const char *c = start; c < end; c++)
		scale *= 10;
	product = (unsigned __int128)digits * factor;
	if (product % scale)
		return false;
	*ret_value = (uint64_t)(product / scale);
	return true;
}

/* The number [whole, dot).(dot, end) times @factor, exactly. */
static enum st_number multiply(const char *whole, const char *dot, const char *end, uint64_t factor,
			       uint64_t *ret_value)
{
	uint64_t value, fraction = 0;

	if (!read_digits(whole, dot, &value) || __builtin_mul_overflow(value, factor, &value))
		return ST_NUMBER_OVERFLOW;
	if (end > dot && !multiply_fraction(dot + 1, end, factor, &fraction))
		return ST_NUMBER_INEXACT;
	if (__builtin_add_overflow(value, fraction, &value))
		return ST_NUMBER_OVERFLOW;
	*ret_value = value;
	return ST_NUMBER_OK;
}

static enum st_number parse(const char *text, const struct unit *units, size_t nr,
			    uint64_t *ret_value)
{
	const char *dot, *end, *name;

	if (*text == '-' && (is_digit(text[1]) || text[1] == '.'))
		return ST_NUMBER_NEGATIVE;
	dot = skip_digits(text);
	end = *dot == '.' ? skip_digits(dot + 1) : dot;
	if (dot == text || end == dot + 1)
		return ST_NUMBER_SYNTAX;
	name = end + strspn(end, " ");
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(name, units[i].name))
			return multiply(text, dot, end, units[i].factor, ret_value);
	return *name ? ST_NUMBER_UNKNOWN_UNIT : ST_NUMBER_NO_UNIT;
}

enum st_number st_text_parse_duration(const char *text, uint64_t *ret_ns)
{
	return parse(text, durations, ST_ARRAY_SIZE(durations), ret_ns);
}

enum st_number st_text_parse_size(const char *text, uint64_t *ret_bytes)
{
	return parse(text, sizes, ST_ARRAY_SIZE(sizes), ret_bytes);
}
