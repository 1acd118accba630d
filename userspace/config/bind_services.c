// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding `services`: a map of services, each with its own keys, becomes the tree `system`.
 * See services.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/binder.h"
#include "config/services.h"
#include "core/limits.h"

#define INTENSITY 5
#define PERIOD_S 60
#define MAX_ARGS 16

/* What a service becomes. */
struct service_draft {
	enum st_service_id service;
	const char *argv[MAX_ARGS];
	uint32_t nr_args;
};

/* The services so far, in the order of the table of keys. */
struct services_draft {
	struct st_child_spec *children[ST_SERVICE__MAX];
	uint32_t nr;
};

static struct st_child_spec *make_spec(const struct service_draft *service)
{
	const struct st_service_row *row = &st_services[service->service];
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = row->name;
	def.process.service = service->service;
	def.process.argv = service->argv;
	def.process.nr_args = service->nr_args;
	def.process.ready = ST_READY_NOTIFY;
	if (row->uid) {
		def.process.clear_env = true;
		def.process.no_new_privs = true;
	}
	return st_child_spec_new(&def);
}

static void begin(struct service_draft *service, enum st_service_id which)
{
	*service = (struct service_draft){ .service = which };
	service->argv[service->nr_args++] = st_services[which].program;
	if (st_services[which].argument)
		service->argv[service->nr_args++] = st_services[which].argument;
}

struct st_child_spec *st_service_spec_new(enum st_service_id which)
{
	struct service_draft service;

	begin(&service, which);
	return make_spec(&service);
}

struct st_child_spec *st_services_tree_new(struct st_child_spec *const *children, uint32_t nr)
{
	struct st_child_spec *tree = NULL;
	struct st_sup_flags flags;
	struct st_child_def def;

	st_sup_flags_init(&flags);
	flags.intensity = INTENSITY;
	flags.period_s = PERIOD_S;
	st_child_def_init(&def);
	def.id = ST_SERVICES_TREE;
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.restart = ST_RESTART_TRANSIENT;
	def.shutdown.type = ST_SHUTDOWN_INFINITY;
	def.sup = st_sup_spec_new(&flags, children, nr);
	if (def.sup)
		tree = st_child_spec_new(&def);
	st_sup_spec_put(def.sup);
	return tree;
}

/* "--max-age=VALUE" */
static void add_option(struct st_binder *binder, const struct st_key *key, const char *value,
		       struct service_draft *service)
{
	size_t size = strlen(key->name) + strlen(value) + sizeof("--=");
	char *arg = st_bind_alloc(binder, size, 1);

	if (!arg)
		return;
	(void)snprintf(arg, size, "--%s=%s", key->name, value); /* fits */
	for (char *c = arg; *c && *c != '='; c++)
		if (*c == '_')
			*c = '-';
	service->argv[service->nr_args++] = arg;
}

static void add_number(struct st_binder *binder, const struct st_key *key, uint64_t value,
		       struct service_draft *service)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value); /* fits */
	add_option(binder, key, text, service);
}

void st_bind_service_folder(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	const char *path = st_bind_path(binder, key, node);

	if (path)
		add_option(binder, key, path, draft);
}

void st_bind_service_time(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_SEC, ST_MAX_PERIOD_S, &value))
		return;
	if (value)
		add_number(binder, key, value, draft);
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_service_size(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	uint64_t value;

	if (st_bind_size(binder, key, node, ST_MIN_SERVICE_SIZE, &value))
		add_number(binder, key, value, draft);
}

void st_bind_service_word(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	int value;

	if (st_bind_word(binder, key, node, &value))
		add_option(binder, key, key->words[value], draft);
}

/* "127.0.0.1:80" or "[::1]:80": suptree-web refuses all others. */
static bool is_address(const char *text)
{
	static const char *const hosts[] = { "127.0.0.1:", "[::1]:" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(hosts); i++) {
		const char *port = text + strlen(hosts[i]);
		size_t nr;

		if (strncmp(text, hosts[i], strlen(hosts[i])) != 0)
			continue;
		nr = strspn(port, "0123456789");
		return nr && nr < 6 && !port[nr] && strtoul(port, NULL, 10) <= UINT16_MAX;
	}
	return false;
}

