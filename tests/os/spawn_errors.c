// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failed starts: each returns the failed step and its errno, from begin if there is no
 * process, from finish if there was one.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

#define TRUE_ARGV ((char *[]){ "/bin/true", NULL })

#define EXPECT_FAILED(outcome, at, errno_value) \
	do { \
		EXPECT_STREQ(st_spawn_step_text(at), st_spawn_step_text((outcome).failure.step)); \
		EXPECT_EQ(errno_value, (outcome).failure.error); \
	} while (0)

/* Of a step in the child: the process has exited with status 127. */
#define EXPECT_CHILD_FAILED(outcome, at, errno_value) \
	do { \
		EXPECT_FAILED(outcome, at, errno_value); \
		EXPECT_EQ(CLD_EXITED, (outcome).how.code); \
		EXPECT_EQ(127, (outcome).how.status); \
	} while (0)

FIXTURE(files)
{
	char dir[64];
	char path[128];
};

FIXTURE_SETUP(files)
{
	make_dir(self->dir);
	(void)snprintf(self->path, sizeof(self->path), "%s/program", self->dir);
}

FIXTURE_TEARDOWN(files)
{
	remove_dir(self->dir);
}

TEST_F(files, a_missing_program_is_ENOENT_at_execve)
{
	struct outcome outcome = run_program((char *[]){ self->path, NULL });

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_EXEC, ENOENT);
}

TEST_F(files, a_file_that_is_not_executable_is_EACCES_at_execve)
{
	make_file(self->path, "#!/bin/sh\n", 0644);
	struct outcome outcome = run_program((char *[]){ self->path, NULL });

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_EXEC, EACCES);
}

TEST_F(files, a_directory_is_EACCES_at_execve)
{
	struct outcome outcome = run_program((char *[]){ self->dir, NULL });

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_EXEC, EACCES);
}

/* execvp(3) would hand it to a shell. */
TEST_F(files, a_file_of_no_known_format_is_ENOEXEC_at_execve)
{
	make_file(self->path, "neither a script nor a program\n", 0755);
	struct outcome outcome = run_program((char *[]){ self->path, NULL });

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_EXEC, ENOEXEC);
}

TEST_F(files, a_missing_interpreter_is_ENOENT_at_execve)
{
	make_file(self->path, "#!/nonexistent/interpreter\n", 0755);
	struct outcome outcome = run_program((char *[]){ self->path, NULL });

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_EXEC, ENOENT);
}

TEST_F(files, a_missing_working_directory_is_ENOENT_at_chdir)
{
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.cwd = self->path;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_CWD, ENOENT);
}

TEST_F(files, a_file_as_working_directory_is_ENOTDIR_at_chdir)
{
	struct st_spawn_request request;

	make_file(self->path, "", 0644);
	request_program(&request, TRUE_ARGV);
	request.cwd = self->path;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_CWD, ENOTDIR);
}

TEST_F(files, a_working_directory_is_entered_with_the_rights_of_the_child)
{
	struct st_credentials credentials = { .uid = 1234, .gid = 2345 };
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, mkdir(self->path, 0700));
	request_program(&request, TRUE_ARGV);
	request.cwd = self->path;
	request.credentials = &credentials;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_CWD, EACCES);
}

TEST_F(files, a_command_that_is_nowhere_in_PATH_is_ENOENT_and_no_process)
{
	struct st_spawn_request request;
	char path[128];

	(void)snprintf(path, sizeof(path), "PATH=%s", self->dir);
	request_program(&request, (char *[]){ "program", NULL });
	request.envp = (char *[]){ path, NULL };
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_SEARCH, ENOENT);
	make_file(self->path, "", 0644);
	outcome = run(&request);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_SEARCH, EACCES);
	make_file(self->path, "#!/bin/sh\nexit 5\n", 0755);
	outcome = run(&request);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_NONE, 0);
	EXPECT_EQ(5, outcome.how.status);
}

/* ---- what the kernel refuses to those without privilege ---- */

