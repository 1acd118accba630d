/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads JSON when memory may run out. jansson does not check whether the buffer
 * for the text it reads could grow (lex_save(), 2.14). It goes on without a
 * character, so that "web/10" becomes "web/1", or reads memory that is not
 * there. So its allocations go through our functions, and an allocation that
 * fails while a text is read ends the reading at once.
 *
 * rpc.c reads requests with it.
 */
#ifndef ST_PROTO_PARSE_H
#define ST_PROTO_PARSE_H

#include <jansson.h>

#include "base/compiler.h"

/**
 * st_json_init_memory() - let jansson allocate through our functions
 *
 * main() calls this before any function of jansson. A program that does not
 * call it reads JSON as jansson does.
 */
void st_json_init_memory(void);

/**
 * st_json_parse() - read JSON
 * @text: the text
 * @len: length of the text
 * @flags: JSON_REJECT_DUPLICATES and so on
 * @ret_json: owned by the caller
 * @reterr_error: with -EINVAL: what is wrong, and where
 *
 * Return: 0; -EINVAL: it is not JSON; -ENOMEM.
 */
int st_json_parse(const char *text, size_t len, size_t flags, json_t **ret_json,
		  json_error_t *reterr_error) __must_check;

#endif
