// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small verbs of os/, one scenario for each file or so.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "scenarios.h"
#include "os/aside.h"
#include "os/capabilities.h"
#include "os/channel.h"
#include "os/credentials.h"
#include "os/fd.h"
#include "os/folder.h"
#include "os/limits.h"
#include "os/spawn/low_fds.h"
#include "os/path.h"
#include "os/pidref.h"
#include "os/pipe.h"
#include "os/privilege.h"
#include "os/ready.h"
#include "os/signal.h"
#include "temporary.h"

#define WRONG 1

static char *const environment[] = { (char[]){ "PATH=/usr/bin:/bin" }, NULL };

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	abort();
}

/* ---- users ---- */

static int resolve(const char *user, const char *group)
{
	struct st_credentials credentials;
	const char *what;
	int ret = COUNTED(st_credentials_resolve(user, group, &credentials, &what));

	if (!ret)
		st_credentials_done(&credentials);
	return ret;
}

static int run_credentials_by_name(void)
{
	return resolve("root", "root");
}

static int run_credentials_by_number(void)
{
	return resolve("0", NULL);
}

/* What cannot be found out is not refused, or shows when the child starts. */
static int run_privileges(void)
{
	static const struct st_credentials other = { .uid = 1, .gid = 1 };
	static const struct st_limit limit = { RLIMIT_NOFILE, { 16, 16 } };
	struct st_spawn_request request;

	st_spawn_request_init(&request);
	request.credentials = &other;
	request.limits = &limit;
	request.nr_limits = 1;
	request.flags = ST_SPAWN_SET_NICE | ST_SPAWN_SET_OOM_SCORE;
	request.nice = -1;
	request.oom_score_adj = 0;
	return COUNTED(st_privilege_refuses(&request)) == ST_SPAWN_STEP_NONE ? 0 : -EPERM;
}

static int run_capabilities(void)
{
	return COUNTED(st_capabilities_limit());
}

/* ---- files ---- */

static int run_paths(void)
{
	static struct st_path_files files;
	char path[PATH_MAX];
	int ret = COUNTED(st_path_search("true", environment, path, sizeof(path)));

	if (!ret)
		ret = COUNTED(st_path_search_all("true", environment, &files));
	return ret;
}

static int run_pipes(void)
{
	int reader = -1, writer = -1;
	int ret = COUNTED(st_pipe_open(&reader, &writer));

	faults_on();
	st_fd_close(&reader);
	st_fd_close(&writer);
	faults_off();
	return ret;
}

static int run_nofile(void)
{
	struct rlimit before;

	int ret = COUNTED(st_limits_raise_nofile(&before));

	return ret ? ret : COUNTED(st_limits_grow_table(100));
}

static int use_low_fds(struct st_low_fds *low)
{
	int fd = st_low_fds_pass(low, 2, 0);

	if (fd == -EAGAIN) /* as spawn.c says it, if none is in use */
		return -EMFILE;

	if (fd >= 0)
		st_low_fds_release(low, 1ull << fd);
	return fd < 0 ? fd : 0;
}

static int run_low_fds(void)
{
	struct st_low_fds low;
	int ret = COUNTED(st_low_fds_init(&low));

	if (ret)
		return ret;
	ret = COUNTED(use_low_fds(&low));
	faults_on();
	st_low_fds_done(&low);
	faults_off();
	return ret;
}

/* ---- processes and signals ---- */

static int run_pidrefs(void)
{
	struct st_pidref ref;
	struct st_exit how;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	int ret = COUNTED(st_pidref_open(pid, &ref));

	if (ret < 0) {
		must(!st_pidref_open(pid, &ref), "open a pidfd");
	} else {
		ret = COUNTED(st_pidref_signal(&ref, 0));
		(void)COUNTED(st_pidref_is_child(&ref)); /* a failure says that it is none */
		int waited = COUNTED(st_pidref_wait(&ref, &how, NULL));

		ret = ret ? ret : waited;
	}
	must(!st_pidref_signal(&ref, SIGKILL), "kill");
	must(waitpid(pid, NULL, 0) == pid, "reap");
	faults_on();
	st_pidref_done(&ref);
	faults_off();
	return ret;
}

/* A folder in a folder; what a refusal has left does not matter to the next run. */
static int run_folders(void)
{
	char folder[TEMPORARY_SIZE], path[TEMPORARY_SIZE + 8];

	must(temporary_folder(folder, "folder-XXXXXX"), "make a folder");
	(void)snprintf(path, sizeof(path), "%s/a/b", folder);
	int ret = COUNTED(st_folder_make(path, getuid(), getgid()));

	(void)rmdir(path);
	(void)snprintf(path, sizeof(path), "%s/a", folder);
	(void)rmdir(path);
	must(!rmdir(folder), "remove the folder");
	return ret;
}

static void say_one_byte(void *context, int fd)
{
	(void)context;
	(void)!write(fd, "x", 1);
}

/* Refused calls of the copy are its own: it ends without a word. */
static int run_aside(void)
{
	struct pollfd wait = { .events = POLLIN };
	struct st_pidref ref;
	char byte;
	int ret = COUNTED(st_aside_start(say_one_byte, NULL, &ref, &wait.fd));

	if (ret == 0) {
		do
			must(poll(&wait, 1, -1) == 1, "wait for the copy");
		while (read(wait.fd, &byte, 1) > 0);
		close(wait.fd);
		st_pidref_done(&ref);
	}
	while (waitpid(-1, NULL, 0) > 0)
		; /* a failed start leaves its copy to whoever reaps */
	return ret;
}

