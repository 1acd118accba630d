// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads specifications for core; see spec_reader.h. Mistakes are not told: what core has written
 * has none.
 */
#include "config/spec_reader.h"

#include "config/bind.h"
#include "config/json.h"

/* What is read, on its way to one of the two kinds of specifications. */
struct reading {
	json_t *value;
	struct st_doc *doc;
	struct st_doc_node *root; /* NULL: it cannot be read */
	struct st_diags diags;
};

static void begin(struct reading *reading, const char *json, size_t len)
{
	*reading = (struct reading){ .diags = ST_DIAGS_INIT };
	reading->value = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
	reading->doc = st_doc_new();
	if (!reading->value || !reading->doc ||
	    st_json_read(reading->doc, "specification", reading->value, &reading->diags,
			 &reading->root))
		reading->root = NULL;
}

static void end(struct reading *reading)
{
	st_diags_done(&reading->diags);
	st_doc_free(reading->doc);
	json_decref(reading->value);
}

static struct st_child_spec *read_child(void *owner, const char *json, size_t len)
{
	struct st_child_spec *spec = NULL;
	struct reading reading;

	(void)owner; /* it needs nothing */
	begin(&reading, json, len);
	if (!reading.root ||
	    st_bind_child(reading.root, ST_BIND_STATE, NULL, &reading.diags, &spec))
		spec = NULL;
	end(&reading);
	return spec;
}

static struct st_sup_spec *read_sup(void *owner, const char *json, size_t len)
{
	struct st_sup_spec *spec = NULL;
	struct reading reading;

	(void)owner;
	begin(&reading, json, len);
	if (!reading.root || st_bind_sup(reading.root, ST_BIND_STATE, &reading.diags, &spec))
		spec = NULL;
	end(&reading);
	return spec;
}

const struct st_spec_reader st_config_spec_reader = { .child = read_child, .sup = read_sup };
