// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of a unit: a table, and defaults that differ from ours. A key that the table
 * does not have is noted.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/argv.h"
#include "cli/import/systemd.h"

#define DEFAULT_STOP_MS 90000
#define DEFAULT_RESTART_MS 100

typedef int take_fn(struct st_unit_making *making, const struct st_ini_entry *entry);

static void note(struct st_unit_making *making, const struct st_ini_entry *entry, const char *why)
{
	if (!making->is_before)
		st_plan_note(making->plan, making->child, entry->line, "%s=%s: %s", entry->key,
			     entry->value, why);
}

static void add_value(struct st_unit_making *making, const char *key, const char *value)
{
	if (!st_plan_find(making->child, key))
		(void)st_plan_add(making->plan, making->child, ST_PLAN_VALUE, key, value);
}

static int add_text(struct st_unit_making *making, const struct st_ini_entry *entry,
		    const char *key)
{
	const char *text = st_unit_expand(making, entry->value);

	if (*text && strchr(text, '%'))
		note(making, entry, "it has a specifier that is not known here");
	else if (*text)
		(void)st_plan_add(making->plan, making->child, ST_PLAN_TEXT, key, text);
	return 0;
}

static bool is_true(const char *text)
{
	static const char *const words[] = { "true", "yes", "on", "1", "y", "t" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i], text))
			return true;
	return false;
}

/* ---- values that are words ---- */

struct word {
	const char *word;
	const char *key; /* NULL: nothing to write */
	const char *value;
	const char *note; /* NULL: nothing is lost */
};

static const struct word types[] = {
	{ "simple", NULL, NULL, NULL },
	{ "exec", NULL, NULL, NULL },
	{ "idle", NULL, NULL, "it starts at once, like simple" },
	{ "oneshot", NULL, NULL, NULL }, /* systemd_exec.c */
	{ "notify", "ready", "notify", NULL },
	{ "notify-reload", "ready", "notify", "reload it with suptree kill PATH --signal HUP" },
	{ "forking", NULL, NULL,
	  "a child must stay in the foreground: give its command the option for that" },
	{ "dbus", NULL, NULL, "it counts as started when its program runs" },
};

static const struct word restarts[] = {
	{ "no", "restart", "temporary", NULL },
	{ "always", "restart", "permanent", NULL },
	{ "on-failure", "restart", "transient", NULL },
	{ "on-abnormal", "restart", "transient",
	  "it is also restarted after another status than 0" },
	{ "on-abort", "restart", "transient", "it is also restarted after another status than 0" },
	{ "on-watchdog", "restart", "transient", "there is no watchdog; the key probe is like it" },
	{ "on-success", "restart", "temporary", "nothing is restarted after a normal end only" },
};

static const struct word kill_modes[] = {
	{ "control-group", "kill_subtree", "true", NULL },
	{ "mixed", "kill_subtree", "true", "descendants get the signal at once, too" },
	{ "process", "kill_subtree", "false", NULL },
	{ "none", "kill_subtree", "false", "the child itself is stopped nevertheless" },
};

static const struct word outputs[] = {
	{ "journal", "log", "journal", NULL },
	{ "syslog", "log", "journal", NULL },
	{ "null", "output", "null", NULL },
	{ "inherit", NULL, NULL, NULL },
	{ "tty", NULL, NULL, "children have no terminal" },
	{ "socket", NULL, NULL, "there are no sockets of others" },
	{ "kmsg", NULL, NULL, "log: journal is the nearest" },
	{ "journal+console", "log", "journal", "not to the console" },
};

static const struct word accesses[] = {
	{ "main", "notify_access", "main", NULL },
	{ "exec", NULL, NULL, NULL },
	{ "all", NULL, NULL, NULL },
	{ "none", NULL, NULL, "messages are read with ready: notify" },
};

static int take_word(struct st_unit_making *making, const struct st_ini_entry *entry,
		     const struct word *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (strcmp(words[i].word, entry->value))
			continue;
		if (words[i].note)
			note(making, entry, words[i].note);
		if (words[i].key)
			add_value(making, words[i].key, words[i].value);
		return 0;
	}
	return *entry->value ? st_unit_refuse(making, entry, "this word is not known") : 0;
}

static int take_type(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return take_word(making, entry, types, ST_ARRAY_SIZE(types));
}

static int take_restart(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return take_word(making, entry, restarts, ST_ARRAY_SIZE(restarts));
}

static int take_kill_mode(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return take_word(making, entry, kill_modes, ST_ARRAY_SIZE(kill_modes));
}

static int take_access(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return take_word(making, entry, accesses, ST_ARRAY_SIZE(accesses));
}

/* file:PATH, append:PATH, truncate:PATH */
static const char *file_of(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && colon[1] == '/' ? colon + 1 : NULL;
}

