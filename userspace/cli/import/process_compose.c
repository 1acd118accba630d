// SPDX-License-Identifier: GPL-2.0-only
/*
 * process-compose.yaml: each process is a child. Processes are placed so that those that
 * others depend on come first; a condition of a dependency becomes `ready` of that process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/argv.h"
#include "cli/import/reader.h"
#include "config/yaml.h"

#define MAX_PROCESSES 200
#define DEFAULT_STOP_S 10

struct process {
	struct process *next;
	const struct st_doc_node *node; /* its map; the key is its name */
	bool is_placed;
	bool must_be_healthy; /* another one waits for that */
	bool must_complete;
};

struct compose {
	struct st_import *import;
	struct st_plan *plan;
	const struct st_import_file *file;
	const struct st_doc_node *root;
	struct process *processes;
};

/* A process that becomes a child. */
struct making {
	struct compose *all;
	struct process *process;
	struct st_plan_node *child;
};

typedef int take_fn(struct making *making, const struct st_doc_node *value);

static int refuse(const struct making *making, const struct st_doc_node *node, const char *why)
{
	return st_import_refuse(making->all->import, making->all->file, node->key_place.line,
				"%s: %s", node->key ? node->key : "", why);
}

static void note(struct making *making, const struct st_doc_node *node, const char *why)
{
	struct st_quoted quoted;

	st_plan_note(making->all->plan, making->child,
		     node->key ? node->key_place.line : node->place.line, "%s%s%s: %s",
		     node->key ? node->key : "", node->text ? ": " : "",
		     node->text ? st_quote(&quoted, node->text) : "", why);
}

static const char *text_of(const struct st_doc_node *map, const char *key)
{
	const struct st_doc_node *node = map ? st_doc_find(map, key) : NULL;

	return node && node->text ? node->text : NULL;
}

static int64_t number_of(const struct st_doc_node *map, const char *key, int64_t fallback)
{
	const struct st_doc_node *node = map ? st_doc_find(map, key) : NULL;

	return node && node->type == ST_DOC_INT && node->integer >= 0 && node->integer <= 1000000 ?
		       node->integer :
		       fallback;
}

static bool is_true(const struct st_doc_node *node)
{
	return node->type == ST_DOC_BOOL ? node->boolean :
					   node->text && !strcmp(node->text, "true");
}

static struct st_plan_node *add_value(struct making *making, const char *key, const char *value)
{
	return st_plan_add(making->all->plan, making->child, ST_PLAN_VALUE, key, value);
}

static int add_text(struct making *making, const char *key, const struct st_doc_node *value)
{
	if (!value->text)
		return refuse(making, value, "it must be a text");
	(void)st_plan_add(making->all->plan, making->child, ST_PLAN_TEXT, key, value->text);
	return 0;
}

/* ---- commands ---- */

/* A line that a shell is to read, or words where no shell is needed. */
static void add_command(struct st_plan *plan, struct st_plan_node *map, const char *key,
			const char *line)
{
	struct st_argv argv;

	if (!st_argv_needs_shell(line) && !st_argv_split(plan, ST_ARGV_SHLEX, line, &argv))
		(void)st_argv_add(plan, map, key, &argv);
	else
		(void)st_argv_add_shell(plan, map, key, line);
}

static int take_command(struct making *making, const struct st_doc_node *value)
{
	if (!value->text || !*value->text)
		return refuse(making, value, "it must be a command line");
	add_command(making->all->plan, making->child, "start", value->text);
	return 0;
}

static int take_entrypoint(struct making *making, const struct st_doc_node *value)
{
	struct st_plan_node *list;

	if (value->type != ST_DOC_SEQ || !value->first)
		return refuse(making, value, "it must be a list of words");
	if (st_plan_find(making->child, "start"))
		return 0;
	list = st_plan_add(making->all->plan, making->child, ST_PLAN_WORDS, "start", NULL);
	for (const struct st_doc_node *word = value->first; word; word = word->next)
		(void)st_plan_add(making->all->plan, list, ST_PLAN_TEXT, NULL,
				  word->text ? word->text : "");
	return 0;
}