static int run_signals(void)
{
	struct st_signal read[ST_SIGNALS_MAX];
	sigset_t before;
	int fd = -1;

	must(!sigprocmask(SIG_SETMASK, NULL, &before), "signal mask");
	int ret = COUNTED(st_signal_reset_ignored());

	if (!ret)
		ret = st_signal_block_all();
	if (!ret)
		ret = COUNTED(st_signal_open(&fd));
	if (!ret) {
		must(!kill(getpid(), SIGUSR1), "kill");
		ret = COUNTED(st_signal_read(fd, read));
		if (ret < 0) /* it is there still */
			must(st_signal_read(fd, read) == 1, "read a signal");
		else if (ret != 1 || read[0].signo != SIGUSR1)
			ret = WRONG;
		else
			ret = 0;
	}
	faults_on();
	st_fd_close(&fd);
	faults_off();
	must(!sigprocmask(SIG_SETMASK, &before, NULL), "signal mask");
	return ret;
}

/* ---- sockets ---- */

static void ready_path(char path[TEMPORARY_SIZE])
{
	char name[32];

	(void)snprintf(name, sizeof(name), "suptree-faults-%d", (int)getpid());
	(void)temporary_name(path, name);
}

static int open_ready(const char *path)
{
	int fd = -1;
	int ret = COUNTED(st_ready_open(path, 0666, &fd));

	faults_on();
	st_fd_close(&fd);
	faults_off();
	return ret;
}

static int run_ready_socket(void)
{
	char path[TEMPORARY_SIZE];

	ready_path(path);
	int ret = open_ready(path);
	bool is_there = access(path, F_OK) == 0;

	(void)unlink(path);
	/* What cannot be used is removed. */
	return ret && is_there ? WRONG : ret;
}

static int run_stale_ready_socket(void)
{
	char path[TEMPORARY_SIZE];
	int stale = -1;

	ready_path(path);
	must(!st_ready_open(path, 0666, &stale), "make a socket");
	st_fd_close(&stale);
	int ret = open_ready(path);

	(void)unlink(path);
	return ret;
}

static int run_ready_message(void)
{
	static struct st_ready_message message;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[TEMPORARY_SIZE];
	pid_t sender;
	int fd = -1;

	ready_path(path);
	must(!st_ready_open(path, 0666, &fd), "make a socket");
	memcpy(address.sun_path, path, sizeof(path));
	int client = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(sendto(client, "READY=1", 7, 0, (struct sockaddr *)&address, sizeof(address)) == 7,
	     "send");
	int ret = COUNTED(st_ready_receive(fd, &sender, &message));

	if (!ret)
		st_ready_done(fd);
	st_fd_close(&client);
	st_fd_close(&fd);
	(void)unlink(path);
	return ret || (sender == getpid() && message.is_ready) ? ret : WRONG;
}

static int run_channel(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);
	int mailbox = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int fd = -1;

	must(!bind(mailbox, (struct sockaddr *)&address, sizeof(sa_family_t)), "bind");
	must(!listen(mailbox, 1), "listen");
	must(!getsockname(mailbox, (struct sockaddr *)&address, &len), "name");
	uint32_t number = (uint32_t)strtoul(address.sun_path + 1, NULL, 16);
	int ret = COUNTED(st_channel_open(number, getpid(), "{}", 2, &fd));

	st_fd_close(&fd);
	st_fd_close(&mailbox);
	return ret;
}

/* ---- what is answered ---- */

static const struct answer of_credentials[] = {
	{ "getgrouplist", 0, E2BIG, "getgrouplist(3) says no more than -1" },
	{ 0 },
};

static const struct answer of_paths[] = {
	{ "stat", 0, EITHER, "what cannot be looked at is passed over" },
	{ "faccessat", 0, EITHER, "one that may not be executed is passed over" },
	{ 0 },
};

static const struct answer of_privileges[] = {
	{ "MINUS SYS_capget", 0, EITHER, "the limits may allow it without a capability" },
	{ "open", 0, 0, "what cannot be found out is tried when the child starts" },
	{ "read", 0, 0, "what cannot be found out is tried when the child starts" },
	{ 0 },
};

static const struct answer of_pidrefs[] = {
	{ "MINUS SYS_waitid", 0, EITHER, "one that cannot be waited for has not ended" },
	{ 0 },
};

static const struct answer of_low_fds[] = {
	{ "fcntl", EMFILE, EITHER, "fewer low numbers are taken; two are needed" },
	{ "dup3", 0, EITHER, "to give a low number back is tried again at the next spawn" },
	{ 0 },
};

static const struct answer of_channels[] = {
	{ "send", EPIPE, ECONNREFUSED, "who listened is gone, as if it had been before" },
	{ 0 },
};

const struct scenario credentials_by_name = { run_credentials_by_name, of_credentials };
const struct scenario credentials_by_number = { run_credentials_by_number, of_credentials };
const struct scenario privileges = { run_privileges, of_privileges };
const struct scenario capabilities = { run_capabilities, NULL };
const struct scenario paths = { run_paths, of_paths };
const struct scenario pidrefs = { run_pidrefs, of_pidrefs };
const struct scenario folders = { run_folders, NULL };
const struct scenario aside = { run_aside, NULL };
const struct scenario pipes = { run_pipes, NULL };
const struct scenario signals = { run_signals, NULL };
const struct scenario nofile = { run_nofile, NULL };
const struct scenario low_fds = { run_low_fds, of_low_fds };
const struct scenario ready_socket = { run_ready_socket, NULL };
const struct scenario stale_ready_socket = { run_stale_ready_socket, NULL };
const struct scenario ready_message = { run_ready_message, NULL };
const struct scenario channel = { run_channel, of_channels };