static int take_output(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	const char *file = file_of(st_unit_expand(making, entry->value));
	struct st_plan_node *log;

	if (!file)
		return take_word(making, entry, outputs, ST_ARRAY_SIZE(outputs));
	log = st_plan_add(making->plan, making->child, ST_PLAN_MAP, "log", NULL);
	if (!strncmp(entry->value, "truncate:", 9))
		st_plan_note(making->plan, log, entry->line, "the file is never emptied");
	(void)st_plan_add(making->plan, log, ST_PLAN_TEXT, "file", file);
	return 0;
}

/* After StandardOutput. */
static int take_errors(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	const char *file = file_of(st_unit_expand(making, entry->value));
	struct st_plan_node *log = st_plan_find(making->child, "log");
	const struct st_plan_node *out = log ? st_plan_find(log, "file") : NULL;

	if (file && out && strcmp(out->text, file))
		(void)st_plan_add(making->plan, log, ST_PLAN_TEXT, "stderr", file);
	else if (strcmp(entry->value, "inherit") && strcmp(entry->value, "journal") &&
		 !(file && out))
		note(making, entry, "standard error goes where standard output goes");
	return 0;
}

/* ---- times ---- */

static int add_time(struct st_unit_making *making, const struct st_ini_entry *entry,
		    const char *key, const char *infinity)
{
	uint64_t ms;

	if (!st_unit_time(entry->value, &ms))
		return st_unit_refuse(making, entry, "this is no time");
	if (st_plan_find(making->child, key))
		return 0;
	if (ms == ST_UNIT_INFINITY)
		add_value(making, key, infinity);
	else
		(void)st_plan_add_ms(making->plan, making->child, key, ms);
	return 0;
}

static int take_stop_time(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return add_time(making, entry, "shutdown", "infinity");
}

static int take_start_time(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return add_time(making, entry, "start_timeout", "0");
}

static int take_both_times(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	int err = take_start_time(making, entry);

	return err ? err : take_stop_time(making, entry);
}

/* ---- the rest ---- */

static int take_user(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return add_text(making, entry, "user");
}

static int take_group(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return add_text(making, entry, "group");
}

static int take_folder(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	if (*entry->value == '/')
		return add_text(making, entry, "cwd");
	if (*entry->value)
		note(making, entry, "cwd needs an absolute path");
	return 0;
}

static int take_signal(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	return strcasecmp(entry->value, "SIGTERM") ? add_text(making, entry, "stop_signal") : 0;
}

static int take_umask(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	char text[16] = "0";

	strncat(text, entry->value + strspn(entry->value, "0"), sizeof(text) - 2);
	(void)st_plan_add(making->plan, making->child, ST_PLAN_TEXT, "umask", text);
	return 0;
}

static int take_nice(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	(void)st_plan_add_number(making->plan, making->child, "nice",
				 strtol(entry->value, NULL, 10));
	return 0;
}

static int take_oom(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	(void)st_plan_add_number(making->plan, making->child, "oom_score_adj",
				 strtol(entry->value, NULL, 10));
	return 0;
}

static int take_no_privileges(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	if (is_true(entry->value))
		add_value(making, "no_new_privs", "true");
	return 0;
}

static void set_variable(struct st_unit_making *making, struct st_plan_node *map, const char *word)
{
	const char *equals = strchr(word, '=');
	const char *name = st_plan_copy(making->plan, word, (size_t)(equals - word));
	struct st_plan_node *old = st_plan_find(map, name);

	if (old)
		old->text = st_plan_copy(making->plan, equals + 1, strlen(equals + 1));
	else
		(void)st_plan_add(making->plan, map, ST_PLAN_TEXT, name, equals + 1);
}

static int take_environment(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	struct st_plan_node *map = st_plan_find(making->child, "environment");
	struct st_argv argv;
	const char *why;

	if (!*entry->value) {
		if (map)
			map->first = map->last = NULL;
		return 0;
	}
	why = st_argv_split(making->plan, ST_ARGV_SYSTEMD, st_unit_expand(making, entry->value),
			    &argv);
	if (!map)
		map = st_plan_add(making->plan, making->child, ST_PLAN_MAP, "environment", NULL);
	for (size_t i = 0; !why && i < argv.nr; i++) {
		if (!strchr(argv.words[i], '='))
			why = "it must be NAME=VALUE";
		else
			set_variable(making, map, argv.words[i]);
	}
	return why ? st_unit_refuse(making, entry, why) : 0;
}

static int take_environment_file(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	struct st_plan_node *list = st_plan_find(making->child, "environment_file");

	if (!*entry->value) {
		if (list)
			list->first = list->last = NULL;
		return 0;
	}
	if (strpbrk(entry->value, "*?[") || strchr(entry->value, '%')) {
		note(making, entry, "it must be the path of one file");
		return 0;
	}
	if (!list)
		list = st_plan_add(making->plan, making->child, ST_PLAN_WORDS, "environment_file",
				   NULL);
	(void)st_plan_add(making->plan, list, ST_PLAN_TEXT, NULL, entry->value);
	return 0;
}

