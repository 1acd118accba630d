// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process references: opening, signalling, reaping.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

#define PID_FS 0x50494446 /* of pidfds since Linux 6.9, whose inodes tell processes apart */

/* A child that reads a pipe: it lives until it is killed or the pipe ends. */
FIXTURE(child)
{
	struct st_spawn_pool *pool;
	struct st_pidref ref;
	struct st_exit how;
	int end;
};

static char *const sh_argv[] = { "/bin/sh", "-c", "read line; exit 7", NULL };

FIXTURE_SETUP(child)
{
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	ASSERT_EQ(0, st_spawn_pool_new(0, &self->pool));
	request_program(&request, sh_argv);
	request.stdio[0] = fds[0];
	ASSERT_EQ(0, st_spawn_begin(self->pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	self->ref = st_pidref_take(st_spawn_pidref(spawn));
	self->end = fds[1];
	await_exec(spawn);
	ASSERT_EQ(0, st_spawn_finish(spawn, &failure));
	st_fd_close(&fds[0]);
}

FIXTURE_TEARDOWN(child)
{
	st_fd_close(&self->end);
	st_pidref_done(&self->ref);
	st_spawn_pool_free(self->pool);
}

TEST_F(child, waiting_for_a_running_child_says_so_and_does_not_block)
{
	EXPECT_EQ(0, st_pidref_wait(&self->ref, &self->how, NULL));
}

TEST_F(child, an_exit_status_comes_back)
{
	struct rusage usage = { .ru_maxrss = 0 };

	st_fd_close(&self->end);
	struct pollfd poll_fd = { .fd = self->ref.fd, .events = POLLIN };

	ASSERT_EQ(1, poll(&poll_fd, 1, -1));
	EXPECT_EQ(1, st_pidref_wait(&self->ref, &self->how, &usage));
	EXPECT_EQ(CLD_EXITED, self->how.code);
	EXPECT_EQ(7, self->how.status);
	EXPECT_LT(0, usage.ru_maxrss);
}

TEST_F(child, the_signal_that_killed_comes_back)
{
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGUSR1));
	self->how = await_end(&self->ref);
	EXPECT_EQ(CLD_KILLED, self->how.code);
	EXPECT_EQ(SIGUSR1, self->how.status);
}

TEST_F(child, one_that_is_stopped_is_known_until_it_goes_on)
{
	siginfo_t info;

	EXPECT_FALSE(st_pidref_is_stopped(&self->ref));
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGSTOP));
	ASSERT_EQ(0, waitid(P_PID, (id_t)self->ref.pid, &info, WSTOPPED | WNOWAIT));
	EXPECT_TRUE(st_pidref_is_stopped(&self->ref));
	EXPECT_TRUE(st_pidref_is_stopped(&self->ref)) TH_LOG("looking changes nothing");
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGCONT));
	EXPECT_FALSE(st_pidref_is_stopped(&self->ref));
	EXPECT_EQ(0, st_pidref_wait(&self->ref, &self->how, NULL));
}

TEST_F(child, a_child_is_reaped_once)
{
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGKILL));
	await_end(&self->ref);
	EXPECT_EQ(-ECHILD, st_pidref_wait(&self->ref, &self->how, NULL));
}

TEST_F(child, a_zombie_takes_signals_and_a_reaped_process_does_not)
{
	struct pollfd poll_fd = { .fd = self->ref.fd, .events = POLLIN };

	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGKILL));
	ASSERT_EQ(1, poll(&poll_fd, 1, -1));
	EXPECT_EQ(0, st_pidref_signal(&self->ref, SIGTERM));
	await_end(&self->ref);
	EXPECT_EQ(-ESRCH, st_pidref_signal(&self->ref, SIGTERM));
}

