// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of a [program:x]: a table, what several keys say together, and defaults that
 * differ from ours. A key that the table does not have is noted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/argv.h"
#include "cli/import/supervisord.h"

#define DEFAULT_STOP_S 10 /* seconds */
#define DEFAULT_MAX_BYTES "50MB"
#define DEFAULT_BACKUPS "10"

typedef int take_fn(struct st_making *making, const struct st_ini_entry *entry);

const char *st_supervisord_value(const struct st_ini_section *section, const char *key,
				 const char *fallback)
{
	const struct st_ini_entry *entry = st_ini_find(section, key);

	return entry ? entry->value : fallback;
}

static bool is_true(const char *text)
{
	static const char *const words[] = { "true", "yes", "on", "1" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i], text))
			return true;
	return false;
}

/* The value with its expansions; NULL: it has one that only a shell could fill in. */
static const char *expand(struct st_making *making, const struct st_ini_entry *entry)
{
	const char *text = st_expand(making->all->plan, &making->expansion, entry->value);

	if (!strpbrk(text, "\x01\x02"))
		return text;
	st_plan_note(making->all->plan, making->child, entry->line,
		     "%s=%s: a variable of the environment cannot stand here", entry->key,
		     entry->value);
	return NULL;
}

static int refuse(struct st_making *making, const struct st_ini_entry *entry, const char *why)
{
	return st_import_refuse(making->all->import, making->all->file, entry->line, "%s=%s: %s",
				entry->key, entry->value, why);
}

long st_supervisord_number(const char *text, int base)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, base);
	return errno || *end || end == text || value < 0 || value > 1000000000 ? -1 : value;
}

/* ---- keys ---- */

static int take_command(struct st_making *making, const struct st_ini_entry *entry)
{
	const char *line = st_expand(making->all->plan, &making->expansion, entry->value);
	struct st_argv argv;
	const char *why = st_argv_split(making->all->plan, ST_ARGV_SHLEX, line, &argv);

	if (why)
		return refuse(making, entry, why);
	(void)st_argv_add(making->all->plan, making->child, "start", &argv);
	return 0;
}

static int take_text(struct st_making *making, const struct st_ini_entry *entry, const char *key)
{
	const char *text = expand(making, entry);

	if (text)
		(void)st_plan_add(making->all->plan, making->child, ST_PLAN_TEXT, key, text);
	return 0;
}

static int take_directory(struct st_making *making, const struct st_ini_entry *entry)
{
	return take_text(making, entry, "cwd");
}

static int take_user(struct st_making *making, const struct st_ini_entry *entry)
{
	return take_text(making, entry, "user");
}

static int take_umask(struct st_making *making, const struct st_ini_entry *entry)
{
	char text[16] = "0";

	if (st_supervisord_number(entry->value, 8) < 0)
		return refuse(making, entry, "this is no octal number");
	strncat(text, entry->value + strspn(entry->value, "0o"), sizeof(text) - 2);
	(void)st_plan_add(making->all->plan, making->child, ST_PLAN_TEXT, "umask", text);
	return 0;
}

static int take_autostart(struct st_making *making, const struct st_ini_entry *entry)
{
	if (!is_true(entry->value))
		(void)st_plan_add(making->all->plan, making->child, ST_PLAN_VALUE, "start_now",
				  "false");
	return 0;
}

static int take_startsecs(struct st_making *making, const struct st_ini_entry *entry)
{
	long seconds = st_supervisord_number(entry->value, 10);

	if (seconds < 0)
		return refuse(making, entry, "this is no number of seconds");
	if (seconds)
		(void)st_plan_add_ms(making->all->plan, making->child, "min_uptime",
				     (uint64_t)seconds * 1000);
	return 0;
}

static int take_exitcodes(struct st_making *making, const struct st_ini_entry *entry)
{
	const char *restart =
		st_supervisord_value(making->program->section, "autorestart", "unexpected");

	if (strcmp(entry->value, "0") && !strcasecmp(restart, "unexpected"))
		st_plan_note(making->all->plan, making->child, entry->line,
			     "exitcodes=%s: only 0 is an expected end here", entry->value);
	return 0;
}

static int take_stopsignal(struct st_making *making, const struct st_ini_entry *entry)
{
	if (strcasecmp(entry->value, "TERM") && strcasecmp(entry->value, "SIGTERM"))
		return take_text(making, entry, "stop_signal");
	return 0;
}

