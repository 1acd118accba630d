// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the lines of a saved state; see load_line.h. The text may be anything: every byte is
 * looked at before it is used.
 */
#include "core/load_line.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define ST_KEY_NAME(key, form, repeats) #key,
static const char *const names[] = { ST_LOAD_KEYS(ST_KEY_NAME) };
#undef ST_KEY_NAME
#define ST_KEY_FORM(key, form, repeats) ST_FORM_##form,
static const enum st_key_form forms[] = { ST_LOAD_KEYS(ST_KEY_FORM) };
#undef ST_KEY_FORM
#define ST_KEY_REPEATS(key, form, repeats) repeats,
static const bool may_repeat[] = { ST_LOAD_KEYS(ST_KEY_REPEATS) };
#undef ST_KEY_REPEATS

static bool is_equal(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !memcmp(text, word, len);
}

static const char *find_blank(const char *at, const char *end)
{
	const char *blank = memchr(at, ' ', (size_t)(end - at));

	return blank ? blank : end;
}

/* The end of a JSON string or object, or NULL. */
static const char *end_of_json(const char *at, const char *end)
{
	bool is_text = false;
	unsigned int depth = 0;

	for (; at < end; at++) {
		if (is_text && *at == '\\') {
			at++;
			continue;
		}
		if (*at == '"')
			is_text = !is_text;
		else if (!is_text && (*at == '{' || *at == '['))
			depth++;
		else if (!is_text && (*at == '}' || *at == ']') && !depth--)
			return NULL;
		if (!is_text && !depth)
			return at + 1;
	}
	return NULL;
}

static bool read_number(struct st_member *member)
{
	const char *at = member->at, *end = at + member->len;
	bool is_negative = forms[member->key] == ST_FORM_SIGNED && at < end && *at == '-';
	uint64_t number = 0;

	at += is_negative;
	if (at == end)
		return false;
	for (; at < end; at++)
		if (*at < '0' || *at > '9' || __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number))
			return false;
	if (forms[member->key] == ST_FORM_SIGNED && number > INT32_MAX)
		return false;
	member->number = is_negative ? 0 - number : number;
	return true;
}

static bool read_value(struct st_member *member)
{
	switch (forms[member->key]) {
	case ST_FORM_NUMBER:
	case ST_FORM_SIGNED:
		return read_number(member);
	case ST_FORM_FLAG:
		return !member->len;
	case ST_FORM_WORD:
		return member->len > 0;
	case ST_FORM_TEXT:
		return member->len >= 2 && *member->at == '"';
	case ST_FORM_JSON:
		return member->len >= 2 && *member->at == '{';
	}
	return false;
}

static bool find_key(const char *name, size_t len, enum st_key *ret_key)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(names); i++)
		if (is_equal(name, len, names[i])) {
			*ret_key = (enum st_key)i;
			return true;
		}
	return false;
}

/* Return: 1: a member; 0: there are no more; -EINVAL. */
static int next_member(struct st_load_line *line, struct st_member *member)
{
	const char *name = line->at, *end = line->end, *at;

	if (name == end)
		return 0;
	if (*name++ != ' ')
		return -EINVAL;
	for (at = name; at < end && *at != '=' && *at != ' '; at++)
		;
	if (!find_key(name, (size_t)(at - name), &member->key))
		return -EINVAL;
	if (at < end && *at == '=')
		at++;
	else if (forms[member->key] != ST_FORM_FLAG)
		return -EINVAL;
	member->at = at;
	line->at = at < end && (*at == '"' || *at == '{') ? end_of_json(at, end) :
							    find_blank(at, end);
	if (!line->at)
		return -EINVAL;
	member->len = (size_t)(line->at - at);
	return read_value(member) ? 1 : -EINVAL;
}

void st_load_rewind(struct st_load_line *line)
{
	line->at = line->word + line->word_len;
}

bool st_load_member(struct st_load_line *line, struct st_member *ret_member)
{
	return next_member(line, ret_member) > 0;
}

const char *st_load_line(const char *text, const char *end, struct st_load_line *line)
{
	struct st_member member;
	int ret;

	memset(line, 0, sizeof(*line));
	line->word = text;
	line->end = end;
	line->word_len = (size_t)(find_blank(text, end) - text);
	st_load_rewind(line);
	while ((ret = next_member(line, &member)) > 0) {
		if (line->members[member.key].at && !may_repeat[member.key])
			return "a member comes twice";
		line->members[member.key] = member;
	}
	st_load_rewind(line);
	return ret ? "a member cannot be read" : NULL;
}

bool st_load_is(const struct st_load_line *line, const char *word)
{
	return is_equal(line->word, line->word_len, word);
}

int st_load_word(const struct st_load_line *line, enum st_key key, const char *const *table, int nr)
{
	const struct st_member *member = &line->members[key];

	if (!member->at)
		return 0;
	for (int i = 0; i < nr; i++)
		if (table[i] && is_equal(member->at, member->len, table[i]))
			return i;
	return -EINVAL;
}

/* ---- texts ---- */

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits after \u. */
static int32_t read_digits(const char *at, const char *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_of(at[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* A character beyond \uffff is written as two of them. Return: -1: it is none. */
static int32_t read_escape(const char **at, const char *end)
{
	int32_t high = read_digits(*at + 2, end), low;

	*at += 6;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return -1;
	low = read_digits(*at + 2, end);
	*at += 6;
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* As UTF-8, which is never longer than the escape. */
static char *put_character(char *to, int32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code >= 0x10000) {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 63));
	} else if (code >= 0x800) {
		*to++ = (char)(0xe0 | code >> 12);
	} else {
		*to++ = (char)(0xc0 | code >> 6);
	}
	if (code >= 0x800)
		*to++ = (char)(0x80 | (code >> 6 & 63));
	*to++ = (char)(0x80 | (code & 63));
	return to;
}

static int plain_escape(char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found = c ? strchr(from, c) : NULL;

	return found ? to[found - from] : -1;
}

char *st_load_text(const struct st_member *member)
{
	const char *at = member->at + 1, *end = member->at + member->len - 1;
	char *text = st_alloc(member->len);
	char *to = text;

	while (text && at < end) {
		int32_t c = (unsigned char)*at;

		if (c != '\\') {
			*to++ = *at++;
			c = c ? c : -1;
		} else if (at + 1 < end && at[1] == 'u') {
			c = read_escape(&at, end);
			to = c > 0 ? put_character(to, c) : to;
		} else {
			c = at + 1 < end ? plain_escape(at[1]) : -1;
			*to++ = (char)c;
			at += 2;
		}
		if (c <= 0) {
			st_free(text);
			return NULL;
		}
	}
	return text; /* it was zeroed */
}
