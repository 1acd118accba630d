// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a daemon without root may not do: the check in advance and the start agree.
 */
#include "os/privilege.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"

static char *const true_argv[] = { "/bin/true", NULL };

FIXTURE(request)
{
	struct st_spawn_request request;
	struct st_credentials credentials;
	struct st_limit limit;
};

FIXTURE_SETUP(request)
{
	request_program(&self->request, true_argv);
	if (geteuid() != 0)
		SKIP_FIXTURE("needs root to give it up");
}

FIXTURE_TEARDOWN(request)
{
}

#define REFUSED() st_spawn_step_text(st_privilege_refuses(&self->request))

/* What the forecast says is what the start says. */
#define EXPECT_REFUSED(text) \
	do { \
		EXPECT_STREQ(text, REFUSED()); \
		EXPECT_STREQ(text, st_spawn_step_text(run(&self->request).failure.step)); \
	} while (0)

TEST_F(request, root_may_everything)
{
	self->credentials = (struct st_credentials){ .uid = 1234, .gid = 1234 };
	self->limit = (struct st_limit){ RLIMIT_CPU, { RLIM_INFINITY, RLIM_INFINITY } };
	self->request.credentials = &self->credentials;
	self->request.limits = &self->limit;
	self->request.nr_limits = 1;
	self->request.flags = ST_SPAWN_SET_NICE | ST_SPAWN_SET_OOM_SCORE;
	self->request.nice = -5;
	self->request.oom_score_adj = -5;
	if (prctl(PR_CAPBSET_READ, CAP_SYS_RESOURCE) != 1)
		SKIP(return, "root has no CAP_SYS_RESOURCE here");
	EXPECT_REFUSED("none");
}

TEST_F(request, nobody_may_be_nicer_and_poorer)
{
	struct rlimit own;

	become_nobody();
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &own));
	self->limit = (struct st_limit){ RLIMIT_NOFILE, { own.rlim_cur / 2, own.rlim_max / 2 } };
	self->request.limits = &self->limit;
	self->request.nr_limits = 1;
	self->request.flags = ST_SPAWN_SET_NICE | ST_SPAWN_SET_OOM_SCORE | ST_SPAWN_SET_UMASK |
			      ST_SPAWN_SETSID | ST_SPAWN_NO_NEW_PRIVS;
	self->request.nice = 10;
	self->request.oom_score_adj = 500;
	EXPECT_REFUSED("none");
}

TEST_F(request, nobody_may_not_be_less_nice)
{
	ASSERT_EQ(0, setpriority(PRIO_PROCESS, 0, 0)); /* however nice the test is run */
	become_nobody();
	self->request.flags = ST_SPAWN_SET_NICE;
	self->request.nice = -1;
	EXPECT_REFUSED("setpriority");
}

TEST_F(request, RLIMIT_NICE_says_how_nice_one_must_be)
{
	struct rlimit limit = { 25, 25 };

	if (setrlimit(RLIMIT_NICE, &limit) < 0)
		SKIP(return, "root has no CAP_SYS_RESOURCE here");
	become_nobody();
	self->request.flags = ST_SPAWN_SET_NICE;
	self->request.nice = -5;
	EXPECT_REFUSED("none");
	self->request.nice = -6;
	EXPECT_REFUSED("setpriority");
}

TEST_F(request, nobody_may_not_raise_a_hard_limit)
{
	struct rlimit low = { 10, 20 };

	ASSERT_EQ(0, setrlimit(RLIMIT_MSGQUEUE, &low));
	become_nobody();
	self->limit = (struct st_limit){ RLIMIT_MSGQUEUE, { 20, 20 } };
	self->request.limits = &self->limit;
	self->request.nr_limits = 1;
	EXPECT_REFUSED("none");
	self->limit.value.rlim_max = 21;
	EXPECT_REFUSED("prlimit");
}

TEST_F(request, a_limit_that_does_not_exist_is_refused)
{
	self->limit = (struct st_limit){ 99, { 1, 1 } };
	self->request.limits = &self->limit;
	self->request.nr_limits = 1;
	EXPECT_REFUSED("prlimit");
}

TEST_F(request, nobody_may_not_be_somebody)
{
	become_nobody();
	self->credentials = (struct st_credentials){ .uid = 1234, .gid = 1234 };
	self->request.credentials = &self->credentials;
	EXPECT_REFUSED("setgroups");
}

TEST_F(request, a_uid_needs_CAP_SETUID_unless_it_is_the_own)
{
	drop_capability(CAP_SETUID);
	self->credentials = (struct st_credentials){ .gid = 1234 };
	self->request.credentials = &self->credentials;
	EXPECT_REFUSED("none");
	self->credentials.uid = 1234;
	EXPECT_REFUSED("setresuid");
}

/* The program must live long enough to be found without the score. */
TEST_F(request, nobody_may_not_protect_a_child_from_the_OOM_killer)
{
	char *argv[] = { "/bin/cat", NULL };
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	become_nobody();
	self->request.path = argv[0];
	self->request.argv = argv;
	self->request.stdio[0] = fds[0];
	self->request.flags = ST_SPAWN_SET_OOM_SCORE;
	self->request.oom_score_adj = -1;
	EXPECT_REFUSED("set oom_score_adj");
}

TEST_HARNESS_MAIN
