/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A growing byte buffer for text that is built piece by piece: transcripts,
 * JSON, error messages.
 *
 * An append that cannot get memory sets ->failed and does nothing from then
 * on, so a writer may append a hundred times and look once at the end
 * (st_buf_error). The bytes are always NUL-terminated.
 *
 * A text that is cut must not be used as if it were whole. So what decides
 * something, a path for example, is read with st_buf_get(), whose result must be
 * checked; what people read, with st_buf_text(), which never shows a part of it.
 */
#ifndef ST_BASE_BUF_H
#define ST_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

struct st_buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

/* An empty buffer owns no memory: `struct st_buf buf = ST_BUF_INIT;` */
#define ST_BUF_INIT \
	{ \
		NULL, 0, 0, false \
	}

void st_buf_init(struct st_buf *buf);

/**
 * st_buf_done() - free the bytes; the buffer is empty and usable afterwards
 * @buf: the buffer
 */
void st_buf_done(struct st_buf *buf);

/**
 * st_buf_reset() - forget the content and an earlier failure, keep the memory
 * @buf: the buffer
 */
void st_buf_reset(struct st_buf *buf);

/**
 * st_buf_reserve() - make room
 * @buf: the buffer
 * @extra: bytes that the caller is about to append
 *
 * Return: 0 or -ENOMEM (also recorded in ->failed).
 */
int st_buf_reserve(struct st_buf *buf, size_t extra);

void st_buf_add(struct st_buf *buf, const void *data, size_t len);
void st_buf_add_char(struct st_buf *buf, char c);
void st_buf_add_text(struct st_buf *buf, const char *text);
void st_buf_add_u64(struct st_buf *buf, uint64_t value);
void st_buf_add_i64(struct st_buf *buf, int64_t value);

/**
 * st_buf_add_buf() - append the content of another buffer
 * @buf: the buffer; it fails if @other has failed
 * @other: another one
 */
void st_buf_add_buf(struct st_buf *buf, const struct st_buf *other);

/**
 * st_buf_add_json_string() - append text as a JSON string, quotes included
 * @buf: the buffer
 * @text: the bytes; what is not valid UTF-8 becomes U+FFFD, and hidden characters
 *	(character.h) are escaped, so that a terminal never gets them
 * @len: their number
 */
void st_buf_add_json_string(struct st_buf *buf, const char *text, size_t len);

/**
 * st_buf_consume() - drop bytes from the front
 * @buf: the buffer
 * @len: how many, at most ->len
 */
void st_buf_consume(struct st_buf *buf, size_t len);

/**
 * st_buf_get() - the content as a C string, if it is whole
 * @buf: the buffer
 * @ret_text: borrowed text, valid until the next append; "" when empty
 *
 * Return: 0; or -ENOMEM if an append has failed.
 */
int st_buf_get(const struct st_buf *buf, const char **ret_text) __must_check;

/**
 * st_buf_text() - the content as a C string, for people
 * @buf: the buffer
 *
 * Return: borrowed text, valid until the next append; "" when empty, and
 * "(out of memory)" if an append has failed.
 */
const char *st_buf_text(const struct st_buf *buf);

/**
 * st_buf_error() - whether any append failed
 * @buf: the buffer
 *
 * Return: 0 or -ENOMEM.
 */
int st_buf_error(const struct st_buf *buf) __must_check;

#endif
