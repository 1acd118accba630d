// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of words of other systems: supervisord, systemd, process-compose, Docker
 * Compose, Kubernetes, pm2, runit, Erlang. What they are for: foreign.h.
 */
#include "config/foreign.h"

#include <ctype.h>
#include <string.h>

#include "config/internal.h"

#define SUP (ST_SCOPE_CONFIG | ST_SCOPE_INCLUDED | ST_SCOPE_SUP | ST_SCOPE_FLAGS)
#define CHILD ST_SCOPE_CHILD
#define PROBE ST_SCOPE_PROBE
#define LOG ST_SCOPE_LOG
#define BACKOFF ST_SCOPE_BACKOFF

#define MAX_LINES 100 /* that are searched for a section: each look-up reads from the begin */

#define CHILDREN \
	"children is a list, and the name of a child is its id: children: [{id: web, start: ...}]."
#define ORDER \
	"Children start in the order of the list, each after the one before it is ready (key " \
	"ready), and rest_for_one as the strategy of their supervisor restarts those that need " \
	"another one with it."
#define SHELL "Without a shell there is none: start: [sh, -c, \"...\"]."
#define HOOK \
	"Work before a child is a child before it, with ready: exit. Nothing does work after one."
#define IN_SUP "It belongs into the map supervisor of this child."
#define COUNTED "Restarts are counted by the supervisor, in its keys intensity and period."
#define LIMITS "It stands in the map limits, as in limits: {nofile: 4096}."

