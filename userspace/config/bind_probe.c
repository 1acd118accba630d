// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding probe: a map with command, tcp or http, and how often. OTP has nothing like it
 * [X11].
 */
#include "base/address.h"
#include "config/binder.h"
#include "core/limits.h"

#define DEFAULT_INTERVAL_MS 10000
#define DEFAULT_TIMEOUT_MS 1000
#define DEFAULT_FAILURES 3

void st_bind_probe_command(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_probe_draft *probe = draft;
	struct st_process_spec words = { .nr_args = 0 };

	st_bind_command(binder, key, node, &words);
	probe->nr_types++;
	probe->probe->type = ST_PROBE_COMMAND;
	probe->probe->argv = words.argv;
	probe->probe->nr_args = words.nr_args;
}

static bool is_http(const char *text)
{
	struct st_address address;
	const char *host, *path;
	size_t host_len;

	return !st_address_parse_http(text, &address, &host, &host_len, &path);
}

static void bind_address(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, struct st_probe_draft *probe,
			 enum st_probe_type type)
{
	bool is_scalar = node->type == ST_DOC_TEXT || node->type == ST_DOC_INT;
	struct st_address address;

	probe->nr_types++;
	probe->probe->type = type;
	if (is_scalar &&
	    (type == ST_PROBE_HTTP ? is_http(node->text) : !st_address_parse(node->text, &address)))
		probe->probe->address = st_bind_text(binder, node);
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_probe_tcp(struct st_binder *binder, const struct st_key *key,
		       const struct st_doc_node *node, void *draft)
{
	bind_address(binder, key, node, draft, ST_PROBE_TCP);
}

void st_bind_probe_http(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	bind_address(binder, key, node, draft, ST_PROBE_HTTP);
}

static void bind_positive(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, uint32_t *ret_ms)
{
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_MSEC, ST_MAX_TIMEOUT_MS, &value))
		return;
	if (value)
		*ret_ms = (uint32_t)value;
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_probe_interval(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	bind_positive(binder, key, node, &((struct st_probe_draft *)draft)->probe->interval_ms);
}

void st_bind_probe_timeout(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	bind_positive(binder, key, node, &((struct st_probe_draft *)draft)->probe->timeout_ms);
}

void st_bind_probe_failures(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	struct st_probe_draft *probe = draft;
	int64_t value;

	if (st_bind_int(binder, key, node, 0, ST_MAX_INTENSITY, &value))
		probe->probe->failures = (uint32_t)value;
}

void st_bind_probe_on_failure(struct st_binder *binder, const struct st_key *key,
			      const struct st_doc_node *node, void *draft)
{
	struct st_probe_draft *probe = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		probe->probe->on_failure = (enum st_on_failure)value;
}

/* ready was bound before. */
void st_bind_probe(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	struct st_process_spec *process = &((struct st_child_draft *)draft)->def.process;
	struct st_diag_about about = { .node = node, .at_key = true };
	struct st_probe_draft probe = { .probe = st_bind_alloc(binder, 1, sizeof(*probe.probe)) };
	unsigned int nr_found = binder->diags->nr_found;

	if (!probe.probe)
		return;
	if (node->type != ST_DOC_MAP) {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
		return;
	}
	probe.probe->interval_ms = DEFAULT_INTERVAL_MS;
	probe.probe->timeout_ms = DEFAULT_TIMEOUT_MS;
	probe.probe->failures = DEFAULT_FAILURES;
	process->probe = probe.probe;
	st_bind_map(binder, node, ST_SCOPE_PROBE, &probe);
	if (st_bind_has_failed(binder, nr_found))
		return;
	about.expected = "one of command, tcp and http";
	if (probe.nr_types != 1)
		st_diags_add(binder->diags, &about, "probe has %s",
			     probe.nr_types ? "more than one kind" :
					      "neither command, tcp nor http");
	about.expected = NULL;
	if (process->ready == ST_READY_EXIT)
		st_diags_add(binder->diags, &about,
			     "probe needs a child that stays up, and this one has ready: exit");
}