TEST_F(child, a_pid_can_be_opened_while_it_is_not_reaped)
{
	struct st_pidref second;

	ASSERT_EQ(0, st_pidref_open(self->ref.pid, &second));
	EXPECT_EQ(self->ref.pid, second.pid);
	EXPECT_TRUE(st_pidref_is_set(&second));
	ASSERT_EQ(0, st_pidref_signal(&second, SIGKILL));
	await_end(&second);
	st_pidref_done(&second);
	EXPECT_EQ(-ESRCH, st_pidref_open(self->ref.pid, &second));
}

TEST_F(child, signals_that_do_not_exist_are_EINVAL)
{
	EXPECT_EQ(-EINVAL, st_pidref_signal(&self->ref, 65));
	EXPECT_EQ(-EINVAL, st_pidref_signal(&self->ref, -1));
	EXPECT_EQ(0, st_pidref_signal(&self->ref, 0));
}

TEST_F(child, the_process_of_another_user_is_EPERM)
{
	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, setresuid(-1, 65534, -1));
	int ret = st_pidref_signal(&self->ref, SIGTERM);

	/* kill(2) looks at the real uid, too. */
	ASSERT_EQ(0, setresuid(-1, 0, -1));
	EXPECT_EQ(0, ret);
	become_nobody();
	EXPECT_EQ(-EPERM, st_pidref_signal(&self->ref, SIGTERM));
}

TEST_F(child, is_a_child_until_it_is_reaped)
{
	struct st_exit how;
	siginfo_t info;

	EXPECT_TRUE(st_pidref_is_child(&self->ref));
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGKILL));
	ASSERT_EQ(0, waitid(P_PIDFD, (id_t)self->ref.fd, &info, WEXITED | WNOWAIT));
	EXPECT_TRUE(st_pidref_is_child(&self->ref));
	EXPECT_EQ(1, st_pidref_wait(&self->ref, &how, NULL));
	EXPECT_FALSE(st_pidref_is_child(&self->ref));
}

TEST_F(child, a_pidref_moves_whole)
{
	pid_t pid = self->ref.pid;
	struct st_pidref taken = st_pidref_take(&self->ref);

	EXPECT_FALSE(st_pidref_is_set(&self->ref));
	EXPECT_EQ(-1, self->ref.fd);
	EXPECT_EQ(pid, taken.pid);
	self->ref = st_pidref_take(&taken);
	EXPECT_TRUE(st_pidref_is_set(&self->ref));
}

TEST(a_pidref_of_nothing_can_be_asked_and_closed)
{
	struct st_pidref none;
	struct st_exit how;

	st_pidref_init(&none);
	EXPECT_FALSE(st_pidref_is_set(&none));
	EXPECT_EQ(-ESRCH, st_pidref_signal(&none, SIGTERM));
	EXPECT_EQ(-ECHILD, st_pidref_wait(&none, &how, NULL));
	st_pidref_done(&none);
	st_pidref_done(&none);
}

TEST(a_process_that_is_no_child_cannot_be_reaped)
{
	struct st_pidref parent;
	struct st_exit how;

	ASSERT_EQ(0, st_pidref_open(getppid(), &parent));
	EXPECT_EQ(-ECHILD, st_pidref_wait(&parent, &how, NULL));
	st_pidref_done(&parent);
}

TEST(a_pid_must_be_positive)
{
	struct st_pidref ref;

	EXPECT_EQ(-EINVAL, st_pidref_open(0, &ref));
	EXPECT_EQ(-EINVAL, st_pidref_open(-1, &ref));
}

static void *tell_tid_and_wait(void *arg)
{
	int *fds = arg;
	pid_t tid = (pid_t)syscall(SYS_gettid);
	char byte;

	if (write(fds[1], &tid, sizeof(tid)) == sizeof(tid))
		(void)!read(fds[2], &byte, 1);
	return NULL;
}

TEST(a_thread_is_not_a_process)
{
	struct st_pidref ref;
	pthread_t thread;
	pid_t tid;
	int fds[4];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(fds + 2, O_CLOEXEC));
	ASSERT_EQ(0, pthread_create(&thread, NULL, tell_tid_and_wait, fds));
	ASSERT_EQ(sizeof(tid), read(fds[0], &tid, sizeof(tid)));
	EXPECT_EQ(-EINVAL, st_pidref_open(tid, &ref));
	st_fd_close(&fds[3]);
	pthread_join(thread, NULL);
}