static const struct {
	const char *word; /* small letters, without - and _ */
	unsigned int scopes;
	const char *key;
	const char *advice;
} keys[] = {
	/* lists of what runs */
	{ "trees", SUP, "children", CHILDREN },
	{ "processes", SUP, "children", CHILDREN },
	{ "procs", SUP, "children", CHILDREN },
	{ "services", SUP, "children", CHILDREN },
	{ "programs", SUP, "children", CHILDREN },
	{ "apps", SUP, "children", CHILDREN },
	{ "applications", SUP, "children", CHILDREN },
	{ "workers", SUP, "children", CHILDREN },
	{ "units", SUP, "children", CHILDREN },
	{ "tasks", SUP, "children", CHILDREN },
	{ "jobs", SUP, "children", CHILDREN },
	{ "daemons", SUP, "children", CHILDREN },
	{ "containers", SUP, "children", CHILDREN },
	{ "childspecs", SUP, "children", CHILDREN },
	{ "supervisors", SUP, "children",
	  "A supervisor is a child, too: children: [{id: web, supervisor: {children: [...]}}]." },
	{ "children", CHILD, NULL,
	  "A child with children is a supervisor: supervisor: {children: [...]}." },
	{ "strategy", CHILD, NULL, IN_SUP },
	{ "intensity", CHILD, NULL, IN_SUP },
	{ "period", CHILD, NULL, IN_SUP },
	{ "includes", SUP, "include", NULL },
	{ "files", SUP, "include", NULL },
	{ "extends", SUP, "include", NULL },

	/* flags of a supervisor */
	{ "maxrestarts", SUP, "intensity", NULL },
	{ "maxretries", SUP, "intensity", NULL },
	{ "maxseconds", SUP, "period", NULL },
	{ "startlimitburst", SUP, "intensity", NULL },
	{ "startlimitinterval", SUP, "period", NULL },
	{ "startlimitintervalsec", SUP, "period", NULL },
	{ "restartintensity", SUP, "intensity", NULL },
	{ "numprocs", SUP, "partitions", NULL },
	{ "replicas", SUP, "partitions", NULL },

	/* of a child */
	{ "name", CHILD, "id", NULL },
	{ "processname", CHILD, "id", NULL },
	{ "programname", CHILD, "id", NULL },
	{ "command", CHILD, "start", NULL },
	{ "cmd", CHILD, "start", NULL },
	{ "exec", CHILD, "start", NULL },
	{ "execstart", CHILD, "start", NULL },
	{ "entrypoint", CHILD, "start", NULL },
	{ "script", CHILD, "start", NULL },
	{ "program", CHILD, "start", NULL },
	{ "run", CHILD, "start", NULL },
	{ "args", CHILD, "start", "The program and its arguments are one list." },
	{ "arguments", CHILD, "start", "The program and its arguments are one list." },
	{ "shell", CHILD, "start", SHELL },
	{ "mfa", CHILD, "start", NULL },
	{ "modules", CHILD, NULL, "Processes of Linux have no modules of code; leave it out." },
	{ "sup", CHILD, "supervisor", NULL },
	{ "autorestart", CHILD, "restart",
	  "true is restart: permanent, unexpected is transient, false is temporary." },
	{ "restartpolicy", CHILD, "restart", NULL },
	{ "restarts", CHILD, "restart", NULL },
	{ "respawn", CHILD, "restart", NULL },
	{ "availability", CHILD, "restart", NULL },
	{ "exitcodes", CHILD, "restart", "transient restarts a child unless it ended with 0." },
	{ "successexitstatus", CHILD, "restart",
	  "transient restarts a child unless it ended with 0." },
	{ "restartsec", CHILD, "backoff", NULL },
	{ "restartdelay", CHILD, "backoff", NULL },
	{ "backoffseconds", CHILD, "backoff", NULL },
	{ "maxrestarts", CHILD, NULL, COUNTED },
	{ "maxretries", CHILD, NULL, COUNTED },
	{ "startretries", CHILD, NULL, COUNTED },
	{ "startlimitburst", CHILD, NULL, COUNTED },
	{ "startlimitintervalsec", CHILD, NULL, COUNTED },
	{ "autostart", CHILD, "start_now", NULL },
	{ "disabled", CHILD, "start_now", "disabled: true is start_now: false." },
	{ "enabled", CHILD, "start_now", NULL },
	{ "startsecs", CHILD, "min_uptime", NULL },
	{ "dependson", CHILD, NULL, ORDER },
	{ "depends", CHILD, NULL, ORDER },
	{ "requires", CHILD, NULL, ORDER },
	{ "wants", CHILD, NULL, ORDER },
	{ "after", CHILD, NULL, ORDER },
	{ "before", CHILD, NULL, ORDER },
	{ "bindsto", CHILD, NULL, ORDER },
	{ "partof", CHILD, NULL, ORDER },
	{ "priority", CHILD, NULL, ORDER },
	{ "execstartpre", CHILD, NULL, HOOK },
	{ "execstartpost", CHILD, NULL, HOOK },
	{ "execstop", CHILD, "stop_signal", "A signal ends a child, not a command." },
	{ "execstoppost", CHILD, NULL, HOOK },
	{ "execreload", CHILD, NULL, "Send a signal: suptree kill PATH --signal HUP." },
	{ "reloadsignal", CHILD, NULL, "Send a signal: suptree kill PATH --signal HUP." },
	{ "killsignal", CHILD, "stop_signal", NULL },
	{ "stopsignal", CHILD, "stop_signal", NULL },
	{ "signal", CHILD, "stop_signal", NULL },
	{ "timeout", CHILD, "shutdown", NULL },
	{ "timeoutsec", CHILD, "shutdown", NULL },
	{ "timeoutstopsec", CHILD, "shutdown", NULL },
	{ "stopwaitsecs", CHILD, "shutdown", NULL },
	{ "stoptimeout", CHILD, "shutdown", NULL },
	{ "stopgraceperiod", CHILD, "shutdown", NULL },
	{ "killtimeout", CHILD, "shutdown", NULL },
	{ "terminationgraceperiodseconds", CHILD, "shutdown", NULL },
	{ "timeoutstartsec", CHILD, "start_timeout", NULL },
	{ "listentimeout", CHILD, "start_timeout", NULL },
	{ "killmode", CHILD, "kill_subtree", "control-group is kill_subtree: true." },
	{ "killasgroup", CHILD, "kill_subtree", NULL },
	{ "stopasgroup", CHILD, "kill_subtree", NULL },
	{ "treekill", CHILD, "kill_subtree", NULL },
	{ "env", CHILD, "environment", NULL },
	{ "environ", CHILD, "environment", NULL },
	{ "envs", CHILD, "environment", NULL },
	{ "variables", CHILD, "environment", NULL },
	{ "vars", CHILD, "environment", NULL },
	{ "envfile", CHILD, "environment_file", NULL },
	{ "dotenv", CHILD, "environment_file", NULL },
	{ "envfrom", CHILD, "environment_file", NULL },
	{ "directory", CHILD, "cwd", NULL },
	{ "dir", CHILD, "cwd", NULL },
	{ "chdir", CHILD, "cwd", NULL },
	{ "folder", CHILD, "cwd", NULL },
	{ "workdir", CHILD, "cwd", NULL },
	{ "workingdir", CHILD, "cwd", NULL },
	{ "workingdirectory", CHILD, "cwd", NULL },
	{ "uid", CHILD, "user", NULL },
	{ "runas", CHILD, "user", NULL },
	{ "username", CHILD, "user", NULL },
	{ "gid", CHILD, "group", NULL },
	{ "niceness", CHILD, "nice", NULL },
	{ "oomscoreadjust", CHILD, "oom_score_adj", NULL },
	{ "nonewprivileges", CHILD, "no_new_privs", NULL },
	{ "rlimits", CHILD, "limits", NULL },
	{ "ulimits", CHILD, "limits", NULL },
	{ "ulimit", CHILD, "limits", NULL },
	{ "limitnofile", CHILD, "limits", LIMITS },
	{ "limitnproc", CHILD, "limits", LIMITS },
	{ "limitcore", CHILD, "limits", LIMITS },
	{ "limitas", CHILD, "limits", LIMITS },
	{ "limitmemlock", CHILD, "limits", LIMITS },
	{ "stdout", CHILD, "log", NULL },
	{ "stderr", CHILD, "log", "It stands in the map log: {file: PATH, stderr: PATH}." },
	{ "standardoutput", CHILD, "output", NULL },
	{ "standarderror", CHILD, "output", NULL },
	{ "stdoutlogfile", CHILD, "log", "log: {file: PATH}" },
	{ "stderrlogfile", CHILD, "log", "log: {file: PATH, stderr: PATH}" },
	{ "logfile", CHILD, "log", "log: {file: PATH}" },
	{ "loglocation", CHILD, "log", "log: {file: PATH}" },
	{ "outfile", CHILD, "log", "log: {file: PATH}" },
	{ "errorfile", CHILD, "log", "log: {file: PATH, stderr: PATH}" },
	{ "logs", CHILD | SUP, "log", NULL },
	{ "logging", CHILD | SUP, "log", NULL },
	{ "loglocation", SUP, "log", "log: {file: PATH}" },
	{ "logfile", SUP, "log", "log: {file: PATH}" },
	{ "healthcheck", CHILD, "probe", NULL },
	{ "liveness", CHILD, "probe", NULL },
	{ "livenessprobe", CHILD, "probe", NULL },
	{ "readiness", CHILD, "probe", NULL },
	{ "readinessprobe", CHILD, "probe", "With ready: probe it also says when it is ready." },
	{ "startupprobe", CHILD, "probe", "With ready: probe it also says when it is ready." },
	{ "watchdogsec", CHILD, "probe", NULL },
	{ "readylogline", CHILD, "ready", NULL },
	{ "waitready", CHILD, "ready", NULL },
	{ "notify", CHILD, "ready", "ready: notify" },
	{ "isdaemon", CHILD, NULL,
	  "A child must stay in the foreground; give the program its option." },
	{ "pidfile", CHILD, NULL,
	  "A child must stay in the foreground; give the program its option." },
	{ "numprocs", CHILD, NULL, "A supervisor with partitions has copies of one child." },
	{ "instances", CHILD, NULL, "A supervisor with partitions has copies of one child." },
	{ "replicas", CHILD, NULL, "A supervisor with partitions has copies of one child." },
	{ "image", CHILD, NULL, "Children are programs of this machine; there are no images." },
	{ "ports", CHILD, NULL, "Children share the network of this machine; leave it out." },
	{ "volumes", CHILD, NULL, "Children share the files of this machine; leave it out." },
	{ "description", CHILD, NULL, "Write it as a comment, after a #." },
	{ "schedule", CHILD, NULL, "Nothing starts at a time of day; use cron or a timer." },
	{ "cron", CHILD, NULL, "Nothing starts at a time of day; use cron or a timer." },

	/* maps below a child */
	{ "exec", PROBE, "command", NULL },
	{ "cmd", PROBE, "command", NULL },
	{ "test", PROBE, "command", NULL },
	{ "start", PROBE, "command", NULL },
	{ "httpget", PROBE, "http", "http: http://127.0.0.1:8080/health" },
	{ "url", PROBE, "http", NULL },
	{ "tcpsocket", PROBE, "tcp", NULL },
	{ "port", PROBE, "tcp", NULL },
	{ "periodseconds", PROBE, "interval", NULL },
	{ "period", PROBE, "interval", NULL },
	{ "every", PROBE, "interval", NULL },
	{ "timeoutseconds", PROBE, "timeout", NULL },
	{ "failurethreshold", PROBE, "failures", NULL },
	{ "retries", PROBE, "failures", NULL },
	{ "startperiod", PROBE, NULL,
	  "start_timeout of the child limits the time until it is ready." },
	{ "initialdelayseconds", PROBE, NULL,
	  "interval is also the time before the first probe, but not with ready: probe." },
	{ "successthreshold", PROBE, NULL, "One success is enough; leave it out." },
	{ "path", LOG, "file", NULL },
	{ "name", LOG, "file", NULL },
	{ "directory", LOG, "folder", NULL },
	{ "dir", LOG, "folder", NULL },
	{ "stdout", LOG, "file", NULL },
	{ "size", LOG, "max_size", NULL },
	{ "maxbytes", LOG, "max_size", NULL },
	{ "maxsizemb", LOG, "max_size", NULL },
	{ "stdoutlogfilemaxbytes", CHILD, NULL, "log: {file: PATH, max_size: 10 MiB}" },
	{ "age", LOG, "max_age", NULL },
	{ "maxagedays", LOG, "max_age", NULL },
	{ "rotate", LOG, "keep", NULL },
	{ "backups", LOG, "keep", NULL },
	{ "maxbackups", LOG, "keep", NULL },
	{ "stdoutlogfilebackups", CHILD, NULL, "log: {file: PATH, keep: 5}" },
	{ "addtimestamp", LOG, "timestamps", NULL },
	{ "initial", BACKOFF, "min", NULL },
	{ "delay", BACKOFF, "min", NULL },
};

