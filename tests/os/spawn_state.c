// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a new process has and has not: descriptors, signals, attributes.
 * The program `report` prints it; these tests read the report.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/cgroup.h"
#include "os/fd.h"
#include "os/signal.h"

static char *const report[] = { (char *)PROGRAM("report"), NULL };

#define EXPECT_STARTED(outcome) \
	do { \
		EXPECT_STREQ("none", st_spawn_step_text((outcome).failure.step)); \
		EXPECT_EQ(CLD_EXITED, (outcome).how.code); \
		EXPECT_EQ(0, (outcome).how.status); \
	} while (0)

#define EXPECT_REPORT(value, outcome, key) EXPECT_STREQ(value, value_of((outcome).text, key))

TEST(a_child_has_its_three_descriptors_and_no_others)
{
	struct outcome outcome = run_program(report);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("0 1 2", outcome, "fds");
	EXPECT_REPORT("/dev/null", outcome, "stdin");
}

TEST(a_child_gets_a_descriptor_under_the_number_that_was_asked_for)
{
	struct st_spawn_fd fds[] = { { .target = 7 }, { .target = 3 }, { .target = 900 } };
	struct st_spawn_request request;

	request_program(&request, report);
	request.fds = fds;
	request.nr_fds = 3;
	for (int i = 0; i < 3; i++)
		fds[i].source = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("0 1 2 3 7 900", outcome, "fds");
}

TEST(descriptors_may_swap_their_numbers)
{
	struct st_spawn_fd fds[2];
	struct st_spawn_request request;

	request_program(&request,
			(char *[]){ "/bin/readlink", "/proc/self/fd/8", "/proc/self/fd/9", NULL });
	/* 8 and 9 are open here, and each is to become the other one there. */
	ASSERT_EQ(8, dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 8));
	ASSERT_EQ(9, dup2(open("/dev/zero", O_RDONLY | O_CLOEXEC), 9));
	fds[0] = (struct st_spawn_fd){ .source = 8, .target = 9 };
	fds[1] = (struct st_spawn_fd){ .source = 9, .target = 8 };
	request.fds = fds;
	request.nr_fds = 2;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_STREQ("/dev/zero\n/dev/null\n", outcome.text);
}

TEST(a_child_may_inherit_the_own_stdio)
{
	struct st_spawn_request request;
	int fds[2];
	char text[64];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	ASSERT_EQ(1, dup2(fds[1], 1));
	request_program(&request, (char *[]){ "/bin/echo", "hello", NULL });
	request.stdio[0] = 0;
	request.stdio[1] = 1;
	request.stdio[2] = 2;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	ASSERT_EQ(6, read(fds[0], text, sizeof(text)));
	EXPECT_EQ(0, memcmp("hello\n", text, 6));
}

/* The own one, under its own number: nobody clears the flag by duplicating it. */
TEST(an_own_descriptor_is_inherited_in_spite_of_close_on_exec)
{
	struct st_spawn_request request;
	int fds[2];
	char text[64];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	ASSERT_EQ(1, dup3(fds[1], 1, O_CLOEXEC));
	request_program(&request, (char *[]){ "/bin/echo", "hello", NULL });
	request.stdio[1] = 1;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	ASSERT_EQ(6, read(fds[0], text, sizeof(text)));
	EXPECT_EQ(FD_CLOEXEC, fcntl(1, F_GETFD)) TH_LOG("here it is as it was");
}

TEST(the_own_stdio_may_change_places)
{
	struct st_spawn_request request;

	ASSERT_EQ(1, dup2(open("/dev/zero", O_RDWR | O_CLOEXEC), 1));
	ASSERT_EQ(2, dup2(open("/dev/full", O_RDWR | O_CLOEXEC), 2));
	request_program(&request, (char *[]){ "/bin/sh", "-c",
					      "test /dev/fd/1 -ef /dev/full && "
					      "test /dev/fd/2 -ef /dev/zero",
					      NULL });
	request.stdio[1] = 2;
	request.stdio[2] = 1;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
}

TEST(stderr_can_be_what_stdout_is)
{
	struct st_spawn_request request;
	int fds[2];
	char text[64];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	request_program(&request, (char *[]){ "/bin/sh", "-c", "echo a; echo b >&2", NULL });
	request.stdio[1] = fds[1];
	request.stdio[2] = fds[1];
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	ASSERT_EQ(4, read(fds[0], text, sizeof(text)));
	EXPECT_EQ(0, memcmp("a\nb\n", text, 4));
}

