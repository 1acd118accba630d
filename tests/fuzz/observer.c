// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing the texts of /proc, which a process may choose in part.
 *
 * Every slice that comes out lies within the text, and a line of stat is understood alike
 * whatever follows it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "observer/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static void check_slice(const char *text, size_t len, struct st_slice slice)
{
	must(slice.at >= text && slice.at + slice.len <= text + len);
}

static void check_words(const char *text, size_t len)
{
	struct st_slice rest = { text, len }, word;

	while (st_parse_word(&rest, &word)) {
		must(word.len > 0);
		check_slice(text, len, word);
		check_slice(text, len, rest);
	}
}

static void check_lines(const char *text, size_t len)
{
	static const char *const keys[] = { "VmRSS", "Uid", "some", "0:", "cpu" };
	struct st_pressure pressure;
	struct st_slice value;
	uint64_t number;

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++) {
		if (st_parse_line(text, len, keys[i], &value))
			check_slice(text, len, value);
		else
			must(!st_parse_number(text, len, keys[i], &number));
	}
	(void)st_parse_pressure(text, len, "some", &pressure);
	(void)st_parse_hundredths((struct st_slice){ text, len }, &number);
}

static void check_stat(const char *text, size_t len)
{
	struct st_stat stat;

	if (st_parse_stat(text, len, &stat))
		return;
	must(memchr(stat.name, '\0', sizeof(stat.name)) != NULL);
	must(*st_parse_state(stat.state) != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1); /* no room after it, so a sanitizer sees each byte too far */

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	check_words(text, size);
	check_lines(text, size);
	check_stat(text, size);
	free(text);
	return 0;
}
