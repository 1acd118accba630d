// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses a readiness message; see ready.h. Pure: bytes in, a struct out, no system call,
 * and only the caller's memory. The bytes may come from any process that may write to
 * the socket.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/character.h"
#include "os/ready.h"

/* A piece of the message, not NUL-terminated. */
struct span {
	const char *text;
	size_t len;
};

static bool equals(struct span span, const char *text)
{
	return span.len == strlen(text) && !memcmp(span.text, text, span.len);
}

/* The length of the longest start of @span that fits and ends between characters. */
static size_t cut(struct span span)
{
	size_t len = span.len;

	if (len <= ST_READY_TEXT_MAX)
		return len;
	len = ST_READY_TEXT_MAX;
	/* UTF-8: 10xxxxxx continues a character. */
	while (len && ((unsigned char)span.text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void copy_text(char *ret_text, struct span span)
{
	size_t len = cut(span);

	for (size_t i = 0; i < len;) {
		struct st_character character = st_character_read(span.text + i, len - i);

		if (character.kind == ST_CHARACTER_PLAIN)
			memcpy(ret_text + i, span.text + i, character.len);
		else
			memset(ret_text + i, '?', character.len);
		i += character.len;
	}
	ret_text[len] = '\0';
}

/* An errno: decimal, positive, without sign. 0 if it is none. */
static int parse_errno(struct span span)
{
	int value = 0;

	if (!span.len || span.len > 6)
		return 0;
	for (size_t i = 0; i < span.len; i++) {
		if (span.text[i] < '0' || span.text[i] > '9')
			return 0;
		value = value * 10 + (span.text[i] - '0');
	}
	return value;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As the kernel writes the addresses that it chooses (unix(7), autobind). */
static void set_mailbox(struct st_ready_message *ready, struct span value)
{
	uint32_t number = 0;

	if (!value.len || value.len > 5)
		return;
	for (size_t i = 0; i < value.len; i++) {
		if (digit_of(value.text[i]) < 0)
			return;
		number = number << 4 | (uint32_t)digit_of(value.text[i]);
	}
	ready->mailbox = number;
	ready->has_mailbox = true;
}

static void copy_word(char ret_word[static ST_READY_WORD_MAX + 1], struct span value)
{
	size_t len = value.len < ST_READY_WORD_MAX ? value.len : ST_READY_WORD_MAX;

	memcpy(ret_word, value.text, len);
	ret_word[len] = '\0';
}

static void set_error_number(struct st_ready_message *ready, struct span value)
{
	int number = parse_errno(value);

	if (!number)
		return;
	ready->error_number = number;
	ready->is_error = true;
}

static void take(struct st_ready_message *ready, struct span key, struct span value)
{
	if (equals(key, "READY")) {
		ready->is_ready |= equals(value, "1");
	} else if (equals(key, "STOPPING")) {
		ready->is_stopping |= equals(value, "1");
	} else if (equals(key, "WATCHDOG")) {
		ready->is_alive |= equals(value, "1");
	} else if (equals(key, "X_SUPTREE")) {
		ready->is_ignored |= equals(value, "IGNORE");
	} else if (equals(key, "X_SUPTREE_MAILBOX")) {
		set_mailbox(ready, value);
	} else if (equals(key, "X_SUPTREE_ACCEPT")) {
		copy_word(ready->accept, value);
	} else if (equals(key, "X_SUPTREE_ACCEPT_LINKS")) {
		copy_word(ready->accept_links, value);
	} else if (equals(key, "STATUS")) {
		copy_text(ready->status, value);
		ready->has_status = true;
	} else if (equals(key, "ERRNO")) {
		set_error_number(ready, value);
	} else if (equals(key, "X_SUPTREE_ERROR")) {
		copy_text(ready->error, value);
		ready->is_error = true;
	}
}

int st_ready_parse(const char *text, size_t len, struct st_ready_message *ret_ready)
{
	struct st_ready_message ready = { 0 };
	const char *end = text + len;

	if (len && memchr(text, '\0', len))
		return -EBADMSG;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *equal = memchr(text, '=', (size_t)(stop - text));

		/* Empty lines are allowed: many senders end the last one with '\n'. */
		if (!equal && stop > text)
			return -EBADMSG;
		if (equal) {
			struct span key = { text, (size_t)(equal - text) };
			struct span value = { equal + 1, (size_t)(stop - equal - 1) };

			take(&ready, key, value);
		}
		text = newline ? newline + 1 : end;
	}
	*ret_ready = ready;
	return 0;
}