static int take_as_group(struct st_making *making, const struct st_ini_entry *entry)
{
	if (is_true(entry->value) && !st_plan_find(making->child, "kill_subtree"))
		(void)st_plan_add(making->all->plan, making->child, ST_PLAN_VALUE, "kill_subtree",
				  "true");
	return 0;
}

static int take_environment(struct st_making *making, const struct st_ini_entry *entry)
{
	const char *why =
		st_expand_environment(making->all->plan, &making->expansion, entry, making->child);

	return why ? refuse(making, entry, why) : 0;
}

static int take_startretries(struct st_making *making, const struct st_ini_entry *entry)
{
	st_plan_note(making->all->plan, making->child, entry->line,
		     "startretries=%s: a supervisor counts the restarts of all of its children, "
		     "in intensity and period",
		     entry->value);
	return 0;
}

/* Taken elsewhere: the order of children, their number, restart, shutdown, log. */
static int take_nothing(struct st_making *making, const struct st_ini_entry *entry)
{
	(void)making;
	(void)entry;
	return 0;
}

static const struct {
	const char *key;
	take_fn *take;
} program_keys[] = {
	{ "command", take_command },
	{ "process_name", take_nothing },
	{ "numprocs", take_nothing },
	{ "numprocs_start", take_nothing },
	{ "priority", take_nothing },
	{ "autorestart", take_nothing },
	{ "stopwaitsecs", take_nothing },
	{ "stdout_logfile", take_nothing },
	{ "stdout_logfile_maxbytes", take_nothing },
	{ "stdout_logfile_backups", take_nothing },
	{ "stderr_logfile", take_nothing },
	{ "stderr_logfile_maxbytes", take_nothing },
	{ "stderr_logfile_backups", take_nothing },
	{ "redirect_stderr", take_nothing },
	{ "autostart", take_autostart },
	{ "startsecs", take_startsecs },
	{ "startretries", take_startretries },
	{ "exitcodes", take_exitcodes },
	{ "stopsignal", take_stopsignal },
	{ "stopasgroup", take_as_group },
	{ "killasgroup", take_as_group },
	{ "directory", take_directory },
	{ "user", take_user },
	{ "umask", take_umask },
	{ "environment", take_environment },
};

static int take_entry(struct st_making *making, const struct st_ini_entry *entry)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(program_keys); i++)
		if (!strcasecmp(program_keys[i].key, entry->key))
			return program_keys[i].take(making, entry);
	st_plan_note(making->all->plan, making->child, entry->line, "%s=%s is not carried over",
		     entry->key, entry->value);
	return 0;
}

/* ---- what several keys say together, or a default that differs from ours ---- */

static int add_restart(struct st_making *making)
{
	static const char *const words[][2] = { { "unexpected", "transient" },
						{ "true", "permanent" },
						{ "false", "temporary" } };
	const struct st_ini_entry *entry = st_ini_find(making->program->section, "autorestart");
	const char *text = entry ? entry->value : "unexpected", *restart = NULL;

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i][0], text))
			restart = words[i][1];
	if (!restart && is_true(text))
		restart = "permanent";
	if (!restart && (!strcasecmp(text, "no") || !strcasecmp(text, "off") || !strcmp(text, "0")))
		restart = "temporary";
	if (!restart)
		return refuse(making, entry, "it must be true, false or unexpected");
	(void)st_plan_add(making->all->plan, making->child, ST_PLAN_VALUE, "restart", restart);
	if (strcmp(restart, "temporary"))
		st_import_backoff(making->all->import, making->child);
	return 0;
}

static int add_shutdown(struct st_making *making)
{
	const struct st_ini_entry *entry = st_ini_find(making->program->section, "stopwaitsecs");
	long seconds = entry ? st_supervisord_number(entry->value, 10) : DEFAULT_STOP_S;

	if (seconds < 0)
		return refuse(making, entry, "this is no number of seconds");
	(void)st_plan_add_ms(making->all->plan, making->child, "shutdown",
			     (uint64_t)seconds * 1000);
	return 0;
}

