// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads facts about a process from /proc. See facts.h.
 */
#include "daemon/process/facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define STATUS_PORTION 4096 /* bytes of one read */
#define MAX_COUNTED 4096 /* descriptors, which takes less than a millisecond */

/* Lines of /proc/PID/status, and their names in the answer. */
static const struct {
	const char *line;
	const char *name;
	bool is_number; /* the first word is a number; numbers in kB stay in kB */
} lines[] = {
	{ "Name", "name", false },
	{ "State", "state", false },
	{ "PPid", "ppid", true },
	{ "Uid", "uid", true },
	{ "Gid", "gid", true },
	{ "Threads", "threads", true },
	{ "VmRSS", "rss_kb", true },
	{ "VmSize", "size_kb", true },
	{ "voluntary_ctxt_switches", "voluntary_switches", true },
	{ "nonvoluntary_ctxt_switches", "involuntary_switches", true },
	{ "SigBlk", "signals_blocked", false },
	{ "SigIgn", "signals_ignored", false },
	{ "SigCgt", "signals_caught", false },
	{ "NoNewPrivs", "no_new_privs", true },
};

/* Return: the length read, NUL-terminated; 0 if the file cannot be read. */
static size_t read_file(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, size - 1);
	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0 ? (size_t)len : 0;
}

static void write_line(char *line, struct st_json *json)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return;
	*colon = '\0';
	for (size_t i = 0; i < ST_ARRAY_SIZE(lines); i++) {
		const char *value = colon + 1 + strspn(colon + 1, " \t");

		if (strcmp(line, lines[i].line))
			continue;
		if (lines[i].is_number)
			st_json_u64_field(json, lines[i].name, strtoull(value, NULL, 10));
		else
			st_json_text_field(json, lines[i].name, value);
	}
}

/*
 * Read all of /proc/PID/status: a process of many groups has a long line of them, in front of
 * what is wanted here. Return: false if it cannot be read.
 */
static bool read_status(pid_t pid, struct st_buf *out)
{
	char path[64];
	ssize_t len = -1;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while (!st_buf_reserve(out, STATUS_PORTION)) {
		len = read(fd, out->data + out->len, STATUS_PORTION - 1);
		if (len <= 0)
			break;
		out->len += (size_t)len;
	}
	close(fd);
	if (st_buf_error(out) || len < 0 || !out->len)
		return false;
	out->data[out->len] = '\0';
	return true;
}

/* All uids are the daemon's own: real, effective, saved and of files. */
static bool is_own_user(const char *status)
{
	const char *line = strstr(status, "\nUid:"); /* the name before it has no newline */
	char *at = line ? (char *)(uintptr_t)line + strlen("\nUid:") : NULL;

	for (int i = 0; at && i < 4; i++)
		if (strtoull(at, &at, 10) != geteuid())
			return false;
	return at != NULL;
}

/* Return: whether it is a process of the daemon's own user. */
static bool write_status(pid_t pid, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	bool is_own = false;
	char *save = NULL;

	if (read_status(pid, &text)) {
		is_own = is_own_user(text.data);
		for (char *line = strtok_r(text.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			write_line(line, json);
	}
	st_buf_done(&text);
	return is_own;
}

/*
 * Linux reads it from the memory of the process, and waits for its lock, or for the file
 * server behind that memory: for a process of another user that may be for ever.
 */
static void write_command(pid_t pid, struct st_json *json)
{
	char text[4096];
	size_t len = read_file(pid, "cmdline", text, sizeof(text));

	if (!len)
		return;
	st_json_key(json, "command");
	st_json_begin_array(json);
	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		st_json_text(json, text + at);
	st_json_end_array(json);
}

/* Words after the name in /proc/PID/stat; the first of them is field 3. */
#define WORDS_BEFORE_UTIME 11

static void write_times(pid_t pid, struct st_json *json)
{
	unsigned long long user, system;
	long ticks = sysconf(_SC_CLK_TCK);
	char text[1024], *at;

	if (!read_file(pid, "stat", text, sizeof(text)) || ticks <= 0)
		return;
	at = strrchr(text, ')'); /* the name before it may hold any byte */
	for (int i = 0; at && i <= WORDS_BEFORE_UTIME; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return;
	user = strtoull(at, &at, 10);
	system = strtoull(at, NULL, 10);
	st_json_u64_field(json, "user_ms", user * 1000 / (unsigned long)ticks);
	st_json_u64_field(json, "system_ms", system * 1000 / (unsigned long)ticks);
}

/* The size of the folder is their number since Linux 6.2; before, they are counted. */
static void write_descriptors(pid_t pid, struct st_json *json)
{
	const struct dirent *entry;
	struct stat folder = { .st_size = 0 };
	uint64_t nr = 0;
	char path[64];
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (!dir)
		return;
	if (!fstat(dirfd(dir), &folder) && folder.st_size > 0)
		nr = (uint64_t)folder.st_size;
	else
		while (nr <= MAX_COUNTED && (entry = readdir(dir)))
			nr += entry->d_name[0] != '.';
	closedir(dir);
	if (folder.st_size > 0 || nr <= MAX_COUNTED)
		st_json_u64_field(json, "fds", nr);
}

static void write_link(pid_t pid, const char *name, struct st_json *json)
{
	char path[64], target[4096];
	ssize_t len;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	len = readlink(path, target, sizeof(target));
	if (len <= 0)
		return;
	st_json_key(json, name);
	st_json_text_len(json, target, (size_t)len);
}

void st_facts_write(pid_t pid, struct st_json *json)
{
	char text[4096];
	size_t len;

	st_json_begin_object(json);
	st_json_i64_field(json, "pid", pid);
	if (write_status(pid, json))
		write_command(pid, json);
	write_times(pid, json);
	write_descriptors(pid, json);
	write_link(pid, "exe", json);
	write_link(pid, "cwd", json);
	len = read_file(pid, "wchan", text, sizeof(text));
	if (len && strcmp(text, "0"))
		st_json_text_field(json, "wchan", text);
	len = read_file(pid, "cgroup", text, sizeof(text));
	if (len) {
		text[strcspn(text, "\n")] = '\0';
		st_json_text_field(json, "cgroup", text);
	}
	st_json_end_object(json);
}

/* Signals whose default action does not end the process; see signal(7). */
static bool is_harmless(int signo)
{
	static const int harmless[] = { 0,	 SIGCHLD, SIGCONT, SIGURG, SIGWINCH,
					SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < ST_ARRAY_SIZE(harmless); i++)
		if (signo == harmless[i])
			return true;
	return false;
}

/*
 * Return: the text after "@name:" in /proc/PID/status; "" if there is no such
 * line.
 */
static const char *status_value(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line ? line + strlen(name) + strspn(line + strlen(name), ":\t ") : "";
}

static bool is_deadly_now(const char *status, int signo)
{
	static const char *const sets[] = { "\nSigBlk", "\nSigIgn", "\nSigCgt" };

	if (strchr("Tt", *status_value(status, "\nState")))
		return false;
	for (size_t i = 0; i < ST_ARRAY_SIZE(sets); i++)
		if (strtoull(status_value(status, sets[i]), NULL, 16) >> (signo - 1) & 1)
			return false;
	return true;
}

bool st_facts_is_deadly(pid_t pid, int signo)
{
	struct st_buf status = ST_BUF_INIT;
	bool is_deadly = signo == SIGKILL;

	if (!is_deadly && !is_harmless(signo) && read_status(pid, &status))
		is_deadly = is_deadly_now(status.data, signo);
	st_buf_done(&status);
	return is_deadly;
}
