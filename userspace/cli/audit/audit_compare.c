// SPDX-License-Identifier: GPL-2.0-only
/*
 * One round of the audit: compare each node of the daemon with the module's node and with
 * its process in /proc; then list the nodes that only the module knows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/audit/audit.h"

/* The fields of /proc/PID/stat that matter. */
struct fact {
	bool is_there;
	char state; /* Z, X: it has ended */
	pid_t parent;
	unsigned long long start; /* clock ticks since boot */
};

struct audit {
	json_t *differences;
	pid_t owner;
	int err;
};

static void differ(struct audit *audit, const char *path, const char *what, const char *daemon,
		   const char *module, const char *proc)
{
	json_t *difference = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "path", path, "difference",
				       what, "daemon", daemon, "module", module, "proc", proc);

	if (!difference || json_array_append_new(audit->differences, difference))
		audit->err = -ENOMEM;
}

static const char *text_of(const json_t *node, const char *key)
{
	const char *text = json_string_value(json_object_get(node, key));

	return text ? text : "";
}

static long long number_of(const json_t *node, const char *key)
{
	return json_integer_value(json_object_get(node, key));
}

/* proc_pid_stat(5): the fields after the name, which may hold any bytes. */
enum {
	FIELD_STATE,
	FIELD_PARENT,
	FIELD_START = 19,
};

static struct fact parse(char *text)
{
	char *rest = strrchr(text, ')');
	struct fact fact = { 0 };
	char *word;

	word = rest ? strtok_r(rest + 1, " ", &rest) : NULL;
	for (int field = 0; word && field <= FIELD_START; field++) {
		if (field == FIELD_STATE)
			fact.state = *word;
		else if (field == FIELD_PARENT)
			fact.parent = (pid_t)strtol(word, NULL, 10);
		else if (field == FIELD_START)
			fact.start = strtoull(word, NULL, 10);
		fact.is_there = field == FIELD_START;
		word = strtok_r(NULL, " ", &rest);
	}
	return fact;
}

static struct fact look_at(pid_t pid)
{
	char name[32], text[1024];
	size_t len;
	FILE *file;

	(void)snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid); /* it fits */
	file = fopen(name, "re");
	if (!file)
		return (struct fact){ 0 };
	len = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file); /* it was only read */
	text[len] = '\0';
	return parse(text);
}

/* A number as text, for a difference; in one of a few places by turns. */
static const char *shown(long long number)
{
	static char texts[4][24];
	static unsigned int next;
	char *text = texts[next++ % ST_ARRAY_SIZE(texts)];

	(void)snprintf(text, sizeof(texts[0]), "%lld", number); /* it fits */
	return text;
}

static unsigned long long to_ticks(unsigned long long ns)
{
	return ns / (ST_NSEC_PER_SEC / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static void compare_process(struct audit *audit, const char *path, const json_t *daemon,
			    const json_t *module)
{
	pid_t pid = (pid_t)number_of(daemon, "pid");
	struct fact fact = look_at(pid);
	bool has_ended = !fact.is_there || strchr("ZX", fact.state);

	if (has_ended)
		differ(audit, path, "process", shown(pid), NULL,
		       fact.is_there ? "it has ended" : "there is none");
	else if (fact.parent != audit->owner)
		differ(audit, path, "parent", shown(audit->owner), NULL, shown(fact.parent));
	if (!module)
		return;
	if (strcmp(text_of(module, "state"), "running") != 0)
		differ(audit, path, "process", shown(pid), text_of(module, "state"), NULL);
	else if (number_of(module, "pid") != pid)
		differ(audit, path, "pid", shown(pid), shown(number_of(module, "pid")), NULL);
	else if (number_of(module, "gen") != number_of(daemon, "generation"))
		differ(audit, path, "generation", shown(number_of(daemon, "generation")),
		       shown(number_of(module, "gen")), NULL);
	else if (!has_ended &&
		 to_ticks((unsigned long long)number_of(module, "start_ns")) != fact.start)
		differ(audit, path, "start", NULL, shown(number_of(module, "start_ns")),
		       shown((long long)fact.start));
}

static void compare_words(struct audit *audit, const char *path, const json_t *daemon,
			  const json_t *module)
{
	const char *kind = text_of(daemon, "type");

	if (strcmp(kind, text_of(module, "kind")) != 0)
		differ(audit, path, "kind", kind, text_of(module, "kind"), NULL);
	else if (!strcmp(kind, "supervisor") &&
		 strcmp(text_of(daemon, "strategy"), text_of(module, "strategy")) != 0)
		differ(audit, path, "strategy", text_of(daemon, "strategy"),
		       text_of(module, "strategy"), NULL);
	if (number_of(daemon, "restarts") != number_of(module, "restarts"))
		differ(audit, path, "restarts", shown(number_of(daemon, "restarts")),
		       shown(number_of(module, "restarts")), NULL);
}

static void compare_node(struct audit *audit, const char *path, const json_t *daemon,
			 const json_t *module)
{
	if (module)
		compare_words(audit, path, daemon, module);
	if (number_of(daemon, "pid"))
		compare_process(audit, path, daemon, module);
	else if (module && !strcmp(text_of(module, "state"), "running"))
		differ(audit, path, "process", "none", shown(number_of(module, "pid")), NULL);
}

/* Ids are any text to the daemon; the module has them in visible ASCII. */
static void write_key(const char *path, struct st_buf *key)
{
	char text[8];

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (c > ' ' && c < 0x7f && c != '\\')
			(void)snprintf(text, sizeof(text), "%c", c);
		else
			(void)snprintf(text, sizeof(text), "\\x%02x", c);
		st_buf_add_text(key, text);
	}
}

/* The module's node, which is then no longer among those that are left. */
static json_t *take_module(struct audit *audit, json_t *left, const json_t *daemon)
{
	const char *path = text_of(daemon, "path");
	struct st_buf key = ST_BUF_INIT;
	json_t *node;

	write_key(!strcmp(path, "/") ? "" : path, &key);
	node = json_object_get(left, st_buf_text(&key));
	if (!node) { /* a second one with this name: st_audit_read_module() */
		st_buf_add_char(&key, '#');
		st_buf_add_i64(&key, number_of(daemon, "generation"));
		node = json_object_get(left, st_buf_text(&key));
	}
	json_incref(node);
	if (node)
		(void)json_object_del(left, st_buf_text(&key)); /* it is there */
	if (st_buf_error(&key))
		audit->err = -ENOMEM;
	st_buf_done(&key);
	return node;
}

int st_audit_compare(const json_t *daemon, json_t *module, pid_t owner, json_t **ret_differences)
{
	struct audit audit = { .differences = json_array(), .owner = owner };
	json_t *left = module ? json_copy(module) : json_object();
	const char *path;
	json_t *node;
	size_t i;

	if (!audit.differences || !left)
		audit.err = -ENOMEM;
	for (i = 0; !audit.err && i < json_array_size(daemon); i++) {
		const json_t *own = json_array_get(daemon, i);

		node = module ? take_module(&audit, left, own) : NULL;
		if (module && !node)
			differ(&audit, text_of(own, "path"), "node", "known", "unknown", NULL);
		compare_node(&audit, text_of(own, "path"), own, node);
		json_decref(node);
	}
	json_object_foreach(left, path, node)
		differ(&audit, *path ? path : "/", "node", "unknown", "known", NULL);
	json_decref(left);
	if (audit.err)
		json_decref(audit.differences);
	else
		*ret_differences = audit.differences;
	return audit.err;
}
