// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment of a child: the daemon's variables, those of its
 * specification, and the part of the daemon's own environment that is meant for
 * it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/processes.h"

FIXTURE(launch)
{
	struct processes_test test;
};

FIXTURE_SETUP(launch)
{
	ASSERT_EQ(0, setenv("NOTIFY_SOCKET", "/run/the-daemons-own", 1));
	ASSERT_EQ(0, setenv("SUPTREE_PATH", "the/daemons/own", 1));
	ASSERT_EQ(0, setenv("COLOUR", "blue", 1));
	processes_init(&self->test);
}

FIXTURE_TEARDOWN(launch)
{
	processes_done(&self->test);
}

#define LINES outputs_lines(&self->test.outputs, "a", 100)

TEST_F(launch, a_child_knows_its_path_its_generation_and_the_socket)
{
	char wanted[256];

	ADD_ACT(&self->test, "a", ST_READY_EXEC, "env=SUPTREE_PATH", "env=SUPTREE_GENERATION",
		"env=SUPTREE_SOCKET");
	processes_boot(&self->test);
	snprintf(wanted, sizeof(wanted),
		 "out:SUPTREE_PATH=a out:SUPTREE_GENERATION=%llu "
		 "out:SUPTREE_SOCKET=/run/suptree/test.sock ",
		 (unsigned long long)st_tree_find(self->test.tree, "a")->generation);
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ(wanted, LINES);
}

TEST_F(launch, the_readiness_socket_is_for_those_that_are_to_notify)
{
	char wanted[128];

	ADD_ACT(&self->test, "a", ST_READY_NOTIFY, "env=NOTIFY_SOCKET");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	snprintf(wanted, sizeof(wanted), "out:NOTIFY_SOCKET=%s ", self->test.notify_path);
	EXPECT_STREQ(wanted, LINES);
}

TEST_F(launch, the_daemons_own_readiness_socket_is_for_no_child)
{
	ADD_ACT(&self->test, "a", ST_READY_EXEC, "env=NOTIFY_SOCKET", "env=COLOUR");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("out:NOTIFY_SOCKET out:COLOUR=blue ", LINES);
}

TEST_F(launch, what_a_service_manager_gave_to_the_daemon_is_for_no_child)
{
	static const char *const given[] = {
		"INVOCATION_ID",    "JOURNAL_STREAM", "CREDENTIALS_DIRECTORY",
		"LISTEN_FDS",	    "LISTEN_PID",     "LISTEN_FDNAMES",
		"STATE_DIRECTORY",  "MAINPID",	      "MANAGERPID",
		"SYSTEMD_EXEC_PID", "WATCHDOG_USEC",  "MEMORY_PRESSURE_WATCH",
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(given); i++)
		ASSERT_EQ(0, setenv(given[i], "the-daemons-own", 1));
	ASSERT_EQ(0, setenv("LISTENER", "mine", 1));
	ADD_ACT(&self->test, "a", ST_READY_EXEC, "env=INVOCATION_ID", "env=JOURNAL_STREAM",
		"env=CREDENTIALS_DIRECTORY", "env=LISTEN_FDS", "env=LISTEN_PID",
		"env=LISTEN_FDNAMES", "env=STATE_DIRECTORY", "env=MAINPID", "env=MANAGERPID",
		"env=SYSTEMD_EXEC_PID", "env=WATCHDOG_USEC", "env=MEMORY_PRESSURE_WATCH",
		"env=LISTENER");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_STREQ("out:INVOCATION_ID out:JOURNAL_STREAM out:CREDENTIALS_DIRECTORY "
		     "out:LISTEN_FDS out:LISTEN_PID out:LISTEN_FDNAMES out:STATE_DIRECTORY "
		     "out:MAINPID out:MANAGERPID out:SYSTEMD_EXEC_PID out:WATCHDOG_USEC "
		     "out:MEMORY_PRESSURE_WATCH out:LISTENER=mine ",
		     LINES);
}

static void boot_with(struct processes_test *test, bool clear_env)
{
	static const char *const argv[] = { ACT, "env=COLOUR", "env=HOME", "env=PATH", NULL };
	static const char *const env[] = { "COLOUR=red" };
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.env = env;
	def.process.nr_env = 1;
	def.process.clear_env = clear_env;
	processes_add(test, &def);
	processes_boot(test);
	processes_run_until(test, "exited");
}

TEST_F(launch, what_a_specification_sets_takes_the_place_of_what_is_inherited)
{
	ASSERT_EQ(0, setenv("HOME", "/home/somebody", 1));
	ASSERT_EQ(0, setenv("PATH", "/usr/bin:/bin", 1));
	boot_with(&self->test, false);
	EXPECT_STREQ("out:COLOUR=red out:HOME=/home/somebody out:PATH=/usr/bin:/bin ", LINES);
}

TEST_F(launch, a_cleared_environment_keeps_path_only)
{
	ASSERT_EQ(0, setenv("HOME", "/home/somebody", 1));
	ASSERT_EQ(0, setenv("PATH", "/usr/bin:/bin", 1));
	boot_with(&self->test, true);
	EXPECT_STREQ("out:COLOUR=red out:HOME out:PATH=/usr/bin:/bin ", LINES);
}

TEST_HARNESS_MAIN
