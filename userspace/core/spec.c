// SPDX-License-Identifier: GPL-2.0-only
/*
 * Specifications in memory: one block a child spec, counted references.
 *
 * Allocation happens here and when children are added, never on a restart or
 * a stop. The rules between the words are in spec_check.c, the text form in
 * spec_text.c.
 */
#include "core/spec.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"

#define DEFAULT_SHUTDOWN_MS 5000 /* [V6] */

#define ST_ENUM_TEXT(name, text) [name] = text,
const char *const st_strategy_text[] = { ST_STRATEGY_LIST(ST_ENUM_TEXT) };
const char *const st_auto_shutdown_text[] = { ST_AUTO_SHUTDOWN_LIST(ST_ENUM_TEXT) };
const char *const st_restart_text[] = { ST_RESTART_LIST(ST_ENUM_TEXT) };
const char *const st_child_type_text[] = { ST_CHILD_TYPE_LIST(ST_ENUM_TEXT) };
const char *const st_shutdown_text[] = { ST_SHUTDOWN_LIST(ST_ENUM_TEXT) };
const char *const st_ready_text[] = { ST_READY_LIST(ST_ENUM_TEXT) };
const char *const st_notify_access_text[] = { ST_NOTIFY_ACCESS_LIST(ST_ENUM_TEXT) };
const char *const st_output_text[] = { ST_OUTPUT_LIST(ST_ENUM_TEXT) };
const char *const st_trace_payload_text[] = { ST_TRACE_PAYLOAD_LIST(ST_ENUM_TEXT) };
const char *const st_accept_text[] = { ST_ACCEPT_LIST(ST_ENUM_TEXT) };
const char *const st_probe_text[] = { ST_PROBE_LIST(ST_ENUM_TEXT) };
const char *const st_on_failure_text[] = { ST_ON_FAILURE_LIST(ST_ENUM_TEXT) };
const char *const st_spec_error_text[] = { ST_SPEC_ERROR_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

int st_text_index(const char *const *table, int nr, const char *text)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(table[i], text))
			return i;
	return -EINVAL;
}

void st_child_def_init(struct st_child_def *def)
{
	memset(def, 0, sizeof(*def));
	def->restart = ST_RESTART_PERMANENT;
	def->type = ST_CHILD_TYPE_WORKER;
	def->shutdown.type = ST_SHUTDOWN_TIMEOUT;
	def->shutdown.timeout_ms = DEFAULT_SHUTDOWN_MS;
	def->process.umask = -1;
}

void st_sup_flags_init(struct st_sup_flags *flags)
{
	memset(flags, 0, sizeof(*flags));
	flags->strategy = ST_STRATEGY_ONE_FOR_ONE;
	flags->intensity = 1;
	flags->period_s = 5;
	flags->auto_shutdown = ST_AUTO_SHUTDOWN_NEVER;
}

/*
 * A block is filled in two passes of the same code: the first with base ==
 * NULL only adds up the sizes, the second copies.
 */
struct packer {
	char *base;
	size_t used;
};

static void *pack(struct packer *packer, const void *data, size_t size, size_t align)
{
	size_t at = (packer->used + align - 1) & ~(align - 1);

	packer->used = at + size;
	if (!packer->base)
		return NULL;
	if (size && data)
		memcpy(packer->base + at, data, size);
	return packer->base + at;
}

static const char *pack_text(struct packer *packer, const char *text)
{
	return text ? pack(packer, text, strlen(text) + 1, 1) : NULL;
}

static const char *const *pack_texts(struct packer *packer, const char *const *texts, uint32_t nr)
{
	const char **copy = pack(packer, NULL, (nr + 1) * sizeof(*copy), sizeof(*copy));

	for (uint32_t i = 0; i < nr; i++) {
		const char *text = pack_text(packer, texts[i]);

		if (copy)
			copy[i] = text;
	}
	if (copy)
		copy[nr] = NULL;
	return copy;
}

static const struct st_log_spec *pack_log(struct packer *packer, const struct st_log_spec *log)
{
	struct st_log_spec *copy = pack(packer, log, sizeof(*log), sizeof(uint64_t));
	const char *path = pack_text(packer, log->path);
	const char *stderr_path = pack_text(packer, log->stderr_path);

	if (copy) {
		copy->path = path;
		copy->stderr_path = stderr_path;
	}
	return copy;
}

static const struct st_probe_spec *pack_probe(struct packer *packer,
					      const struct st_probe_spec *probe)
{
	struct st_probe_spec *copy = pack(packer, probe, sizeof(*probe), sizeof(uint64_t));
	const char *address = pack_text(packer, probe->address);
	const char *const *argv = probe->nr_args ? pack_texts(packer, probe->argv, probe->nr_args) :
						   NULL;

	if (copy) {
		copy->address = address;
		copy->argv = argv;
	}
	return copy;
}

static void pack_def(struct packer *packer, const struct st_child_def *from,
		     struct st_child_def *def)
{
	const struct st_process_spec *process = &from->process;

