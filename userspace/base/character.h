/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The characters of a text that is not trusted, one after the other.
 *
 * Such a text may go to a terminal. There a control character is a command, a format
 * character changes the order of what is read, and a byte that is not UTF-8 is anything.
 * Whoever shows a text asks here for each character. Nothing here allocates.
 */
#ifndef ST_BASE_CHARACTER_H
#define ST_BASE_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum st_character_kind {
	ST_CHARACTER_PLAIN,
	ST_CHARACTER_CONTROL, /* U+0000 to U+001F, and U+007F */
	/*
	 * U+0080 to U+009F, which are control characters, too; marks that change the
	 * direction of text; separators of lines; the byte order mark.
	 */
	ST_CHARACTER_HIDDEN,
	ST_CHARACTER_BROKEN, /* a byte that is not part of UTF-8 */
};

/**
 * struct st_character - a character, or a byte that is not part of one
 * @kind: what it may do
 * @code: its number in Unicode; of a broken one: the byte
 * @len: its bytes, at least 1
 */
struct st_character {
	enum st_character_kind kind;
	uint32_t code;
	size_t len;
};

/**
 * st_character_read() - read the first character of a text
 * @text: the text
 * @len: its bytes, at least 1
 */
struct st_character st_character_read(const char *text, size_t len);

/**
 * st_character_all_plain() - whether a text has plain characters only
 * @text: the text; a tab is not plain
 */
bool st_character_all_plain(const char *text);

#endif
