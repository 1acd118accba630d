// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding the maps of a worker: environment, with its files, and limits.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

/* "NAME=value" in the binder's memory, or NULL. */
static const char *make_variable(struct st_binder *binder, const struct st_doc_node *node)
{
	size_t name_len = strlen(node->key), len = strlen(node->text);
	char *variable = st_bind_alloc(binder, name_len + len + 2, 1);

	if (!variable)
		return NULL;
	memcpy(variable, node->key, name_len);
	variable[name_len] = '=';
	memcpy(variable + name_len + 1, node->text, len);
	return variable;
}

static const char *bind_variable(struct st_binder *binder, const struct st_doc_node *node)
{
	struct st_diag_about about = { .node = node };
	struct st_quoted name, value;

	st_quote(&name, node->key);
	if (!*node->key || strchr(node->key, '=')) {
		about.at_key = true;
		about.expected = "a name without =";
		st_diags_add(binder->diags, &about, "a variable cannot be named %s", name.text);
		return NULL;
	}
	if (node->type == ST_DOC_MAP || node->type == ST_DOC_SEQ || node->type == ST_DOC_NULL) {
		about.expected = "a text; \"\" for an empty one";
		st_diags_add(binder->diags, &about, "the variable %s cannot be %s", name.text,
			     st_describe(node, &value));
		return NULL;
	}
	return make_variable(binder, node);
}

void st_bind_environment(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	const char **env;
	uint32_t nr = 0;

	if (node->type != ST_DOC_MAP || node->nr > ST_MAX_ENV) {
		st_key_refuse(key, node, node->type == ST_DOC_MAP ? "it has too many names" : NULL,
			      NULL, binder->diags);
		return;
	}
	env = st_bind_alloc(binder, node->nr, sizeof(*env));
	if (!env)
		return;
	for (const struct st_doc_node *variable = node->first; variable; variable = variable->next)
		env[nr++] = bind_variable(binder, variable);
	child->def.process.env = env;
	child->def.process.nr_env = nr;
}

static const char *bind_file(struct st_binder *binder, const struct st_key *key,
			     const struct st_doc_node *node)
{
	const char *path = node->type == ST_DOC_TEXT ? node->text : "";

	path += *path == '-';
	if (*path == '/' && strlen(path) <= ST_MAX_PATH_LEN)
		return st_bind_text(binder, node);
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return NULL;
}

void st_bind_environment_file(struct st_binder *binder, const struct st_key *key,
			      const struct st_doc_node *node, void *draft)
{
	struct st_process_spec *process = &((struct st_child_draft *)draft)->def.process;
	const struct st_doc_node *first = node->type == ST_DOC_SEQ ? node->first : node;
	uint32_t nr = node->type == ST_DOC_SEQ ? node->nr : 1;
	const char **files;

	if (nr > ST_MAX_ENV_FILES) {
		st_key_refuse(key, node, "it has too many files", NULL, binder->diags);
		return;
	}
	files = st_bind_alloc(binder, nr, sizeof(*files));
	if (!files)
		return;
	process->env_files = files;
	for (const struct st_doc_node *file = first; process->nr_env_files < nr; file = file->next)
		files[process->nr_env_files++] = bind_file(binder, key, file);
}

static const struct st_resource *find_resource(const char *name)
{
	for (size_t i = 0; i < st_nr_resources; i++)
		if (!strcmp(st_resources[i].name, name))
			return &st_resources[i];
	return NULL;
}

static void report_resource(struct st_binder *binder, const struct st_doc_node *node)
{
	struct st_diag_about about = { .node = node, .at_key = true };
	const char *names[ST_MAX_RLIMITS] = { NULL };
	struct st_quoted quoted;

	for (size_t i = 0; i < st_nr_resources && i < ST_MAX_RLIMITS; i++)
		names[i] = st_resources[i].name;
	about.meant = st_text_nearest(node->key, names, ST_MAX_RLIMITS);
	about.expected = "as, core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, "
			 "nproc, rss, rtprio, rttime, sigpending or stack";
	st_diags_add(binder->diags, &about, "unknown limit %s", st_quote(&quoted, node->key));
}

static enum st_number parse_amount(const char *text, enum st_resource_unit unit, uint64_t *ret)
{
	uint64_t unit_ns = unit == ST_RESOURCE_SECONDS ? ST_NSEC_PER_SEC : 1000;
	enum st_number mistake;

