// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and stopping a daemon; see live_daemon.h.
 *
 * It gets SIGTERM when this program dies, in whatever way.
 */
#include "live_daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "os/fd.h"
#include "os/ready.h"
#include "os/spawn/spawn.h"

#define PATIENCE_MS 60000 /* only a guard against hanging */
#define PATH_SIZE 4096

extern char **environ;

static struct st_live_daemon *running; /* for atexit() */

const char *st_live_daemon_path(const struct st_live_daemon *daemon, const char *name)
{
	static char path[sizeof(daemon->dir) + NAME_MAX + 2];

	(void)snprintf(path, sizeof(path), "%s/%s", daemon->dir, name);
	return path;
}

static void make_file(const struct st_live_daemon *daemon, const char *name, const char *text)
{
	FILE *file = fopen(st_live_daemon_path(daemon, name), "we");

	if (!file || fputs(text, file) < 0 || fclose(file))
		st_die("write %s/%s: %s", daemon->dir, name, strerror(errno));
}

static void make_dir(struct st_live_daemon *daemon)
{
	(void)snprintf(daemon->dir, sizeof(daemon->dir), "/tmp/st-scenario-XXXXXX");
	if (!mkdtemp(daemon->dir) || mkdir(st_live_daemon_path(daemon, "attempts"), 0700))
		st_die("make the folder %s: %s", daemon->dir, strerror(errno));
	make_file(daemon, "suptree.yaml", "children: []\n");
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_dir(const struct st_live_daemon *daemon)
{
	(void)nftw(daemon->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS); /* otherwise it stays /tmp */
}

static void show_report(const struct st_live_daemon *daemon)
{
	FILE *file = fopen(st_live_daemon_path(daemon, "stderr"), "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		(void)fprintf(stderr, "  suptreed: %s", line);
	if (file)
		(void)fclose(file);
}

/* This program gives up: it must end the daemon and its workers. */
static void clean_up(void)
{
	if (!running)
		return;
	show_report(running);
	if (st_pidref_signal(&running->ref, SIGKILL))
		(void)fputs("st-scenario: suptreed has ended already\n", stderr);
	json_decref(st_live_kill_leftover(running->dir));
	remove_dir(running);
}

/* The folder of this program, where suptreed and st-worker are too. */
static char *find_programs(void)
{
	char *path = st_need(calloc(1, PATH_SIZE));
	ssize_t len = readlink("/proc/self/exe", path, PATH_SIZE - 1);

	if (len < 0)
		st_die("find suptreed: /proc/self/exe: %s", strerror(errno));
	*strrchr(path, '/') = '\0';
	return path;
}

static void set_environment(const struct st_live_daemon *daemon, const char *programs)
{
	const char *old = getenv("PATH");
	char path[2 * PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s:%s", programs, old ? old : "/usr/bin:/bin");
	if (setenv("PATH", path, 1) ||
	    setenv("NOTIFY_SOCKET", st_live_daemon_path(daemon, "notify"), 1) ||
	    setenv("ST_WORKER_DIR", st_live_daemon_path(daemon, "attempts"), 1))
		st_die("out of memory");
}

static void spawn(struct st_live_daemon *daemon, const char *const *words, int report_fd)
{
	struct st_spawn_failure failure;
	struct st_spawn_request request;
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;
	char *argv[8];
	int err;

	for (size_t i = 0; i < ST_ARRAY_SIZE(argv); i++)
		argv[i] = words[i] ? st_need(strdup(words[i])) : NULL;
	st_spawn_request_init(&request);
	request.path = argv[0];
	request.argv = argv;
	request.envp = environ;
	request.stdio[1] = report_fd;
	request.stdio[2] = report_fd;
	request.death_signal = SIGTERM;
	err = st_spawn_pool_new(0, &pool);
	if (!err)
		err = st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure);
	if (err)
		st_die("start suptreed: %s", strerror(-err));
	daemon->ref = st_pidref_take(st_spawn_pidref(spawn));
	st_spawn_wait(spawn);
	if (st_spawn_finish(spawn, &failure))
		st_die("start suptreed: %s: %s", st_spawn_step_text(failure.step),
		       strerror(failure.error));
	st_spawn_pool_free(pool);
	for (size_t i = 0; i < ST_ARRAY_SIZE(argv); i++)
		free(argv[i]);
}

static void launch(struct st_live_daemon *daemon)
{
	char config[64], sock[64], *programs = find_programs();
	int report_fd =
		open(st_live_daemon_path(daemon, "stderr"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	const char *words[8] = { "suptreed", "--config", config, "--socket", sock };

	if (report_fd < 0)
		st_die("make %s/stderr: %s", daemon->dir, strerror(errno));
	(void)snprintf(config, sizeof(config), "%s/suptree.yaml", daemon->dir);
	(void)snprintf(sock, sizeof(sock), "%s/sock", daemon->dir);
	set_environment(daemon, programs);
	spawn(daemon, words, report_fd);
	(void)close(report_fd);
	free(programs);
}

/* Wait until the daemon sends READY, or ends. */
static void await_ready(const struct st_live_daemon *daemon, int fd)
{
	struct pollfd polled[] = { { .fd = fd, .events = POLLIN },
				   { .fd = daemon->ref.fd, .events = POLLIN } };
	struct st_ready_message message = { .is_ready = false };
	pid_t sender;
	int err = 0;

	while (err || !message.is_ready) {
		if (poll(polled, ST_ARRAY_SIZE(polled), PATIENCE_MS) <= 0)
			st_die("suptreed does not become ready");
		if (polled[1].revents)
			st_die("suptreed has ended before it was ready");
		err = st_ready_receive(fd, &sender, &message);
		if (!err)
			st_ready_done(fd);
	}
}

void st_live_daemon_start(struct st_live_daemon *daemon)
{
	st_cleanup(st_fd_close) int fd = -1;
	int err;

	st_pidref_init(&daemon->ref);
	make_dir(daemon);
	running = daemon;
	if (atexit(clean_up))
		st_die("out of memory");
	err = st_ready_open(st_live_daemon_path(daemon, "notify"), 0600, &fd);
	if (err)
		st_die("make %s/notify: %s", daemon->dir, strerror(-err));
	launch(daemon);
	await_ready(daemon, fd);
}

void st_live_daemon_ask_to_stop(const struct st_live_daemon *daemon)
{
	int err = st_pidref_signal(&daemon->ref, SIGTERM);

	if (err)
		st_die("stop suptreed: %s", strerror(-err));
}

json_t *st_live_daemon_stop(struct st_live_daemon *daemon)
{
	struct pollfd polled = { .fd = daemon->ref.fd, .events = POLLIN };
	struct st_exit end = { 0, 0 };
	json_t *leftover;

	if (poll(&polled, 1, PATIENCE_MS) <= 0)
		st_die("suptreed does not end");
	if (st_pidref_wait(&daemon->ref, &end, NULL) != 1 || end.code != CLD_EXITED || end.status)
		st_die("suptreed ended with %s %d",
		       end.code == CLD_EXITED ? "exit status" : "signal", end.status);
	leftover = st_live_kill_leftover(daemon->dir);
	st_pidref_done(&daemon->ref);
	remove_dir(daemon);
	running = NULL;
	return leftover;
}
