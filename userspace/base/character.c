// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decodes UTF-8, and says which characters may not be shown as they are; see
 * character.h.
 */
#include "base/character.h"

#include <string.h>

#include "base/compiler.h"

/*
 * Length of the valid UTF-8 sequence at @text, or 0. Overlong forms,
 * surrogates and values above U+10FFFF are not valid.
 */
static size_t sequence_len(const unsigned char *text, size_t len)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max, len;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(forms); i++) {
		if (text[0] < forms[i].first_min || text[0] > forms[i].first_max)
			continue;
		if (len < forms[i].len || text[1] < forms[i].second_min ||
		    text[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if ((text[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
}

static uint32_t decode(const unsigned char *text, size_t len)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = text[0] & masks[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (text[i] & 0x3f);
	return code;
}

static bool is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x80, 0x9f }, /* C1 controls */
		{ 0x61c, 0x61c }, /* Arabic letter mark */
		{ 0x200e, 0x200f }, /* left-to-right, right-to-left mark */
		{ 0x2028, 0x202e }, /* separators, embeddings, overrides */
		{ 0x2066, 0x206f }, /* isolates, and formats that must not be used */
		{ 0xfeff, 0xfeff }, /* byte order mark */
		{ 0xfff9, 0xfffb }, /* annotations */
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

struct st_character st_character_read(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	struct st_character character = { .code = bytes[0], .len = 1 };

	if (bytes[0] < 0x80) {
		if (bytes[0] < 0x20 || bytes[0] == 0x7f)
			character.kind = ST_CHARACTER_CONTROL;
		return character;
	}
	character.len = sequence_len(bytes, len);
	if (!character.len) {
		character.kind = ST_CHARACTER_BROKEN;
		character.len = 1;
		return character;
	}
	character.code = decode(bytes, character.len);
	if (is_hidden(character.code))
		character.kind = ST_CHARACTER_HIDDEN;
	return character;
}

bool st_character_all_plain(const char *text)
{
	size_t len = strlen(text);

	while (len) {
		struct st_character character = st_character_read(text, len);

		if (character.kind != ST_CHARACTER_PLAIN)
			return false;
		text += character.len;
		len -= character.len;
	}
	return true;
}
