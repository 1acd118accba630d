// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers that outlive their daemon: there must be none.
 *
 * They are known by their environment, which says in which folder they count
 * their attempts; the folder is used by one run only.
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

/* What a process has in its environment, "" if it is gone or not ours to see. */
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
