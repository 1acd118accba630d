// SPDX-License-Identifier: GPL-2.0-only
/*
 * Specifications in a line, through the binder of config/. See reader.h.
 */
#include "base/alloc.h"
#include "config/bind.h"
#include "config/json.h"
#include "reader.h"

/* The state of binding, from the JSON value to the mistakes. */
struct binding {
	struct st_doc *doc;
	struct st_doc_node *root;
	struct st_diags diags;
};

static bool begin(struct st_reader *reader, struct binding *binding)
{
	json_t *value;

	*binding = (struct binding){ .diags = ST_DIAGS_INIT };
	if (!st_read_json(reader, &value))
		return false;
	binding->doc = st_doc_new();
	if (binding->doc &&
	    !st_json_read(binding->doc, "specification", value, &binding->diags, &binding->root))
		return true;
	return st_read_fail(reader, "this specification can not be read");
}

static bool end(struct st_reader *reader, struct binding *binding, bool bound)
{
	st_diags_done(&binding->diags);
	st_doc_free(binding->doc);
	return bound || st_read_fail(reader, "this specification is not valid");
}

bool st_read_sup_spec(struct st_reader *reader)
{
	struct binding binding;
	bool bound;

	bound = begin(reader, &binding) &&
		!st_bind_sup(binding.root, ST_BIND_STRICT, &binding.diags, &reader->sup_spec);
	return end(reader, &binding, bound);
}

bool st_read_child_spec(struct st_reader *reader)
{
	struct binding binding;
	bool bound;

	bound = begin(reader, &binding) && !st_bind_child(binding.root, ST_BIND_STRICT, NULL,
							  &binding.diags, &reader->child_spec);
	return end(reader, &binding, bound);
}

/* A specification with these flags and no children. */
bool st_read_sup_flags(struct st_reader *reader)
{
	struct st_sup_flags flags;
	struct binding binding;
	bool bound;

	st_sup_flags_init(&flags);
	bound = begin(reader, &binding) &&
		!st_bind_sup_flags(binding.root, ST_BIND_STRICT, &binding.diags, &flags);
	if (bound)
		reader->sup_spec = st_sup_spec_new(&flags, NULL, 0);
	return end(reader, &binding, bound && reader->sup_spec);
}