/* ---- maps and lists ---- */

static int add_variables(struct making *making, const struct st_doc_node *list)
{
	struct st_plan *plan = making->all->plan;
	struct st_plan_node *map = st_plan_find(making->child, "environment"), *old;

	if (list->type != ST_DOC_SEQ)
		return refuse(making, list, "it must be a list of NAME=VALUE");
	if (!map)
		map = st_plan_add(plan, making->child, ST_PLAN_MAP, "environment", NULL);
	for (const struct st_doc_node *item = list->first; item; item = item->next) {
		const char *equals = item->text ? strchr(item->text, '=') : NULL;
		const char *name;

		if (!equals)
			return st_import_refuse(making->all->import, making->all->file,
						item->place.line, "a variable must be NAME=VALUE");
		name = st_plan_copy(plan, item->text, (size_t)(equals - item->text));
		old = st_plan_find(map, name);
		if (strstr(equals, "${"))
			note(making, item, "a variable in a value is not filled in");
		if (old)
			old->text = st_plan_copy(plan, equals + 1, strlen(equals + 1));
		else
			(void)st_plan_add(plan, map, ST_PLAN_TEXT, name, equals + 1);
	}
	return 0;
}

static const struct {
	const char *word;
	const char *restart;
	const char *note;
} policies[] = {
	{ "no", "temporary", NULL },
	{ "always", "permanent", NULL },
	{ "on_failure", "transient", NULL },
	{ "exit_on_failure", "temporary", "the others do not end with it" },
};

static int take_availability(struct making *making, const struct st_doc_node *value)
{
	const struct st_doc_node *policy = st_doc_find(value, "restart");
	const char *word = text_of(value, "restart"), *restart = word ? NULL : "temporary";
	struct st_plan *plan = making->all->plan;

	for (size_t i = 0; word && i < ST_ARRAY_SIZE(policies); i++) {
		if (strcmp(policies[i].word, word))
			continue;
		restart = policies[i].restart;
		if (policies[i].note)
			note(making, policy, policies[i].note);
	}
	if (!restart)
		return refuse(making, policy,
			      "it must be no, always, on_failure or exit_on_failure");
	(void)add_value(making, "restart", restart);
	if (strcmp(restart, "temporary"))
		(void)st_plan_add_ms(plan, making->child, "backoff",
				     (uint64_t)number_of(value, "backoff_seconds", 1) * 1000);
	for (const struct st_doc_node *key = value->first; key; key = key->next)
		if (!strcmp(key->key, "max_restarts"))
			note(making, key, "a supervisor counts the restarts of all its children");
		else if (strcmp(key->key, "restart") && strcmp(key->key, "backoff_seconds"))
			note(making, key, "not carried over");
	return 0;
}

static int take_shutdown(struct making *making, const struct st_doc_node *value)
{
	const struct st_doc_node *only = st_doc_find(value, "parent_only");
	int64_t signal = number_of(value, "signal", 15);
	char text[24];

	if (signal != 15 && signal > 0 && signal < 65) {
		(void)snprintf(text, sizeof(text), "%s",
			       sigabbrev_np((int)signal) ? sigabbrev_np((int)signal) : "TERM");
		(void)st_plan_add(making->all->plan, making->child, ST_PLAN_TEXT, "stop_signal",
				  text);
	}
	(void)st_plan_add_ms(making->all->plan, making->child, "shutdown",
			     (uint64_t)number_of(value, "timeout_seconds", DEFAULT_STOP_S) * 1000);
	(void)add_value(making, "kill_subtree", only && is_true(only) ? "false" : "true");
	if (st_doc_find(value, "command"))
		note(making, st_doc_find(value, "command"),
		     "a signal stops a child, not a command");
	return 0;
}

