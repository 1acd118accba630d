// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers that outlive their daemon: there must be none.
 *
 * They are found by their environment, which names the folder in which they count their
 * attempts. Only one run uses that folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "live_daemon.h"
#include "os/fd.h"

#define ENVIRONMENT_MAX (256 << 10)

/* The environment of a process, "" if it has ended or may not be read. */
static char *read_environment(const char *pid)
{
	char path[300], *text = st_need(calloc(1, ENVIRONMENT_MAX + 2));
	st_cleanup(st_fd_close) int fd = -1;
	ssize_t len = 0, part;

	(void)snprintf(path, sizeof(path), "/proc/%s/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && len < ENVIRONMENT_MAX) {
		part = read(fd, text + len, (size_t)(ENVIRONMENT_MAX - len));
		if (part <= 0)
			break;
		len += part;
	}
	return text;
}

/* The value of a variable, or NULL. */
static const char *find(const char *environment, const char *name)
{
	size_t len = strlen(name);

	for (; *environment; environment += strlen(environment) + 1)
		if (!strncmp(environment, name, len) && environment[len] == '=')
			return environment + len + 1;
	return NULL;
}

static void look_at(const char *pid, const char *dir, json_t *found)
{
	char *environment = read_environment(pid);
	const char *counts = find(environment, "ST_WORKER_DIR");
	const char *path = find(environment, "SUPTREE_PATH");

	if (counts && path && !strncmp(counts, dir, strlen(dir))) {
		st_append(found, json_string(path));
		(void)kill((pid_t)strtol(pid, NULL, 10), SIGKILL); /* it may have ended */
	}
	free(environment);
}

json_t *st_live_kill_leftover(const char *dir)
{
	json_t *found = st_need(json_array());
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		st_die("look for processes that are left: /proc: %s", strerror(errno));
	while ((entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			look_at(entry->d_name, dir, found);
	(void)closedir(proc);
	return found;
}
