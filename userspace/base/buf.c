// SPDX-License-Identifier: GPL-2.0-only
/*
 * The growing byte buffer of buf.h. It formats numbers itself: core writes its
 * transcript through it and may not use stdio.
 */
#include "base/buf.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/character.h"

#define MIN_CAP 64

void st_buf_init(struct st_buf *buf)
{
	memset(buf, 0, sizeof(*buf));
}

void st_buf_done(struct st_buf *buf)
{
	st_free(buf->data);
	st_buf_init(buf);
}

void st_buf_reset(struct st_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->data)
		buf->data[0] = '\0';
}

int st_buf_reserve(struct st_buf *buf, size_t extra)
{
	size_t cap = buf->cap ? buf->cap : MIN_CAP;
	char *data;

	if (buf->failed)
		return -ENOMEM;
	if (extra < buf->cap - buf->len)
		return 0;
	if (extra >= SIZE_MAX / 2 - buf->len) {
		buf->failed = true;
		return -ENOMEM;
	}
	while (cap <= buf->len + extra)
		cap *= 2;
	data = st_realloc(buf->data, cap);
	if (!data) {
		buf->failed = true;
		return -ENOMEM;
	}
	buf->data = data;
	buf->cap = cap;
	return 0;
}

void st_buf_add(struct st_buf *buf, const void *data, size_t len)
{
	if (st_buf_reserve(buf, len))
		return;
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void st_buf_add_char(struct st_buf *buf, char c)
{
	st_buf_add(buf, &c, 1);
}

void st_buf_add_text(struct st_buf *buf, const char *text)
{
	st_buf_add(buf, text, strlen(text));
}

void st_buf_add_buf(struct st_buf *buf, const struct st_buf *other)
{
	if (other->failed)
		buf->failed = true;
	st_buf_add(buf, other->data, other->len);
}

void st_buf_add_u64(struct st_buf *buf, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	st_buf_add(buf, digits + at, sizeof(digits) - at);
}

void st_buf_add_i64(struct st_buf *buf, int64_t value)
{
	if (value < 0)
		st_buf_add_char(buf, '-');
	st_buf_add_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* @code: not above U+FFFF */
static void add_escaped(struct st_buf *buf, uint32_t code)
{
	static const char hex[] = "0123456789abcdef";
	static const char named[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *at = code && code < 0x80 ? strchr(named, (int)code) : NULL;

	st_buf_add_char(buf, '\\');
	if (at) {
		st_buf_add_char(buf, letters[at - named]);
		return;
	}
	st_buf_add_char(buf, 'u');
	for (int shift = 12; shift >= 0; shift -= 4)
		st_buf_add_char(buf, hex[code >> shift & 15]);
}

/* The number of bytes at @text that need no escape. */
static size_t plain_len(const unsigned char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] >= 0x20 && text[i] < 0x7f && text[i] != '"' && text[i] != '\\')
		i++;
	return i;
}

void st_buf_add_json_string(struct st_buf *buf, const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t i = 0;

	st_buf_add_char(buf, '"');
	while (i < len) {
		size_t plain = plain_len(bytes + i, len - i);
		struct st_character character;

		st_buf_add(buf, bytes + i, plain);
		i += plain;
		if (i == len)
			break;
		character = st_character_read(text + i, len - i);
		if (character.kind == ST_CHARACTER_BROKEN)
			st_buf_add_text(buf, "\xef\xbf\xbd");
		else if (bytes[i] < 0x80 || character.kind == ST_CHARACTER_HIDDEN)
			add_escaped(buf, character.code);
		else
			st_buf_add(buf, text + i, character.len);
		i += character.len;
	}
	st_buf_add_char(buf, '"');
}

void st_buf_consume(struct st_buf *buf, size_t len)
{
	if (!len)
		return;
	memmove(buf->data, buf->data + len, buf->len - len + 1);
	buf->len -= len;
}

int st_buf_get(const struct st_buf *buf, const char **ret_text)
{
	if (buf->failed)
		return -ENOMEM;
	*ret_text = buf->data ? buf->data : "";
	return 0;
}

const char *st_buf_text(const struct st_buf *buf)
{
	const char *text;

	return st_buf_get(buf, &text) ? "(out of memory)" : text;
}

int st_buf_error(const struct st_buf *buf)
{
	return buf->failed ? -ENOMEM : 0;
}