/* http://HOST:PORT/PATH of a map http_get; false: it cannot be asked. */
static bool add_http(struct making *making, struct st_plan_node *probe,
		     const struct st_doc_node *get)
{
	const char *scheme = text_of(get, "scheme"), *host = text_of(get, "host");
	const char *port = text_of(get, "port"), *path = text_of(get, "path");
	char url[512];

	if (scheme && strcmp(scheme, "http")) {
		note(making, get, "a probe knows http only");
		return false;
	}
	if (st_doc_find(get, "headers") || st_doc_find(get, "status_code"))
		note(making, get, "a probe has no headers, and takes 200 to 399 for well");
	(void)snprintf(url, sizeof(url), "http://%s%s%s%s%s", host ? host : "127.0.0.1",
		       port ? ":" : "", port ? port : "", path && *path == '/' ? "" : "/",
		       path ? path : "");
	(void)st_plan_add(making->all->plan, probe, ST_PLAN_TEXT, "http", url);
	return true;
}

static void take_probe_numbers(struct making *making, struct st_plan_node *probe,
			       const struct st_doc_node *value)
{
	struct st_plan *plan = making->all->plan;

	(void)st_plan_add_ms(plan, probe, "interval",
			     (uint64_t)number_of(value, "period_seconds", 10) * 1000);
	(void)st_plan_add_ms(plan, probe, "timeout",
			     (uint64_t)number_of(value, "timeout_seconds", 1) * 1000);
	(void)st_plan_add_number(plan, probe, "failures", number_of(value, "failure_threshold", 3));
	for (const struct st_doc_node *key = value->first; key; key = key->next)
		if (!strcmp(key->key, "initial_delay_seconds") ||
		    !strcmp(key->key, "success_threshold"))
			note(making, key, "not carried over");
}

static int take_probe(struct making *making, const struct st_doc_node *value)
{
	const struct st_doc_node *exec = st_doc_find(value, "exec");
	const struct st_doc_node *get = st_doc_find(value, "http_get");
	struct st_plan_node *probe;
	const char *command = text_of(exec, "command");

	if (st_plan_find(making->child, "probe")) {
		note(making, value, "a child has one probe, and another one is taken");
		return 0;
	}
	if (!command && (!get || get->type != ST_DOC_MAP))
		return refuse(making, value, "it needs exec with a command, or http_get");
	probe = st_plan_add(making->all->plan, making->child, ST_PLAN_MAP, "probe", NULL);
	if (command)
		add_command(making->all->plan, probe, "command", command);
	else
		(void)add_http(making, probe, get);
	if (text_of(exec, "working_dir"))
		note(making, st_doc_find(exec, "working_dir"),
		     "a probe has the folder of the child");
	take_probe_numbers(making, probe, value);
	return 0;
}

/* ---- keys ---- */

static int take_folder(struct making *making, const struct st_doc_node *value)
{
	return add_text(making, "cwd", value);
}

static int take_log(struct making *making, const struct st_doc_node *value)
{
	struct st_plan_node *log =
		st_plan_add(making->all->plan, making->child, ST_PLAN_MAP, "log", NULL);

	(void)st_plan_add(making->all->plan, log, ST_PLAN_TEXT, "file",
			  value->text ? value->text : "");
	return 0;
}

static int take_disabled(struct making *making, const struct st_doc_node *value)
{
	if (is_true(value))
		(void)add_value(making, "start_now", "false");
	return 0;
}

static int take_description(struct making *making, const struct st_doc_node *value)
{
	if (value->text)
		st_plan_note(making->all->plan, making->child, 0, "%s", value->text);
	return 0;
}

static int take_daemon(struct making *making, const struct st_doc_node *value)
{
	if (is_true(value))
		note(making, value, "a child must stay in the foreground");
	return 0;
}

static int take_nothing(struct making *making, const struct st_doc_node *value)
{
	(void)making;
	(void)value;
	return 0;
}

static const struct {
	const char *key;
	take_fn *take;
} process_keys[] = {
	{ "command", take_command },	       { "entrypoint", take_entrypoint },
	{ "working_dir", take_folder },	       { "environment", add_variables },
	{ "depends_on", take_nothing }, /* the order */
	{ "availability", take_availability }, { "readiness_probe", take_probe },
	{ "liveness_probe", take_probe },      { "shutdown", take_shutdown },
	{ "log_location", take_log },	       { "disabled", take_disabled },
	{ "description", take_description },   { "is_daemon", take_daemon },
	{ "replicas", take_nothing }, /* the number of children */
};

