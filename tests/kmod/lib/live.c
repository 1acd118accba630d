// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live suptreed, see live.h. It is watched in /proc/suptree alone: the row of its
 * last node says that the module has heard of all.
 */
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "proc.h"

#define PATH_SIZE (TEMPORARY_SIZE + 16)
#define CONFIG \
	"intensity: 1000000\n" \
	"children:\n" \
	"  - {id: left, start: [sleep, infinity]}\n" \
	"  - {id: right, start: [sleep, infinity]}\n"

static void path_of(const struct live *live, const char *name, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s", live->dir, name);
}

static int write_config(const struct live *live)
{
	char path[PATH_SIZE];
	FILE *file;

	path_of(live, "config", path);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	(void)fputs(CONFIG, file);
	return fclose(file) ? -errno : 0;
}

static void run_daemon(const struct live *live, pid_t parent)
{
	char config[PATH_SIZE], control[PATH_SIZE], said[PATH_SIZE];

	child_dies_with(parent);
	path_of(live, "config", config);
	path_of(live, "socket", control);
	path_of(live, "said", said);
	if (dup2(open(said, O_WRONLY | O_CREAT, 0600), STDERR_FILENO) < 0)
		_exit(126);
	execl(ST_TEST_BIN "/suptreed", "suptreed", "--config", config, "--socket", control, NULL);
	_exit(127);
}

int live_start(struct live *live)
{
	pid_t parent = getpid();
	int err;

	if (!temporary_folder(live->dir, "suptree-live-XXXXXX"))
		return -errno;
	err = write_config(live);
	if (err)
		return err;
	live->pid = fork();
	if (!live->pid)
		run_daemon(live, parent);
	return live->pid < 0 ? -errno : 0;
}

pid_t live_await(const struct live *live)
{
	struct proc_row left, right;
	siginfo_t info = { 0 };

	for (;;) {
		if (waitid(P_PID, (id_t)live->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
		    info.si_pid)
			return -1;
		if (proc_find("right", &right) == 1 && proc_find("left", &left) == 1 &&
		    left.tree == right.tree && !strcmp(left.state, "running"))
			return left.pid;
	}
}

static int ask_audit(void *data)
{
	char control[PATH_SIZE];
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	path_of(data, "socket", control);
	if (dup2(null, STDOUT_FILENO) < 0)
		return 126;
	execl(ST_TEST_BIN "/suptree", "suptree", "--socket", control, "audit", NULL);
	return 127;
}

int live_audit(const struct live *live)
{
	struct live copy = *live;

	return child_run(ask_audit, &copy);
}

int live_stop(struct live *live)
{
	const char *const names[] = { "config", "socket", "said" };
	int status = -1;

	(void)kill(live->pid, SIGTERM);
	if (waitpid(live->pid, &status, 0) != live->pid)
		abort();
	for (unsigned int i = 0; i < 3; i++) {
		char path[PATH_SIZE];

		path_of(live, names[i], path);
		(void)unlink(path);
	}
	(void)rmdir(live->dir);
	return status;
}
