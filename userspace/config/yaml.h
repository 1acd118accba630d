/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * YAML to document, on libyaml's events.
 *
 * Plain scalars have the types of YAML 1.2's core schema: true is a boolean,
 * yes and 1:30 are text, and so is everything quoted. Anchors and aliases
 * work; tags other than the core schema's, merge keys and further documents in
 * a file are refused. A key that is given twice is an error that shows both places.
 */
#ifndef ST_CONFIG_YAML_H
#define ST_CONFIG_YAML_H

#include "config/diag.h"
#include "config/doc.h"

/**
 * st_yaml_parse() - add a YAML text to a document
 * @doc: takes a copy of everything
 * @name: the name of the text in messages, for example its path
 * @bytes: the text
 * @len: its length
 * @diags: gets the mistakes
 * @ret_root: the text's root node; an empty text is an empty map
 *
 * A key that is given twice is reported, but the first one counts and the root is
 * returned, so that the rest can be checked too.
 *
 * Return: 0 and @ret_root; -EINVAL if there is no tree, with the reason in @diags;
 * -ENOMEM.
 */
int st_yaml_parse(struct st_doc *doc, const char *name, const char *bytes, size_t len,
		  struct st_diags *diags, struct st_doc_node **ret_root) __must_check;

#endif