/* A library of the parent may open without O_CLOEXEC; that must not matter. */
TEST(descriptors_without_close_on_exec_do_not_leak)
{
	ASSERT_LE(3, open("/dev/null", O_RDONLY));
	ASSERT_EQ(500, dup2(0, 500));
	struct outcome outcome = run_program(report);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("0 1 2", outcome, "fds");
}

static void handler(int signo)
{
	(void)signo;
}

TEST(a_child_blocks_ignores_and_catches_no_signal)
{
	ASSERT_EQ(0, st_signal_block_all());
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, handler);
	/* Not `report`: a sanitizer in it would catch signals of its own. */
	struct outcome outcome = run_program((char *[]){ "/bin/cat", "/proc/self/status", NULL });

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("0000000000000000", outcome, "SigBlk");
	EXPECT_REPORT("0000000000000000", outcome, "SigIgn");
	EXPECT_REPORT("0000000000000000", outcome, "SigCgt");
}

TEST(a_spawn_leaves_the_own_signal_mask_as_it_was)
{
	sigset_t mask;
	sigset_t before;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	ASSERT_EQ(0, sigprocmask(SIG_SETMASK, &mask, NULL));
	(void)run_program(report);
	ASSERT_EQ(0, sigprocmask(SIG_SETMASK, NULL, &before));
	EXPECT_EQ(1, sigismember(&before, SIGUSR2));
	EXPECT_EQ(0, sigismember(&before, SIGTERM));
}

TEST(a_pool_may_rely_on_signals_that_are_blocked_for_good)
{
	char *argv[] = { "/bin/sh", "-c", "grep -q 'SigBlk:.*0000000000000000' /proc/self/status",
			 NULL };
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_spawn_pool_new(ST_SPAWN_POOL_SIGNALS_BLOCKED, &pool));
	request_program(&request, argv);
	ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

	await_exec(spawn);
	EXPECT_EQ(0, st_spawn_finish(spawn, &failure));
	EXPECT_EQ(0, await_end(&ref).status);
	st_pidref_done(&ref);
	st_spawn_pool_free(pool);
}

TEST(arguments_and_environment_arrive)
{
	struct st_spawn_request request;

	request_program(&request, (char *[]){ (char *)PROGRAM("report"), "x", "y", NULL });
	request.envp = (char *[]){ "A=1", "B=2", NULL };
	struct outcome outcome = run(&request);

	EXPECT_REPORT("3", outcome, "argc");
	EXPECT_REPORT("A=1", outcome, "env0");
	EXPECT_REPORT("B=2", outcome, "env1");
	EXPECT_REPORT("", outcome, "env2");
}

TEST(without_being_asked_a_spawn_changes_no_attribute)
{
	char cwd[4096];

	ASSERT_NE(NULL, getcwd(cwd, sizeof(cwd)));
	umask(0123);
	struct outcome outcome = run_program(report);

	EXPECT_REPORT(cwd, outcome, "cwd");
	EXPECT_REPORT("123", outcome, "umask");
	EXPECT_REPORT("0", outcome, "deathsig");
	EXPECT_REPORT("0", outcome, "leader");
	EXPECT_REPORT("0", outcome, "group leader");
	EXPECT_REPORT("0", outcome, "NoNewPrivs");
}

TEST(attributes_are_set_as_asked)
{
	struct st_limit limit = { RLIMIT_NOFILE, { 100, 200 } };
	int own = getpriority(PRIO_PROCESS, 0);
	int nicer = own < 14 ? own + 5 : 19; /* an ordinary user may not lower it */
	struct st_spawn_request request;
	char text[16];

	snprintf(text, sizeof(text), "%d", nicer);
	request_program(&request, report);
	request.flags = ST_SPAWN_SETSID | ST_SPAWN_NO_NEW_PRIVS | ST_SPAWN_SET_NICE |
			ST_SPAWN_SET_UMASK;
	request.nice = nicer;
	request.umask = 027;
	request.cwd = "/usr";
	request.death_signal = SIGTERM;
	request.limits = &limit;
	request.nr_limits = 1;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("1", outcome, "leader");
	EXPECT_REPORT("1", outcome, "NoNewPrivs");
	EXPECT_REPORT(text, outcome, "nice");
	EXPECT_REPORT("27", outcome, "umask");
	EXPECT_REPORT("/usr", outcome, "cwd");
	EXPECT_REPORT("15", outcome, "deathsig");
	EXPECT_REPORT("100 200", outcome, "nofile");
}

