// SPDX-License-Identifier: GPL-2.0-only
/*
 * Specifications as one line of JSON, with the words of the configuration.
 *
 * The binder of config/ reads the same form back. Default values are left out, except
 * for the words that get_childspec shows [C9]. Nested supervisors are written with an
 * explicit stack.
 */
#include <string.h>

#include "core/limits.h"
#include "core/spec.h"

static void key(struct st_buf *out, const char *name)
{
	if (out->len && out->data[out->len - 1] != '{')
		st_buf_add_char(out, ',');
	st_buf_add_json_string(out, name, strlen(name));
	st_buf_add_char(out, ':');
}

static void text_pair(struct st_buf *out, const char *name, const char *text)
{
	if (!text)
		return;
	key(out, name);
	st_buf_add_json_string(out, text, strlen(text));
}

static void bool_pair(struct st_buf *out, const char *name, bool value)
{
	key(out, name);
	st_buf_add_text(out, value ? "true" : "false");
}

static void number_pair(struct st_buf *out, const char *name, int64_t value)
{
	key(out, name);
	st_buf_add_i64(out, value);
}

static void write_texts(struct st_buf *out, const char *name, const char *const *texts, uint32_t nr)
{
	key(out, name);
	st_buf_add_char(out, '[');
	for (uint32_t i = 0; i < nr; i++) {
		if (i)
			st_buf_add_char(out, ',');
		st_buf_add_json_string(out, texts[i], strlen(texts[i]));
	}
	st_buf_add_char(out, ']');
}

/* Whether the values of environment variables are written. */
enum values {
	WITH_VALUES,
	WITHOUT_VALUES,
};

static void write_env(struct st_buf *out, const struct st_process_spec *process, enum values values)
{
	if (!process->nr_env)
		return;
	key(out, "environment");
	st_buf_add_char(out, '{');
	for (uint32_t i = 0; i < process->nr_env; i++) {
		const char *equals = strchr(process->env[i], '=');

		if (i)
			st_buf_add_char(out, ',');
		st_buf_add_json_string(out, process->env[i], (size_t)(equals - process->env[i]));
		st_buf_add_char(out, ':');
		if (values == WITHOUT_VALUES)
			st_buf_add_text(out, "null");
		else
			st_buf_add_json_string(out, equals + 1, strlen(equals + 1));
	}
	st_buf_add_char(out, '}');
}

static void write_limit(struct st_buf *out, uint64_t limit)
{
	if (limit == UINT64_MAX)
		st_buf_add_text(out, "\"infinity\"");
	else
		st_buf_add_u64(out, limit);
}