static const struct {
	const char *key;
	const char *word;
	const char *value;
	const char *advice;
} values[] = {
	{ "restart", "always", "permanent", NULL },
	{ "restart", "unlessstopped", "permanent", NULL },
	{ "restart", "true", "permanent", NULL },
	{ "restart", "yes", "permanent", NULL },
	{ "restart", "onfailure", "transient", NULL },
	{ "restart", "onabnormal", "transient", NULL },
	{ "restart", "onabort", "transient", NULL },
	{ "restart", "onwatchdog", "transient", NULL },
	{ "restart", "unexpected", "transient", NULL },
	{ "restart", "exitonfailure", "temporary",
	  "A supervisor ends with it if the child is significant (auto_shutdown)." },
	{ "restart", "no", "temporary", NULL },
	{ "restart", "never", "temporary", NULL },
	{ "restart", "false", "temporary", NULL },
	{ "type", "simple", NULL,
	  "type says what a child is; the time at which it is ready is ready: exec." },
	{ "type", "exec", NULL,
	  "type says what a child is; the time at which it is ready is ready: exec." },
	{ "type", "notify", NULL,
	  "type says what a child is; the time at which it is ready is ready: notify." },
	{ "type", "oneshot", NULL,
	  "type says what a child is; the time at which it is ready is ready: exit." },
	{ "type", "forking", NULL,
	  "A child must stay in the foreground; give the program its option." },
	{ "type", "process", "worker", NULL },
	{ "strategy", "allforone", "one_for_all", NULL },
	{ "strategy", "oneforone", "one_for_one", NULL },
	{ "strategy", "restforone", "rest_for_one", NULL },
	{ "output", "discard", "null", NULL },
	{ "output", "none", "null", NULL },
	{ "output", "/dev/null", "null", NULL },
	{ "output", "journal", NULL, "log: journal" },
	{ "log", "journald", "journal", NULL },
	{ "log", "systemd", "journal", NULL },
	{ "log", "syslog", "journal", NULL },
	{ "log", "stdout", NULL, "output: inherit" },
	{ "shutdown", "kill", "brutal_kill", NULL },
	{ "shutdown", "never", "infinity", NULL },
	{ "ready", "started", "exec", NULL },
	{ "ready", "healthy", "probe", NULL },
	{ "ready", "completed", "exit", NULL },
	{ "ready", "oneshot", "exit", NULL },
};