static void read_score(pid_t pid, char text[16])
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, text, 15);

	text[len < 0 ? 0 : len] = '\0';
	st_fd_close(&fd);
}

/* As long as the child shares our memory, its score is ours: the instant matters. */
TEST(oom_score_is_set_for_the_child_alone)
{
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn_pool *pool;
	char own[2][16];
	int fds[2];

	read_score(getpid(), own[0]);
	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	request_program(&request, (char *[]){ "/bin/cat", NULL });
	request.stdio[0] = fds[0];
	request.flags = ST_SPAWN_SET_OOM_SCORE;
	request.oom_score_adj = 321;
	for (int i = 0; i < 200; i++) {
		struct st_spawn *spawn;
		char child[16];

		ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
		await_exec(spawn);
		struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

		ASSERT_EQ(0, st_spawn_finish(spawn, &failure));
		read_score(ref.pid, child);
		read_score(getpid(), own[1]);
		ASSERT_STREQ("321\n", child);
		ASSERT_STREQ(own[0], own[1]);
		ASSERT_EQ(0, st_pidref_signal(&ref, SIGKILL));
		await_end(&ref);
		st_pidref_done(&ref);
	}
	st_spawn_pool_free(pool);
	st_fd_close(&fds[0]);
	st_fd_close(&fds[1]);
}

TEST(a_child_can_have_a_process_group_of_its_own_in_our_session)
{
	struct st_spawn_request request;

	request_program(&request, report);
	request.flags = ST_SPAWN_SETPGID;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("1", outcome, "group leader");
	EXPECT_REPORT("0", outcome, "leader");
}

TEST(credentials_are_set_completely)
{
	gid_t groups[] = { 20, 30 };
	struct st_credentials credentials = {
		.uid = 1234, .gid = 2345, .groups = groups, .nr_groups = 2
	};
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	request_program(&request, report);
	request.credentials = &credentials;
	request.death_signal = SIGKILL;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("1234\t1234\t1234\t1234", outcome, "Uid");
	EXPECT_REPORT("2345\t2345\t2345\t2345", outcome, "Gid");
	EXPECT_EQ(0, strncmp("20 30", value_of(outcome.text, "Groups"), 5));
	EXPECT_REPORT("0000000000000000", outcome, "CapEff");
	/* A change of ids clears it, so it must be set after that. */
	EXPECT_REPORT("9", outcome, "deathsig");
}

TEST(credentials_without_groups_leave_no_group_behind)
{
	struct st_credentials credentials = { .uid = 1234, .gid = 2345 };
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	request_program(&request, report);
	request.credentials = &credentials;
	struct outcome outcome = run(&request);

	EXPECT_STARTED(outcome);
	EXPECT_REPORT("", outcome, "Groups");
}

/* setresuid(2) in a child that shares our memory makes it undumpable. */
TEST(the_parent_stays_dumpable_after_a_child_changed_its_uid)
{
	struct st_credentials credentials = { .uid = 1234, .gid = 2345 };
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, prctl(PR_SET_DUMPABLE, 1));
	request_program(&request, report);
	request.credentials = &credentials;
	EXPECT_STARTED(run(&request));
	EXPECT_EQ(1, prctl(PR_GET_DUMPABLE));
}

TEST(a_child_is_born_in_its_cgroup)
{
	struct st_spawn_request request;
	char path[4096];
	int fd;

	if (st_cgroup_find_own(path, sizeof(path) - 32) < 0)
		SKIP(return, "needs cgroup version 2");
	size_t len = strlen(path);

	(void)snprintf(path + len, 32, "/st-test-spawn-%d", (int)getpid());
	if (st_cgroup_create(path, &fd) < 0)
		SKIP(return, "needs a writable cgroup version 2");
	request_program(&request, report);
	request.cgroup_fd = fd;
	struct outcome outcome = run(&request);

	st_fd_close(&fd);
	EXPECT_EQ(0, st_cgroup_remove(path));
	EXPECT_STARTED(outcome);
	EXPECT_NE(NULL, strstr(outcome.text, path + len));
}

TEST_HARNESS_MAIN