/* Three hundred children that end at once and are reaped, one after the other. */
static void *have_children(void *arg)
{
	_Atomic pid_t *latest = arg;

	for (int i = 0; i < 300; i++) {
		pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

		if (pid == 0)
			syscall(SYS_exit_group, 0);
		*latest = pid;
		(void)waitpid(pid, NULL, 0);
	}
	*latest = 0;
	return NULL;
}

TEST(a_process_that_is_reaped_meanwhile_is_there_or_ESRCH)
{
	_Atomic pid_t latest = getpid();
	struct st_pidref ref;
	pthread_t thread;
	pid_t pid;

	ASSERT_EQ(0, pthread_create(&thread, NULL, have_children, &latest));
	while ((pid = latest)) {
		int ret = st_pidref_open(pid, &ref);

		if (ret == 0)
			st_pidref_done(&ref);
		else
			ASSERT_EQ(-ESRCH, ret);
	}
	pthread_join(thread, NULL);
}

static int listen_somewhere(struct sockaddr_un *ret_name, socklen_t *ret_len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*ret_name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*ret_len = sizeof(*ret_name);
	if (fd < 0 || bind(fd, (struct sockaddr *)ret_name, sizeof(sa_family_t)) ||
	    getsockname(fd, (struct sockaddr *)ret_name, ret_len) || listen(fd, 1))
		abort();
	return fd;
}

TEST(a_peer_is_the_process_that_connected_even_when_it_has_ended)
{
	struct st_pidref own, other;
	struct sockaddr_un name;
	struct statfs kind;
	socklen_t len;
	int listener = listen_somewhere(&name, &len), client, fd;
	pid_t pid;

	ASSERT_EQ(0, st_pidref_open(getpid(), &own));
	ASSERT_EQ(0, fstatfs(own.fd, &kind));
	client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid = fork();
	if (!pid)
		_exit(connect(client, (struct sockaddr *)&name, len) ? 1 : 0);
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, st_pidref_open(pid, &other));
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(st_pidref_is_peer(&other, fd));
	if (kind.f_type == PID_FS)
		EXPECT_FALSE(st_pidref_is_peer(&own, fd));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	/* the client is still open here, and the pid is free for another process */
	if (kind.f_type == PID_FS)
		EXPECT_FALSE(st_pidref_is_peer(&own, fd));
	st_pidref_done(&other);
	st_pidref_done(&own);
	close(fd);
	close(client);
	close(listener);
}

TEST(without_a_descriptor_left_opening_is_EMFILE)
{
	struct st_pidref ref;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_pidref_open(getpid(), &ref));
	give_back_fds();
}

/* core(5): whether there is a dump depends on the machine; the report must match. */
TEST(a_core_dump_is_told_apart)
{
	struct st_limit limit = { RLIMIT_CORE, { RLIM_INFINITY, RLIM_INFINITY } };
	struct st_spawn_request request;
	char pattern[128] = { 0 };
	char dir[64];
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);

	if (geteuid() != 0)
		SKIP(return, "needs root to raise the limit of core dumps");
	if (fd < 0)
		SKIP(return, "the kernel has been built without core dumps");
	ASSERT_LT(0, read(fd, pattern, sizeof(pattern) - 1));
	if (pattern[0] == '|' || pattern[0] == '/')
		SKIP(return, "core dumps do not go to the working directory here");
	make_dir(dir);
	request_program(&request, (char *[]){ "/bin/sh", "-c", "kill -ABRT $$", NULL });
	request.cwd = dir;
	request.limits = &limit;
	request.nr_limits = 1;
	struct outcome outcome = run(&request);

	EXPECT_EQ(CLD_DUMPED, outcome.how.code);
	EXPECT_EQ(SIGABRT, outcome.how.status);
	remove_dir(dir);
}

TEST_HARNESS_MAIN
