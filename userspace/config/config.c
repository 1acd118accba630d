// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading a configuration: the main file, what it includes, one binding.
 *
 *   main file --parse--> root node  <--children spliced-- included files
 *                        root node  --bind--> specification
 *
 * Includes are followed depth first; which file includes which is in
 * include.c.
 */
#include "config/config.h"

#include <errno.h>
#include <string.h>

#include "config/binder.h"
#include "config/include.h"
#include "config/yaml.h"

int st_config_load(const char *path, struct st_diags *diags, struct st_sup_spec **ret_spec)
{
	return st_config_examine(path, NULL, diags, ret_spec);
}

int st_config_examine(const char *path, const struct st_examiner *examiner, struct st_diags *diags,
		      struct st_sup_spec **ret_spec)
{
	struct st_doc *doc = st_doc_new();
	struct st_doc_node *root;
	int err;

	if (!doc)
		return -ENOMEM;
	if (examiner && !strcmp(path, ST_CONFIG_STDIN))
		path = NULL;
	err = st_include_load(doc, path, diags, &root);
	if (!err)
		err = st_bind_config(root, examiner, diags, ret_spec);
	st_diags_sort(diags);
	st_doc_free(doc);
	return diags->failed ? -ENOMEM : err;
}

int st_config_parse(const char *name, const char *bytes, size_t len, struct st_diags *diags,
		    struct st_sup_spec **ret_spec)
{
	struct st_doc *doc = st_doc_new();
	struct st_diag_about about = { .at_key = true };
	struct st_doc_node *root;
	int err;

	if (!doc)
		return -ENOMEM;
	err = st_yaml_parse(doc, name, bytes, len, diags, &root);
	if (!err) {
		about.node = st_doc_find(root, "include");
		if (about.node)
			st_diags_add(diags, &about, "include works only in a file");
		err = st_bind_config(root, NULL, diags, ret_spec);
	}
	st_diags_sort(diags);
	st_doc_free(doc);
	return diags->failed ? -ENOMEM : err;
}
