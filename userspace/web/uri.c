// SPDX-License-Identifier: GPL-2.0-only
/*
 * Targets of requests; see uri.h.
 */
#include "web/uri.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/character.h"

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Has it no control character, and is it UTF-8? */
static bool is_clean(const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		struct st_character character = st_character_read(text + at, len - at);

		if (character.kind == ST_CHARACTER_CONTROL || character.kind == ST_CHARACTER_BROKEN)
			return false;
		at += character.len;
	}
	return true;
}

/* Decode in place. Return: NULL, or what is wrong. */
static const char *decode(char *text, bool plus_is_blank)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		int high, low;

		if (*from == '+' && plus_is_blank) {
			*to++ = ' ';
			continue;
		}
		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		high = digit_of(from[1]);
		low = high < 0 ? -1 : digit_of(from[2]);
		if (low < 0)
			return "a % is not followed by two hexadecimal digits";
		if (!high && !low)
			return "it has a NUL character";
		*to++ = (char)(high << 4 | low);
		from += 2;
	}
	*to = '\0';
	return is_clean(text) ? NULL : "it has a control character, or is not UTF-8";
}

static const char *split_path(char *path, struct st_uri *uri)
{
	char *at = path + 1;

	if (*path != '/')
		return "it does not begin with /";
	if (!*at)
		return NULL;
	while (at) {
		char *segment = at, *slash = strchr(at, '/');
		const char *why;

		if (slash)
			*slash = '\0';
		at = slash ? slash + 1 : NULL;
		if (uri->nr_segments == ST_URI_MAX_SEGMENTS)
			return "it has too many segments";
		why = decode(segment, false);
		if (why)
			return why;
		if (!*segment || !strcmp(segment, ".") || !strcmp(segment, ".."))
			return "a segment is empty, . or ..";
		uri->segments[uri->nr_segments++] = segment;
	}
	return NULL;
}

static const char *split_query(char *query, struct st_uri *uri)
{
	char *at = query;

	while (at && *at) {
		char *name = at, *next = strchr(at, '&'), *equals;
		const char *why;

		if (next)
			*next++ = '\0';
		at = next;
		if (!*name)
			continue;
		if (uri->nr_query == ST_URI_MAX_QUERY)
			return "its query has too many parts";
		equals = strchr(name, '=');
		if (equals)
			*equals++ = '\0';
		why = decode(name, true);
		if (!why && equals)
			why = decode(equals, true);
		if (why)
			return why;
		if (st_uri_query_get(uri, name))
			return "its query has a name twice";
		uri->query[uri->nr_query].name = name;
		uri->query[uri->nr_query++].value = equals ? equals : name + strlen(name);
	}
	return NULL;
}

int st_uri_parse(const char *target, struct st_uri *ret_uri, const char **ret_why)
{
	struct st_uri uri = { 0 };
	char *query;

	if (strlen(target) > ST_URI_MAX_LEN) {
		*ret_why = "it is too long";
		return -EINVAL;
	}
	uri.memory = strdup(target);
	if (!uri.memory)
		return -ENOMEM;
	query = strchr(uri.memory, '?');
	if (query)
		*query++ = '\0';
	*ret_why = split_path(uri.memory, &uri);
	if (!*ret_why)
		*ret_why = split_query(query, &uri);
	if (*ret_why) {
		st_uri_done(&uri);
		return -EINVAL;
	}
	*ret_uri = uri;
	return 0;
}

void st_uri_done(struct st_uri *uri)
{
	free(uri->memory);
	*uri = (struct st_uri){ 0 };
}

const char *st_uri_query_get(const struct st_uri *uri, const char *name)
{
	for (size_t i = 0; i < uri->nr_query; i++)
		if (!strcmp(uri->query[i].name, name))
			return uri->query[i].value;
	return NULL;
}

void st_uri_write_segment(const char *text, struct st_buf *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c)) {
			st_buf_add_char(out, *text);
			continue;
		}
		st_buf_add_char(out, '%');
		st_buf_add_char(out, digits[c >> 4]);
		st_buf_add_char(out, digits[c & 15]);
	}
}