#define OF_SUPERVISORD "This is supervisord's. "
#define OF_SYSTEMD "This is systemd's. "
#define HERE_CHILDREN "Here it is children: [{id: NAME, start: COMMAND}]."
#define HERE_OPTIONS "Here the command line of the daemon has its options."

static const struct {
	const char *begin;
	const char *advice;
} sections[] = {
	{ "[program:", OF_SUPERVISORD HERE_CHILDREN },
	{ "[group:", OF_SUPERVISORD
	  "Here a group is a supervisor: {id: NAME, supervisor: {children: [...]}}." },
	{ "[supervisord", OF_SUPERVISORD HERE_OPTIONS },
	{ "[unix_http_server", OF_SUPERVISORD HERE_OPTIONS },
	{ "[include]", OF_SUPERVISORD "Here it is include: [FILES]." },
	{ "[Unit]", OF_SYSTEMD HERE_CHILDREN },
	{ "[Service]", OF_SYSTEMD HERE_CHILDREN },
	{ "[Install]", OF_SYSTEMD "Here a child starts with its supervisor." },
};

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether they are the same but for case, - and _. */
static bool is_word(const char *word, const char *known)
{
	for (; *word; word++) {
		int c = lower(*word);

		if (c == '-' || c == '_')
			continue;
		if (c != *known)
			return false;
		known++;
	}
	return !*known;
}

