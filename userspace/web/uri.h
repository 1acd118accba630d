/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes the target of a request line apart: "/a/b%2Fc?x=1&y=%20". The path is
 * divided at each / before anything is decoded, so that %2F stays part of a
 * segment. Pure; tests/fuzz/web.c feeds it anything.
 */
#ifndef ST_WEB_URI_H
#define ST_WEB_URI_H

#include <stddef.h>

#include "base/compiler.h"

#define ST_URI_MAX_SEGMENTS 8
#define ST_URI_MAX_QUERY 24
#define ST_URI_MAX_LEN 8192 /* bytes of the target */

struct st_uri_query {
	char *name;
	char *value;
};

struct st_uri {
	char *segments[ST_URI_MAX_SEGMENTS]; /* decoded; "/" has none */
	size_t nr_segments;
	struct st_uri_query query[ST_URI_MAX_QUERY]; /* decoded */
	size_t nr_query;
	char *memory; /* owned; the texts above are in it */
};

/**
 * st_uri_parse() - take a target apart
 * @target: the target, as it was received
 * @ret_uri: its parts (st_uri_done)
 * @ret_why: on -EINVAL: what is wrong, a static text
 *
 * Refused: a target that does not begin with /, % without two hexadecimal
 * digits, control characters and NUL (also encoded), text that is not UTF-8,
 * the segments "." and ".." and empty ones, more parts than there is room for,
 * and a name that is in the query twice.
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int st_uri_parse(const char *target, struct st_uri *ret_uri, const char **ret_why) __must_check;
void st_uri_done(struct st_uri *uri);

/* Return: the value of that name in the query; NULL: it is not there. */
const char *st_uri_query_get(const struct st_uri *uri, const char *name);

struct st_buf;

/**
 * st_uri_write_segment() - append a text as one segment of a path
 * @text: any text
 * @out: gets it; all but letters, digits and -._~ is percent-encoded
 */
void st_uri_write_segment(const char *text, struct st_buf *out);

#endif
