/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of reading one YAML file, between yaml.c and yaml_anchor.c.
 */
#ifndef ST_CONFIG_YAML_INTERNAL_H
#define ST_CONFIG_YAML_INTERNAL_H

#include <yaml.h>

#include "config/internal.h"

#define ST_YAML_MAX_ANCHORS 1000 /* of one file */

struct st_yaml_anchor {
	struct st_yaml_anchor *next;
	const char *name;
	const struct st_doc_node *node;
};

struct st_yaml {
	struct st_doc *doc;
	const struct st_doc_file *file;
	struct st_diags *diags;
	struct st_doc_node *root; /* NULL: nothing read yet */
	struct st_doc_node *open; /* the innermost map or sequence not yet ended */
	const char *key; /* read, its value is yet to come */
	struct st_doc_place key_place;
	unsigned int depth; /* of open */
	struct st_yaml_anchor *anchors; /* newest first */
	unsigned int nr_anchors;
};

/* Report @message for the place of an event; -EINVAL, or -ENOMEM for the report. */
int st_yaml_refuse(struct st_yaml *yaml, const yaml_event_t *event, const char *message);

/* Add a node at the present place. */
void st_yaml_place(struct st_yaml *yaml, struct st_doc_node *node);

/* Remember @node by @anchor, which may be NULL. */
int st_yaml_anchor(struct st_yaml *yaml, const yaml_event_t *event, const char *anchor,
		   const struct st_doc_node *node) __must_check;

/* Add a copy of the value of an alias at the present place. */
int st_yaml_alias(struct st_yaml *yaml, const yaml_event_t *event) __must_check;

#endif