static int take_entry(struct making *making, const struct st_doc_node *value)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(process_keys); i++)
		if (!strcmp(process_keys[i].key, value->key))
			return process_keys[i].take(making, value);
	note(making, value, "not carried over");
	return 0;
}

/* What is so when nothing is said, and what others wait for. */
static void add_defaults(struct making *making)
{
	struct st_plan *plan = making->all->plan;

	if (!st_plan_find(making->child, "restart"))
		(void)add_value(making, "restart", "temporary");
	if (!st_plan_find(making->child, "shutdown")) {
		(void)st_plan_add_ms(plan, making->child, "shutdown", DEFAULT_STOP_S * 1000);
		(void)add_value(making, "kill_subtree", "true");
	}
	if (making->process->must_complete)
		(void)add_value(making, "ready", "exit");
	else if (making->process->must_be_healthy && st_plan_find(making->child, "probe"))
		(void)add_value(making, "ready", "probe");
}

static int make_child(struct compose *all, struct process *process, struct st_plan_node *list)
{
	const struct st_doc_node *variables = st_doc_find(all->root, "environment");
	struct making making = { .all = all, .process = process };
	int err = 0;

	if (!st_doc_find(process->node, "command") && !st_doc_find(process->node, "entrypoint"))
		return st_import_refuse(all->import, all->file, process->node->key_place.line,
					"%s has no command", process->node->key);
	making.child = st_import_child(all->import, list,
				       st_import_id(all->import, list, process->node->key));
	if (variables)
		err = add_variables(&making, variables);
	for (const struct st_doc_node *key = process->node->first; key && !err; key = key->next)
		err = take_entry(&making, key);
	if (!err)
		add_defaults(&making);
	return err;
}

/* ---- order ---- */

static struct process *find(const struct compose *all, const char *name)
{
	for (struct process *process = all->processes; process; process = process->next)
		if (!strcmp(process->node->key, name))
			return process;
	return NULL;
}

static const struct {
	const char *word;
	bool is_healthy;
	bool is_completed;
} conditions[] = {
	{ "process_started", false, false },   { "process_healthy", true, false },
	{ "process_completed", false, true },  { "process_completed_successfully", false, true },
	{ "process_log_ready", false, false },
};

static int take_condition(struct compose *all, const struct st_doc_node *dependency)
{
	struct process *process = find(all, dependency->key);
	const char *word = text_of(dependency, "condition");
	bool is_known = !word;

	if (!process)
		return st_import_refuse(all->import, all->file, dependency->key_place.line,
					"there is no process %s", dependency->key);
	for (size_t i = 0; word && i < ST_ARRAY_SIZE(conditions); i++) {
		if (strcmp(conditions[i].word, word))
			continue;
		is_known = true;
		process->must_be_healthy |= conditions[i].is_healthy;
		process->must_complete |= conditions[i].is_completed;
	}
	return is_known ? 0 :
			  st_import_refuse(all->import, all->file, dependency->key_place.line,
					   "the condition %s is not known", word);
}

static int read_dependencies(struct compose *all)
{
	int err = 0;

	for (struct process *process = all->processes; process && !err; process = process->next) {
		const struct st_doc_node *list = st_doc_find(process->node, "depends_on");

		if (list && list->type != ST_DOC_MAP)
			return st_import_refuse(all->import, all->file, list->key_place.line,
						"depends_on must be a map of processes");
		for (const struct st_doc_node *one = list ? list->first : NULL; one && !err;
		     one = one->next)
			err = take_condition(all, one);
	}
	return err;
}