	switch (unit) {
	case ST_RESOURCE_BYTES:
		return st_text_parse_size(text, ret);
	case ST_RESOURCE_SECONDS:
	case ST_RESOURCE_MICROSECONDS:
		mistake = st_text_parse_duration(text, ret);
		if (!mistake && *ret % unit_ns)
			mistake = ST_NUMBER_INEXACT;
		*ret /= unit_ns;
		return mistake;
	case ST_RESOURCE_COUNT:
		break;
	}
	return ST_NUMBER_SYNTAX;
}

static void refuse_amount(struct st_binder *binder, const struct st_resource *resource,
			  const struct st_doc_node *node, const char *why)
{
	static const char *const expected[] = {
		[ST_RESOURCE_COUNT] = "infinity or a number",
		[ST_RESOURCE_BYTES] = "infinity, bytes, or a size like 64 MiB",
		[ST_RESOURCE_SECONDS] = "infinity, seconds, or a time like 10 s",
		[ST_RESOURCE_MICROSECONDS] = "infinity, microseconds, or a time like 10 ms",
	};
	struct st_diag_about about = { .node = node, .expected = expected[resource->unit] };
	struct st_quoted quoted;

	st_diags_add(binder->diags, &about, "the limit %s cannot be %s%s%s", resource->name,
		     st_describe(node, &quoted), why ? ": it " : "", why ? why : "");
}

/* One limit; what is wrong is reported. */
static uint64_t bind_amount(struct st_binder *binder, const struct st_resource *resource,
			    const struct st_doc_node *node)
{
	enum st_number mistake = ST_NUMBER_SYNTAX;
	uint64_t amount = 0;

	if (node->type == ST_DOC_INT && node->integer >= 0)
		return (uint64_t)node->integer;
	if (node->type == ST_DOC_TEXT && !strcmp(node->text, "infinity"))
		return UINT64_MAX;
	if (node->type == ST_DOC_TEXT || node->type == ST_DOC_FLOAT)
		mistake = parse_amount(node->text, resource->unit, &amount);
	else if (node->type == ST_DOC_INT)
		mistake = ST_NUMBER_NEGATIVE;
	/* it is also written as JSON, and readers of JSON take at most 63 bits */
	if (!mistake && amount > INT64_MAX)
		mistake = ST_NUMBER_OVERFLOW;
	if (mistake)
		refuse_amount(binder, resource, node,
			      mistake == ST_NUMBER_SYNTAX ? NULL : st_number_text[mistake]);
	return amount;
}

static void bind_limit(struct st_binder *binder, const struct st_resource *resource,
		       const struct st_doc_node *node, struct st_rlimit *rlimit)
{
	struct st_diag_about about = { .node = node };

	rlimit->resource = resource->resource;
	if (node->type != ST_DOC_SEQ) {
		rlimit->soft = bind_amount(binder, resource, node);
		rlimit->hard = rlimit->soft;
		return;
	}
	if (node->nr != 2) {
		refuse_amount(binder, resource, node, "needs two values: [SOFT, HARD]");
		return;
	}
	rlimit->soft = bind_amount(binder, resource, node->first);
	rlimit->hard = bind_amount(binder, resource, node->last);
	if (rlimit->soft > rlimit->hard) {
		about.expected = "[SOFT, HARD] with SOFT at most HARD";
		st_diags_add(binder->diags, &about, "the soft limit of %s is above the hard one",
			     resource->name);
	}
}

void st_bind_limits(struct st_binder *binder, const struct st_key *key,
		    const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	struct st_rlimit *rlimits;
	uint32_t nr = 0;

	if (node->type != ST_DOC_MAP) {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
		return;
	}
	rlimits = st_bind_alloc(binder, node->nr, sizeof(*rlimits));
	if (!rlimits)
		return;
	for (const struct st_doc_node *limit = node->first; limit; limit = limit->next) {
		const struct st_resource *resource = find_resource(limit->key);

		if (!resource)
			report_resource(binder, limit);
		else
			bind_limit(binder, resource, limit, &rlimits[nr++]);
	}
	child->def.process.rlimits = rlimits;
	child->def.process.nr_rlimits = nr;
}