void st_bind_service_address(struct st_binder *binder, const struct st_key *key,
			     const struct st_doc_node *node, void *draft)
{
	const char *text = node->type == ST_DOC_TEXT ? st_bind_text(binder, node) : "";

	if (text && is_address(text))
		add_option(binder, key, text, draft);
	else if (text)
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_service_writes(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	int64_t value;

	if (st_bind_int(binder, key, node, 1, ST_MAX_SERVICE_WRITES, &value))
		add_number(binder, key, (uint64_t)value, draft);
}

/* Which keys a service has; their scopes are in the order of the services. */
static const enum st_scope scopes[ST_SERVICE__MAX] = {
	[ST_SERVICE_JOURNAL] = ST_SCOPE_JOURNAL,
	[ST_SERVICE_TRACER] = ST_SCOPE_TRACER,
	[ST_SERVICE_OBSERVER] = ST_SCOPE_OBSERVER,
	[ST_SERVICE_WEB] = ST_SCOPE_WEB,
};

/* A key of the map `services`: one service. */
void st_bind_service(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, void *draft)
{
	int which = st_text_index(st_service_text, ST_SERVICE__MAX, key->name);
	struct services_draft *services = draft;
	unsigned int nr_found = binder->diags->nr_found;
	struct service_draft service;
	struct st_child_spec *spec;

	begin(&service, (enum st_service_id)which);
	if (node->type == ST_DOC_MAP)
		st_bind_map(binder, node, scopes[which], &service);
	else if (node->type != ST_DOC_NULL)
		st_key_refuse(key, node, NULL, NULL, binder->diags);
	if (st_bind_has_failed(binder, nr_found))
		return;
	spec = make_spec(&service);
	if (spec)
		services->children[services->nr++] = spec;
	else
		binder->no_memory = true;
}

/* The key `service` of a child spec: what a specification as text has. */
void st_bind_child_service(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		child->def.process.service = (enum st_service_id)value;
}

/* Put the tree before all other children, so that the services see them from the start. */
static void put_first(struct st_binder *binder, const struct services_draft *services,
		      struct st_sup_draft *sup)
{
	struct st_child_spec *tree = st_services_tree_new(services->children, services->nr);
	struct st_child_spec **children =
		st_alloc_array(sup->nr_children + 1, sizeof(*sup->children));

	if (!tree || !children) {
		st_child_spec_put(tree);
		st_free(children);
		binder->no_memory = true;
		return;
	}
	children[0] = tree;
	for (uint32_t i = 0; i < sup->nr_children; i++)
		children[i + 1] = sup->children[i];
	st_free(sup->children);
	sup->children = children;
	sup->nr_children++;
	binder->nr_children += services->nr + 1;
}

static bool check_name(struct st_binder *binder, const struct st_key *key,
		       const struct st_doc_node *node, const struct st_sup_draft *sup)
{
	struct st_diag_about about = { .node = node, .at_key = true };

	for (uint32_t i = 0; i < sup->nr_children; i++) {
		if (strcmp(sup->children[i]->def.id, ST_SERVICES_TREE) != 0)
			continue;
		st_diags_add(binder->diags, &about,
			     "%s makes the tree " ST_SERVICES_TREE
			     ", and a child of the root has this id already",
			     key->name);
		return false;
	}
	return true;
}

/* children was bound before. */
void st_bind_services(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	struct services_draft services = { .nr = 0 };
	unsigned int nr_found = binder->diags->nr_found;

	if (node->type == ST_DOC_MAP)
		st_bind_map(binder, node, ST_SCOPE_SERVICES, &services);
	else if (node->type != ST_DOC_NULL)
		st_key_refuse(key, node, NULL, NULL, binder->diags);
	if (services.nr && !st_bind_has_failed(binder, nr_found) &&
	    check_name(binder, key, node, draft))
		put_first(binder, &services, draft);
	for (uint32_t i = 0; i < services.nr; i++)
		st_child_spec_put(services.children[i]);
}