TEST(a_limit_that_may_not_be_raised_is_EPERM_at_prlimit)
{
	struct st_limit limit = { RLIMIT_CPU, { RLIM_INFINITY, RLIM_INFINITY } };
	struct rlimit low = { 100, 100 };
	struct st_spawn_request request;

	if (geteuid() == 0)
		become_nobody();
	ASSERT_EQ(0, setrlimit(RLIMIT_CPU, &low));
	request_program(&request, TRUE_ARGV);
	request.limits = &limit;
	request.nr_limits = 1;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_LIMITS, EPERM);
}

TEST(a_limit_that_does_not_exist_is_EINVAL_at_prlimit)
{
	struct st_limit limit = { 99, { 1, 1 } };
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.limits = &limit;
	request.nr_limits = 1;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_LIMITS, EINVAL);
}

TEST(to_be_less_nice_without_privilege_is_EACCES_at_setpriority)
{
	struct st_spawn_request request;

	if (geteuid() == 0)
		become_nobody();
	request_program(&request, TRUE_ARGV);
	request.flags = ST_SPAWN_SET_NICE;
	request.nice = -20;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_NICE, EACCES);
}

TEST(a_lower_oom_score_without_privilege_is_EACCES_and_ends_the_child)
{
	struct st_spawn_request request;
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));

	if (geteuid() == 0)
		become_nobody();
	request_program(&request, (char *[]){ "/bin/cat", NULL });
	request.flags = ST_SPAWN_SET_OOM_SCORE;
	request.oom_score_adj = -999;
	/* It lives until it is killed for that. */
	request.stdio[0] = fds[0];
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_OOM_SCORE, EACCES);
	EXPECT_EQ(SIGKILL, outcome.how.status);
}

TEST(other_credentials_without_privilege_are_EPERM_at_setgroups)
{
	struct st_credentials credentials = { .uid = 1234, .gid = 2345 };
	struct st_spawn_request request;

	if (geteuid() == 0)
		become_nobody();
	request_program(&request, TRUE_ARGV);
	request.credentials = &credentials;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_GROUPS, EPERM);
}

TEST(another_uid_without_CAP_SETUID_is_EPERM_at_setresuid)
{
	struct st_credentials credentials = { .uid = 1234, .gid = 2345 };
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	drop_capability(CAP_SETUID);
	request_program(&request, TRUE_ARGV);
	request.credentials = &credentials;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_UID, EPERM);
}

TEST(an_impossible_death_signal_is_EINVAL)
{
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.death_signal = 99;
	struct outcome outcome = run(&request);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_DEATH_SIGNAL, EINVAL);
}

/* ---- what is refused before there is a process ---- */

TEST(a_request_without_program_arguments_or_environment_is_EINVAL)
{
	struct st_spawn_request request;

	st_spawn_request_init(&request);
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
	request_program(&request, TRUE_ARGV);
	request.envp = NULL;
	outcome = run(&request);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
	request_program(&request, (char *[]){ NULL });
	request.path = "/bin/true";
	outcome = run(&request);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
}

static struct outcome run_with_fd(int source, int target)
{
	struct st_spawn_fd fd = { source, target };
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.fds = &fd;
	request.nr_fds = 1;
	return run(&request);
}

TEST(targets_of_descriptors_are_checked)
{
	struct outcome outcome = run_with_fd(0, 2);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
	outcome = run_with_fd(0, ST_SPAWN_FD_TARGET_MAX + 1);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
	outcome = run_with_fd(-1, 3);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EBADF);
	outcome = run_with_fd(0, ST_SPAWN_FD_TARGET_MAX);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_NONE, 0);
}

TEST(two_descriptors_for_one_number_are_EINVAL)
{
	struct st_spawn_fd fds[] = { { 0, 5 }, { 1, 5 } };
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.fds = fds;
	request.nr_fds = 2;
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, EINVAL);
}

TEST(as_many_descriptors_as_allowed_pass_and_one_more_is_E2BIG)
{
	struct st_spawn_fd fds[ST_SPAWN_FDS_MAX + 1];
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	for (int i = 0; i <= ST_SPAWN_FDS_MAX; i++)
		fds[i] = (struct st_spawn_fd){ 0, 10 + i };
	request.fds = fds;
	request.nr_fds = ST_SPAWN_FDS_MAX;
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_NONE, 0);
	request.nr_fds = ST_SPAWN_FDS_MAX + 1;
	outcome = run(&request);
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_REQUEST, E2BIG);
}