/* The first process that waits for none that is not placed. */
static struct process *next_process(const struct compose *all)
{
	for (struct process *process = all->processes; process; process = process->next) {
		const struct st_doc_node *list = st_doc_find(process->node, "depends_on");
		bool waits = false;

		for (const struct st_doc_node *one = list ? list->first : NULL; one;
		     one = one->next)
			waits |= !find(all, one->key)->is_placed;
		if (!process->is_placed && !waits)
			return process;
	}
	return NULL;
}

static int make_all(struct compose *all, size_t nr)
{
	struct st_plan_node *list;
	int64_t nr_children = 0;
	int err = 0;

	st_import_flags(all->import, all->plan->root);
	list = st_plan_add(all->plan, all->plan->root, ST_PLAN_LIST, "children", NULL);
	for (; nr && !err; nr--) {
		struct process *process = next_process(all);
		int64_t replicas;

		if (!process)
			return st_import_refuse(all->import, all->file, 0,
						"depends_on goes in a circle");
		process->is_placed = true;
		replicas = number_of(process->node, "replicas", 1);
		nr_children += replicas;
		if (nr_children > ST_IMPORT_MAX_CHILDREN)
			return st_import_refuse(all->import, all->file,
						process->node->key_place.line,
						"these are more than %d children",
						ST_IMPORT_MAX_CHILDREN);
		for (; replicas > 0 && !err; replicas--)
			err = make_child(all, process, list);
	}
	return err;
}

/* ---- the file ---- */

static int read_processes(struct compose *all, size_t *ret_nr)
{
	const struct st_doc_node *map = st_doc_find(all->root, "processes");
	struct process **end = &all->processes;

	if (!map || map->type != ST_DOC_MAP || !map->first)
		return st_import_refuse(all->import, all->file, 0,
					"there is no map processes with a process");
	if (map->nr > MAX_PROCESSES)
		return st_import_refuse(all->import, all->file, map->key_place.line,
					"these are more than %d processes", MAX_PROCESSES);
	for (const struct st_doc_node *node = map->first; node; node = node->next) {
		struct process *process = st_arena_alloc(&all->plan->arena, 1, sizeof(*process));

		if (!process)
			return -ENOMEM;
		if (node->type != ST_DOC_MAP)
			return st_import_refuse(all->import, all->file, node->key_place.line,
						"the process %s must be a map", node->key);
		process->node = node;
		*end = process;
		end = &process->next;
	}
	*ret_nr = map->nr;
	return 0;
}

static void note_keys(struct compose *all)
{
	static const char *const known[] = { "processes", "environment", "version" };

	for (const struct st_doc_node *key = all->root->first; key; key = key->next) {
		bool is_known = false;

		for (size_t i = 0; i < ST_ARRAY_SIZE(known); i++)
			is_known |= !strcmp(known[i], key->key);
		if (!is_known)
			st_plan_note(all->plan, all->plan->root, key->key_place.line,
				     "%s: not carried over", key->key);
	}
}

static int read_yaml(struct compose *all, struct st_doc *doc)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_doc_node *root = NULL;
	int err =
		st_yaml_parse(doc, all->file->name, all->file->text, all->file->len, &diags, &root);

	if (!err && diags.nr)
		err = -EINVAL;
	if (err == -EINVAL && diags.nr)
		err = st_import_refuse(all->import, all->file, diags.items[0].place.line, "%s",
				       diags.items[0].message);
	else if (!err && root->type != ST_DOC_MAP)
		err = st_import_refuse(all->import, all->file, 0,
				       "there is no map processes with a process");
	st_diags_done(&diags);
	all->root = root;
	return err;
}

int st_import_process_compose(struct st_import *import)
{
	struct compose all = { .import = import, .plan = &import->plan, .file = import->files };
	struct st_doc *doc = st_doc_new();
	size_t nr = 0;
	int err;

	if (!doc)
		return -ENOMEM;
	import->plan.source = all.file->name;
	err = read_yaml(&all, doc);
	if (!err)
		err = read_processes(&all, &nr);
	if (!err)
		err = read_dependencies(&all);
	if (!err) {
		note_keys(&all);
		err = make_all(&all, nr);
	}
	st_doc_free(doc);
	return err;
}