/* The size of a log, as supervisord writes it: 50MB is 50 x 1024 x 1024 bytes. */
static uint64_t log_size(const char *text)
{
	static const char *const units[] = { "KB", "MB", "GB" };
	char *end;
	uint64_t size = strtoull(text, &end, 10);

	for (size_t i = 0; i < ST_ARRAY_SIZE(units); i++)
		if (!strcasecmp(end, units[i]))
			return size > UINT32_MAX ? 0 : size << (10 * (i + 1));
	return *end ? 0 : size;
}

/* Whether the value is the path of a file; special ones become keys of the child. */
static const char *log_path(struct st_making *making, const struct st_ini_entry *entry)
{
	const char *text = entry ? expand(making, entry) : NULL;

	if (!text || !strcasecmp(text, "AUTO"))
		return NULL;
	if (*text == '/' && strncmp(text, "/dev/", 5))
		return text;
	if (!strcasecmp(text, "syslog"))
		st_plan_note(making->all->plan, making->child, entry->line,
			     "%s=syslog: log: journal is the nearest", entry->key);
	else if (*text != '/' && strcasecmp(text, "NONE"))
		st_plan_note(making->all->plan, making->child, entry->line,
			     "%s=%s: a log needs an absolute path", entry->key, entry->value);
	return NULL;
}

/* Output that is not logged: passed on to where the daemon's goes, or dropped. */
static void add_output(struct st_making *making, const char *text)
{
	const char *output = NULL;

	if (!strncmp(text, "/dev/stdout", 11) || !strncmp(text, "/dev/stderr", 11) ||
	    !strncmp(text, "/dev/fd/", 8))
		output = "inherit";
	else if (!strcasecmp(text, "NONE") || !strcmp(text, "/dev/null"))
		output = "null";
	if (output)
		(void)st_plan_add(making->all->plan, making->child, ST_PLAN_VALUE, "output",
				  output);
}

static void add_log(struct st_making *making)
{
	const struct st_ini_section *section = making->program->section;
	const struct st_ini_entry *out = st_ini_find(section, "stdout_logfile");
	const struct st_ini_entry *errors = st_ini_find(section, "stderr_logfile");
	const char *file = log_path(making, out);
	bool is_one = is_true(st_supervisord_value(section, "redirect_stderr", "false"));
	const char *errors_file = is_one ? NULL : log_path(making, errors);
	struct st_plan *plan = making->all->plan;
	struct st_plan_node *log;
	uint64_t size = log_size(
		st_supervisord_value(section, "stdout_logfile_maxbytes", DEFAULT_MAX_BYTES));

	if (!file && !errors_file) {
		if (out)
			add_output(making, out->value);
		return;
	}
	log = st_plan_add(plan, making->child, ST_PLAN_MAP, "log", NULL);
	if (!file)
		st_plan_note(plan, log, errors->line,
			     "only standard error has a file: its lines and those of standard "
			     "output are in it");
	(void)st_plan_add(plan, log, ST_PLAN_TEXT, "file", file ? file : errors_file);
	if (file && errors_file && strcmp(file, errors_file))
		(void)st_plan_add(plan, log, ST_PLAN_TEXT, "stderr", errors_file);
	if (size)
		(void)st_plan_add_number(plan, log, "max_size", (int64_t)size);
	(void)st_plan_add_number(
		plan, log, "keep",
		st_supervisord_number(st_supervisord_value(section, "stdout_logfile_backups",
							   DEFAULT_BACKUPS),
				      10));
}

/* [supervisord] has an environment and a umask for all. */
static int add_inherited(struct st_making *making)
{
	const struct st_ini_section *daemon = making->all->daemon;
	const struct st_ini_entry *entry = daemon ? st_ini_find(daemon, "environment") : NULL;
	const struct st_ini_entry *umask = daemon ? st_ini_find(daemon, "umask") : NULL;
	int err = entry ? take_environment(making, entry) : 0;

	if (!err && umask && !st_ini_find(making->program->section, "umask"))
		err = take_umask(making, umask);
	return err;
}

int st_supervisord_take(struct st_making *making)
{
	int err = add_inherited(making);

	for (const struct st_ini_entry *entry = making->program->section->first; entry && !err;
	     entry = entry->next)
		err = take_entry(making, entry);
	if (!err)
		err = add_restart(making);
	if (!err)
		err = add_shutdown(making);
	add_log(making);
	return err;
}