TEST(a_descriptor_that_is_not_open_is_EBADF)
{
	struct outcome outcome = run_with_fd(777, 3);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_PASS_FDS, EBADF);
}

/* dup3(2): the number is above the soft limit, which the child inherits. */
TEST(a_target_above_the_limit_of_descriptors_is_EBADF_in_the_child)
{
	struct rlimit limit = { 200, 200 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	struct outcome outcome = run_with_fd(0, 300);

	EXPECT_CHILD_FAILED(outcome, ST_SPAWN_STEP_SET_FDS, EBADF);
}

TEST(a_cgroup_that_is_none_fails_the_clone)
{
	struct st_spawn_request request;

	request_program(&request, TRUE_ARGV);
	request.cgroup_fd = 0;
	struct outcome outcome = run(&request);

	EXPECT_FAILED(outcome, ST_SPAWN_STEP_CLONE, EBADF);
}

TEST(the_limit_of_processes_fails_the_clone_with_EAGAIN)
{
	struct rlimit before;

	if (geteuid() == 0)
		become_nobody();
	ASSERT_EQ(0, getrlimit(RLIMIT_NPROC, &before));
	struct rlimit limit = { 0, before.rlim_max };

	ASSERT_EQ(0, setrlimit(RLIMIT_NPROC, &limit));
	struct outcome outcome = run_program(TRUE_ARGV);

	ASSERT_EQ(0, setrlimit(RLIMIT_NPROC, &before));
	EXPECT_FAILED(outcome, ST_SPAWN_STEP_CLONE, EAGAIN);
}

TEST(no_descriptor_for_the_pidfd_fails_the_clone_with_EMFILE)
{
	struct st_spawn_request request;
	struct st_spawn_failure failure = { 0 };
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;
	int last = 199;

	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	EXPECT_LT(0, use_up_fds());
	request_program(&request, TRUE_ARGV);
	EXPECT_EQ(-ECHILD, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	EXPECT_EQ(ST_SPAWN_STEP_CLONE, failure.step);
	EXPECT_EQ(EMFILE, failure.error);
	/* A failed begin holds nothing back. */
	st_fd_close(&last);
	ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	await_exec(spawn);
	EXPECT_EQ(0, st_spawn_finish(spawn, &failure));
	give_back_fds();
	st_spawn_pool_free(pool);
}

TEST(a_pool_needs_a_low_descriptor_number)
{
	struct st_spawn_pool *pool;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_spawn_pool_new(0, &pool));
	give_back_fds();
}

TEST(without_memory_there_is_no_pool)
{
	struct rlimit before, none;
	struct st_spawn_pool *pool;
	int fd = lowest_free();

	ASSERT_EQ(0, getrlimit(RLIMIT_AS, &before));
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	ASSERT_EQ(0, setrlimit(RLIMIT_AS, &none));
	EXPECT_EQ(-ENOMEM, st_spawn_pool_new(0, &pool));
	ASSERT_EQ(0, setrlimit(RLIMIT_AS, &before));
	EXPECT_EQ(fd, lowest_free());
}

TEST(a_pool_that_is_freed_gives_its_descriptors_back)
{
	struct st_spawn_pool *pool;
	int before = lowest_free();

	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	EXPECT_LT(before, lowest_free());
	st_spawn_pool_free(pool);
	EXPECT_EQ(before, lowest_free());
	st_spawn_pool_free(NULL);
}

TEST(every_step_has_a_text)
{
	for (int step = 0; step < ST_SPAWN_STEP__MAX; step++)
		EXPECT_LT(0, strlen(st_spawn_step_text((enum st_spawn_step)step)));
	EXPECT_STREQ("unknown step", st_spawn_step_text(ST_SPAWN_STEP__MAX));
}

TEST_HARNESS_MAIN