	def->id = pack_text(packer, from->id);
	if (process->nr_args)
		def->process.argv = pack_texts(packer, process->argv, process->nr_args);
	if (process->nr_env)
		def->process.env = pack_texts(packer, process->env, process->nr_env);
	if (process->nr_env_files)
		def->process.env_files =
			pack_texts(packer, process->env_files, process->nr_env_files);
	if (process->nr_rlimits)
		def->process.rlimits = pack(packer, process->rlimits,
					    process->nr_rlimits * sizeof(*process->rlimits),
					    sizeof(uint64_t));
	def->process.cwd = pack_text(packer, process->cwd);
	def->process.user = pack_text(packer, process->user);
	def->process.group = pack_text(packer, process->group);
	if (process->log)
		def->process.log = pack_log(packer, process->log);
	if (process->probe)
		def->process.probe = pack_probe(packer, process->probe);
}

struct st_child_spec *st_child_spec_new(const struct st_child_def *def)
{
	struct packer packer = { .used = sizeof(struct st_child_spec) };
	struct st_child_def scratch = *def;
	struct st_child_spec *spec;

	pack_def(&packer, def, &scratch);
	spec = st_alloc(packer.used);
	if (!spec)
		return NULL;
	packer = (struct packer){ .base = (char *)spec, .used = sizeof(*spec) };
	spec->refs = 1;
	spec->def = *def;
	pack_def(&packer, def, &spec->def);
	if (def->sup)
		spec->def.sup = st_sup_spec_get(def->sup);
	return spec;
}

struct st_child_spec *st_child_spec_get(struct st_child_spec *spec)
{
	spec->refs++;
	return spec;
}

/*
 * A spec holds a supervisor's specification, which holds specs: the last put
 * of a tree would recurse. Specifications that lost their last reference are
 * chained through their child arrays instead.
 */
static void free_sup_specs(struct st_sup_spec *dead)
{
	while (dead) {
		struct st_sup_spec *spec = dead;

		if (spec->nr_children) {
			struct st_child_spec *child = spec->children[--spec->nr_children];

			if (--child->refs)
				continue;
			if (child->def.sup && --child->def.sup->refs == 0) {
				child->def.sup->next_dead = dead;
				dead = child->def.sup;
			}
			st_free(child);
			continue;
		}
		dead = spec->next_dead;
		st_free(spec->children);
		st_free(spec->error);
		st_free(spec->log_path);
		st_free(spec);
	}
}

void st_child_spec_put(struct st_child_spec *spec)
{
	if (!spec || --spec->refs)
		return;
	st_sup_spec_put(spec->def.sup);
	st_free(spec);
}

struct st_sup_spec *st_sup_spec_new(const struct st_sup_flags *flags,
				    struct st_child_spec *const *children, uint32_t nr)
{
	struct st_sup_spec *spec = st_alloc(sizeof(*spec));

	if (!spec)
		return NULL;
	spec->children = st_alloc_array(nr, sizeof(*children));
	if (!spec->children) {
		st_free(spec);
		return NULL;
	}
	spec->refs = 1;
	spec->flags = *flags;
	spec->nr_children = nr;
	for (uint32_t i = 0; i < nr; i++)
		spec->children[i] = st_child_spec_get(children[i]);
	return spec;
}

int st_sup_spec_set_log(struct st_sup_spec *spec, const struct st_log_spec *log)
{
	size_t size = log->path ? strlen(log->path) + 1 : 0;
	size_t stderr_size = log->stderr_path ? strlen(log->stderr_path) + 1 : 0;
	char *paths = size ? st_alloc(size + stderr_size) : NULL;

	if (size && !paths)
		return -ENOMEM;
	if (size)
		memcpy(paths, log->path, size);
	if (stderr_size)
		memcpy(paths + size, log->stderr_path, stderr_size);
	st_free(spec->log_path);
	spec->log = *log;
	spec->log.path = paths;
	spec->log.stderr_path = stderr_size ? paths + size : NULL;
	spec->log_path = paths;
	return 0;
}

int st_stop_signal(const struct st_process_spec *process)
{
	return process->stop_signal ? process->stop_signal : SIGTERM;
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool st_log_spec_is_same(const struct st_log_spec *a, const struct st_log_spec *b)
{
	return a->to == b->to && a->max_size == b->max_size && a->max_age_s == b->max_age_s &&
	       a->keep == b->keep && a->timestamps == b->timestamps &&
	       is_same_text(a->path, b->path) && is_same_text(a->stderr_path, b->stderr_path);
}

static struct st_sup_spec *new_without_children(enum st_init init)
{
	struct st_sup_flags flags;
	struct st_sup_spec *spec;

	st_sup_flags_init(&flags);
	spec = st_sup_spec_new(&flags, NULL, 0);
	if (spec)
		spec->init = init;
	return spec;
}

struct st_sup_spec *st_sup_spec_new_ignore(void)
{
	return new_without_children(ST_INIT_IGNORE);
}

struct st_sup_spec *st_sup_spec_new_error(const char *json)
{
	struct st_sup_spec *spec = new_without_children(ST_INIT_ERROR);
	size_t size = strlen(json) + 1;

	if (!spec)
		return NULL;
	spec->error = st_alloc(size);
	if (!spec->error) {
		st_sup_spec_put(spec);
		return NULL;
	}
	memcpy(spec->error, json, size);
	return spec;
}

struct st_sup_spec *st_sup_spec_get(struct st_sup_spec *spec)
{
	spec->refs++;
	return spec;
}

void st_sup_spec_put(struct st_sup_spec *spec)
{
	if (!spec || --spec->refs)
		return;
	spec->next_dead = NULL;
	free_sup_specs(spec);
}
