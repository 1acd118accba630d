// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the daemon gives up, and that its children do not.
 */
#include "os/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"

static char *const report[] = { PROGRAM("report"), NULL };

/* A set of ours, as /proc/self/status names it. */
static uint64_t own(const char *set)
{
	char line[256];
	uint64_t bits = 0;
	FILE *file = fopen("/proc/self/status", "r");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, set, strlen(set)))
			bits = strtoull(line + strlen(set) + 1, NULL, 16);
	if (file)
		(void)fclose(file);
	return bits;
}

static uint64_t of_child(const struct outcome *outcome, const char *set)
{
	return strtoull(value_of(outcome->text, set), NULL, 16);
}

TEST(only_what_is_needed_stays_effective_and_the_other_sets_are_left_alone)
{
	uint64_t effective = own("CapEff"), permitted = own("CapPrm"), bounding = own("CapBnd");

	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, st_capabilities_limit());
	EXPECT_EQ(effective & st_capabilities_kept(), own("CapEff"));
	EXPECT_EQ(permitted, own("CapPrm"));
	EXPECT_EQ(bounding, own("CapBnd"));
	EXPECT_EQ(0, st_capabilities_limit())
	{
		TH_LOG("twice is once");
	}
}

TEST(what_was_given_up_is_refused)
{
	if (geteuid() != 0 || !(own("CapEff") >> CAP_SYS_ADMIN & 1))
		SKIP(return, "needs CAP_SYS_ADMIN");
	ASSERT_EQ(0, st_capabilities_limit());
	EXPECT_EQ(-1, mount("none", "/tmp", "tmpfs", 0, NULL));
	EXPECT_EQ(EPERM, errno);
}

TEST(a_child_that_is_root_is_full_root_also_with_no_new_privs)
{
	struct st_spawn_request request;
	uint64_t effective = own("CapEff");

	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, st_capabilities_limit());
	request_program(&request, report);
	for (int i = 0; i < 2; i++) {
		request.flags = i ? ST_SPAWN_NO_NEW_PRIVS : 0;
		struct outcome outcome = run(&request);

		EXPECT_EQ(effective, of_child(&outcome, "CapEff"))
		{
			TH_LOG("no_new_privs %d", i);
		}
		EXPECT_EQ(effective, of_child(&outcome, "CapPrm"));
	}
}

TEST(a_child_of_another_user_has_no_capability)
{
	static const struct st_credentials nobody = { .uid = 65534, .gid = 65534 };
	struct st_spawn_request request;

	if (geteuid() != 0)
		SKIP(return, "needs root");
	ASSERT_EQ(0, st_capabilities_limit());
	request_program(&request, report);
	request.path = "/bin/cat";
	request.argv = (char *const[]){ (char[]){ "cat" }, (char[]){ "/proc/self/status" }, NULL };
	request.credentials = &nobody;
	struct outcome outcome = run(&request);

	ASSERT_EQ(ST_SPAWN_STEP_NONE, outcome.failure.step);
	EXPECT_EQ(0, of_child(&outcome, "CapEff"));
	EXPECT_EQ(0, of_child(&outcome, "CapPrm"));
}

TEST(without_root_nothing_changes)
{
	if (geteuid() == 0)
		become_nobody();
	uint64_t effective = own("CapEff");

	EXPECT_EQ(0, st_capabilities_limit());
	EXPECT_EQ(effective, own("CapEff"));
}

TEST_HARNESS_MAIN