/* The names of resources are the kernel's; the order is that of their numbers. */
static const char *const rlimit_names[ST_MAX_RLIMITS] = {
	"cpu",	   "fsize", "data",  "stack",	   "core",     "rss",  "nproc",	 "nofile",
	"memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};

const char *st_rlimit_name(int resource)
{
	return rlimit_names[resource];
}

static void write_rlimits(struct st_buf *out, const struct st_process_spec *process)
{
	if (!process->nr_rlimits)
		return;
	key(out, "limits");
	st_buf_add_char(out, '{');
	for (uint32_t i = 0; i < process->nr_rlimits; i++) {
		const struct st_rlimit *rlimit = &process->rlimits[i];

		key(out, rlimit_names[rlimit->resource]);
		st_buf_add_char(out, '[');
		write_limit(out, rlimit->soft);
		st_buf_add_char(out, ',');
		write_limit(out, rlimit->hard);
		st_buf_add_char(out, ']');
	}
	st_buf_add_char(out, '}');
}

static void write_umask(struct st_buf *out, int mask)
{
	const char digits[] = { '0', (char)('0' + (mask >> 6)), (char)('0' + (mask >> 3 & 7)),
				(char)('0' + (mask & 7)), '\0' };

	text_pair(out, "umask", digits);
}

static void write_log(struct st_buf *out, const struct st_log_spec *log)
{
	static const char *const words[] = {
		[ST_LOG_NONE] = "none",
		[ST_LOG_JOURNAL] = "journal",
	};

	if (log->to == ST_LOG_UNSET)
		return;
	if (!log->path) {
		text_pair(out, "log", words[log->to]);
		return;
	}
	key(out, "log");
	st_buf_add_char(out, '{');
	text_pair(out, log->to == ST_LOG_FILE ? "file" : "folder", log->path);
	text_pair(out, "stderr", log->stderr_path);
	if (log->max_size)
		number_pair(out, "max_size", (int64_t)log->max_size);
	if (log->max_age_s)
		number_pair(out, "max_age", log->max_age_s);
	number_pair(out, "keep", log->keep);
	if (log->timestamps)
		bool_pair(out, "timestamps", true);
	st_buf_add_char(out, '}');
}

static void write_probe(struct st_buf *out, const struct st_probe_spec *probe)
{
	key(out, "probe");
	st_buf_add_char(out, '{');
	if (probe->type == ST_PROBE_COMMAND)
		write_texts(out, st_probe_text[probe->type], probe->argv, probe->nr_args);
	else
		text_pair(out, st_probe_text[probe->type], probe->address);
	number_pair(out, "interval", probe->interval_ms);
	number_pair(out, "timeout", probe->timeout_ms);
	number_pair(out, "failures", probe->failures);
	text_pair(out, "on_failure", st_on_failure_text[probe->on_failure]);
	st_buf_add_char(out, '}');
}

static void write_process(struct st_buf *out, const struct st_process_spec *process,
			  enum values values)
{
	write_texts(out, "start", process->argv, process->nr_args);
	write_env(out, process, values);
	if (process->nr_env_files)
		write_texts(out, "environment_file", process->env_files, process->nr_env_files);
	if (process->clear_env)
		bool_pair(out, "clear_environment", true);
	if (process->no_new_privs)
		bool_pair(out, "no_new_privs", true);
	if (process->kill_subtree)
		bool_pair(out, "kill_subtree", true);
	if (process->stop_signal)
		text_pair(out, "stop_signal", st_signal_name(process->stop_signal));
	if (process->ready != ST_READY_EXEC && process->ready != ST_READY_FD)
		text_pair(out, "ready", st_ready_text[process->ready]);
	if (process->ready == ST_READY_FD) {
		key(out, "ready");
		st_buf_add_text(out, "\"fd=");
		st_buf_add_i64(out, process->ready_fd);
		st_buf_add_char(out, '"');
	}
	if (process->notify_access != ST_NOTIFY_ACCESS_DESCENDANTS)
		text_pair(out, "notify_access", st_notify_access_text[process->notify_access]);
	if (process->accept)
		text_pair(out, "accept", st_accept_text[process->accept]);
	if (process->accept_links)
		text_pair(out, "accept_links", st_accept_text[process->accept_links]);
	if (process->out != ST_OUTPUT_RING)
		text_pair(out, "output", st_output_text[process->out]);
	if (process->log)
		write_log(out, process->log);
	if (process->probe)
		write_probe(out, process->probe);
	if (process->has_nice)
		number_pair(out, "nice", process->nice);
	if (process->has_oom_score_adj)
		number_pair(out, "oom_score_adj", process->oom_score_adj);
	if (process->umask >= 0)
		write_umask(out, process->umask);
	if (process->service)
		text_pair(out, "service", st_service_text[process->service]);
	text_pair(out, "cwd", process->cwd);
	text_pair(out, "user", process->user);
	text_pair(out, "group", process->group);
	write_rlimits(out, process);
}

static void write_backoff(struct st_buf *out, const struct st_backoff *backoff)
{
	if (!backoff->min_ms)
		return;
	key(out, "backoff");
	st_buf_add_char(out, '{');
	number_pair(out, "min", backoff->min_ms);
	number_pair(out, "max", backoff->max_ms);
	number_pair(out, "jitter", backoff->jitter_percent);
	st_buf_add_char(out, '}');
}

/* Everything of a child but what is inside its supervisor. */
static void write_child(struct st_buf *out, const struct st_child_def *def, enum values values)
{
	text_pair(out, "id", def->id);
	text_pair(out, "restart", st_restart_text[def->restart]);
	bool_pair(out, "significant", def->significant);
	if (def->shutdown.type == ST_SHUTDOWN_TIMEOUT)
		number_pair(out, "shutdown", def->shutdown.timeout_ms);
	else
		text_pair(out, "shutdown", st_shutdown_text[def->shutdown.type]);
	text_pair(out, "type", st_child_type_text[def->type]);
	if (def->start_later)
		bool_pair(out, "start_now", false);
	if (def->start_timeout_ms)
		number_pair(out, "start_timeout", def->start_timeout_ms);
	if (def->min_uptime_ms)
		number_pair(out, "min_uptime", def->min_uptime_ms);
	write_backoff(out, &def->backoff);
	if (!def->sup)
		write_process(out, &def->process, values);
}

static void write_flags(struct st_buf *out, const struct st_sup_flags *flags)
{
	text_pair(out, "strategy", st_strategy_text[flags->strategy]);
	number_pair(out, "intensity", flags->intensity);
	number_pair(out, "period", flags->period_s);
	text_pair(out, "auto_shutdown", st_auto_shutdown_text[flags->auto_shutdown]);
	if (flags->max_children && flags->strategy == ST_STRATEGY_DYNAMIC)
		number_pair(out, "max_children", flags->max_children);
	if (flags->partitions)
		number_pair(out, "partitions", flags->partitions);
}

static void write_init(struct st_buf *out, const struct st_sup_spec *spec)
{
	if (spec->init == ST_INIT_IGNORE)
		text_pair(out, "init", "ignore");
	if (spec->init == ST_INIT_ERROR) {
		key(out, "init");
		st_buf_add_text(out, "{\"error\":");
		st_buf_add_text(out, spec->error);
		st_buf_add_char(out, '}');
	}
}

static void write_trace(struct st_buf *out, enum st_trace_payload payload)
{
	if (payload == ST_TRACE_PAYLOAD_INHERIT)
		return;
	key(out, "trace");
	st_buf_add_char(out, '{');
	text_pair(out, "payload", st_trace_payload_text[payload]);
	st_buf_add_char(out, '}');
}

/* Nesting deeper than a tree may have can not be loaded, so it is cut here. */
#define STACK (ST_MAX_DEPTH + 2)

struct level {
	const struct st_sup_spec *spec;
	uint32_t next;
};

/* Partitions are copies of the first one, which is written as their template. [X5] */
static uint32_t nr_written(const struct st_sup_spec *spec)
{
	return spec->flags.partitions && spec->nr_children ? 1 : spec->nr_children;
}

static void open_sup(struct st_buf *out, const struct st_sup_spec *spec, struct level *level)
{
	st_buf_add_char(out, '{');
	write_init(out, spec);
	write_flags(out, &spec->flags);
	write_log(out, &spec->log);
	write_trace(out, spec->trace_payload);
	key(out, "children");
	st_buf_add_char(out, '[');
	*level = (struct level){ .spec = spec };
}

static void write_sup(struct st_buf *out, const struct st_sup_spec *spec, enum values values)
{
	struct level levels[STACK];
	size_t depth = 0;

	open_sup(out, spec, &levels[0]);
	for (;;) {
		struct level *level = &levels[depth];
		const struct st_child_def *def;

		if (level->next == nr_written(level->spec)) {
			st_buf_add_text(out, "]}");
			if (!depth--)
				return;
			st_buf_add_char(out, '}'); /* of the child that held it */
			continue;
		}
		if (level->next)
			st_buf_add_char(out, ',');
		def = &level->spec->children[level->next++]->def;
		st_buf_add_char(out, '{');
		write_child(out, def, values);
		if (!def->sup || depth + 1 == STACK) {
			st_buf_add_char(out, '}');
			continue;
		}
		key(out, "supervisor");
		open_sup(out, def->sup, &levels[++depth]);
	}
}

void st_sup_flags_write(const struct st_sup_flags *flags, struct st_buf *out)
{
	st_buf_add_char(out, '{');
	write_flags(out, flags);
	st_buf_add_char(out, '}');
}

static void write_whole_child(struct st_buf *out, const struct st_child_spec *spec,
			      enum values values)
{
	st_buf_add_char(out, '{');
	write_child(out, &spec->def, values);
	if (spec->def.sup) {
		key(out, "supervisor");
		write_sup(out, spec->def.sup, values);
	}
	st_buf_add_char(out, '}');
}

void st_child_spec_write(const struct st_child_spec *spec, struct st_buf *out)
{
	write_whole_child(out, spec, WITH_VALUES);
}

void st_child_spec_write_public(const struct st_child_spec *spec, struct st_buf *out)
{
	write_whole_child(out, spec, WITHOUT_VALUES);
}

void st_sup_spec_write(const struct st_sup_spec *spec, struct st_buf *out)
{
	write_sup(out, spec, WITH_VALUES);
}