static int take_nothing(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	(void)making;
	(void)entry;
	return 0;
}

static const struct {
	const char *key;
	take_fn *take;
	bool is_list; /* each value counts, not only the last one */
} service_keys[] = {
	{ "Type", take_type, false },
	{ "NotifyAccess", take_access, false },
	{ "Restart", take_restart, false },
	{ "RestartSec", take_nothing, false },
	{ "ExecStart", take_nothing, false },
	{ "ExecStartPre", take_nothing, false },
	{ "KillSignal", take_signal, false },
	{ "KillMode", take_kill_mode, false },
	{ "TimeoutStopSec", take_stop_time, false },
	{ "TimeoutStartSec", take_start_time, false },
	{ "TimeoutSec", take_both_times, false },
	{ "User", take_user, false },
	{ "Group", take_group, false },
	{ "WorkingDirectory", take_folder, false },
	{ "Environment", take_environment, true },
	{ "EnvironmentFile", take_environment_file, true },
	{ "UMask", take_umask, false },
	{ "Nice", take_nice, false },
	{ "OOMScoreAdjust", take_oom, false },
	{ "NoNewPrivileges", take_no_privileges, false },
	{ "StandardOutput", take_output, false },
	{ "StandardError", take_errors, false },
	{ "SyslogIdentifier", take_nothing, false },
	{ "StartLimitBurst", take_nothing, false },
	{ "StartLimitInterval", take_nothing, false },
	{ "StartLimitIntervalSec", take_nothing, false },
};

/* The name of a limit, without Limit, as the map limits has it; one of systemd's sizes. */
static int take_limit(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	struct st_plan_node *limits = st_plan_find(making->child, "limits"), *both;
	const char *colon = strchr(entry->value, ':');
	char name[32];
	size_t len = 0;

	for (const char *c = entry->key + strlen("Limit"); *c && len + 1 < sizeof(name); c++)
		name[len++] = (char)tolower((unsigned char)*c);
	name[len] = '\0';
	if (!*entry->value)
		return 0;
	if (!limits)
		limits = st_plan_add(making->plan, making->child, ST_PLAN_MAP, "limits", NULL);
	if (!colon) {
		(void)st_plan_add(
			making->plan, limits,
			isdigit((unsigned char)*entry->value) &&
					!entry->value[strspn(entry->value, "0123456789")] ?
				ST_PLAN_VALUE :
				ST_PLAN_TEXT,
			name, entry->value);
		return 0;
	}
	both = st_plan_add(making->plan, limits, ST_PLAN_WORDS, name, NULL);
	(void)st_plan_add(making->plan, both, ST_PLAN_VALUE, NULL,
			  st_plan_copy(making->plan, entry->value, (size_t)(colon - entry->value)));
	(void)st_plan_add(making->plan, both, ST_PLAN_VALUE, NULL, colon + 1);
	return 0;
}

static int take_entry(struct st_unit_making *making, const struct st_ini_entry *entry)
{
	bool counts = entry == st_unit_find(making->unit, "Service", entry->key);

	if (!strncasecmp(entry->key, "Limit", 5))
		return counts ? take_limit(making, entry) : 0;
	for (size_t i = 0; i < ST_ARRAY_SIZE(service_keys); i++)
		if (!strcasecmp(service_keys[i].key, entry->key))
			return counts || service_keys[i].is_list ?
				       service_keys[i].take(making, entry) :
				       0;
	note(making, entry, "not carried over");
	return 0;
}

/* What systemd does when nothing is said. */
static int add_defaults(struct st_unit_making *making)
{
	const struct st_ini_entry *entry = st_unit_find(making->unit, "Service", "RestartSec");
	uint64_t ms = DEFAULT_RESTART_MS;
	const struct st_plan_node *restart;

	add_value(making, "restart", "temporary");
	restart = st_plan_find(making->child, "restart");
	if (entry && *entry->value && !st_unit_time(entry->value, &ms))
		return st_unit_refuse(making, entry, "this is no time");
	if (restart && strcmp(restart->text, "temporary") && ms && ms != ST_UNIT_INFINITY)
		(void)st_plan_add_ms(making->plan, making->child, "backoff", ms);
	if (!st_plan_find(making->child, "shutdown"))
		(void)st_plan_add_ms(making->plan, making->child, "shutdown", DEFAULT_STOP_MS);
	add_value(making, "kill_subtree", "true");
	return 0;
}

int st_unit_take(struct st_unit_making *making)
{
	const struct st_ini_entry *entry = NULL;
	int err = 0;

	while (!err && (entry = st_unit_next(making->unit, "Service", entry)))
		err = take_entry(making, entry);
	return err ? err : add_defaults(making);
}