bool st_foreign_key(const char *word, enum st_scope scope, struct st_foreign *ret_foreign)
{
	const char *key;

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys); i++) {
		if (!(keys[i].scopes & scope) || !is_word(word, keys[i].word))
			continue;
		key = keys[i].key && st_key_find(keys[i].key, scope) ? keys[i].key : NULL;
		if (!key && !keys[i].advice)
			continue; /* the key of another kind of supervisor's map */
		ret_foreign->key = key;
		ret_foreign->advice = keys[i].advice;
		return true;
	}
	return false;
}

bool st_foreign_value(const char *key, const char *word, struct st_foreign *ret_foreign)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(values); i++) {
		if (strcmp(values[i].key, key) || !is_word(word, values[i].word))
			continue;
		ret_foreign->key = values[i].value;
		ret_foreign->advice = values[i].advice;
		return true;
	}
	return false;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static const char *section(const char *line, size_t len)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(sections); i++)
		if (len >= strlen(sections[i].begin) &&
		    !strncmp(line, sections[i].begin, strlen(sections[i].begin)))
			return sections[i].advice;
	return NULL;
}

static const char *assignment(const char *line, size_t len)
{
	size_t at = 0;

	for (; len && (*line == ' ' || *line == '-'); len--)
		line++;
	while (at < len && is_name(line[at]))
		at++;
	if (!at)
		return NULL;
	while (at < len && line[at] == ' ')
		at++;
	return at < len && line[at] == '=' ? "Write KEY: VALUE, with a colon and a blank." : NULL;
}

const char *st_foreign_text(const struct st_doc_file *file, uint32_t line)
{
	const char *advice = NULL, *text;
	size_t len;

	for (uint32_t i = 1; i <= line && i <= MAX_LINES && !advice; i++) {
		text = st_doc_file_line(file, i, &len);
		advice = text ? section(text, len) : NULL;
	}
	text = st_doc_file_line(file, line, &len);
	return advice || !text ? advice : assignment(text, len);
}
