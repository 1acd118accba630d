/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON to document: a request's parameter, as jansson read it from the socket.
 *
 * There are no lines; mistakes are shown by JSON pointer.
 */
#ifndef ST_CONFIG_JSON_H
#define ST_CONFIG_JSON_H

#include <jansson.h>

#include "config/diag.h"
#include "config/doc.h"

/**
 * st_json_read() - add a JSON value to a document
 * @doc: takes a copy of everything
 * @name: how messages call it, for example "spec"
 * @value: the value, borrowed
 * @diags: gets the mistakes: too deep, too large, a NUL in a text
 * @ret_root: its root node
 *
 * Return: 0 and @ret_root, -EINVAL with the reason in @diags, -ENOMEM.
 */
int st_json_read(struct st_doc *doc, const char *name, const json_t *value, struct st_diags *diags,
		 struct st_doc_node **ret_root) __must_check;

#endif
