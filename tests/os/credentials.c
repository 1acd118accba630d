// SPDX-License-Identifier: GPL-2.0-only
/*
 * From names to numbers: users, groups, limits, and what may be refused.
 */
#include "os/credentials.h"

#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/child.h"

FIXTURE(lookup)
{
	struct st_credentials credentials;
	const char *what;
};

FIXTURE_SETUP(lookup)
{
	self->what = "untouched";
}

FIXTURE_TEARDOWN(lookup)
{
	st_credentials_done(&self->credentials);
}

#define RESOLVE(user, group) st_credentials_resolve(user, group, &self->credentials, &self->what)

TEST_F(lookup, a_name_gives_uid_primary_group_and_groups)
{
	ASSERT_EQ(0, RESOLVE("root", NULL));
	EXPECT_EQ(0, self->credentials.uid);
	EXPECT_EQ(0, self->credentials.gid);
	EXPECT_LE(1, self->credentials.nr_groups);
	EXPECT_STREQ("untouched", self->what);
}

TEST_F(lookup, a_name_gives_name_home_and_shell)
{
	const struct passwd *entry = getpwnam("root");

	ASSERT_EQ(0, RESOLVE("root", NULL));
	EXPECT_STREQ("root", self->credentials.name);
	EXPECT_STREQ(entry->pw_dir, self->credentials.home);
	EXPECT_STREQ(entry->pw_shell, self->credentials.shell);
}

TEST_F(lookup, a_group_can_be_named_apart)
{
	struct group *group = getgrnam("daemon");

	if (!group)
		SKIP(return, "there is no group `daemon` here");
	ASSERT_EQ(0, RESOLVE("root", "daemon"));
	EXPECT_EQ(0, self->credentials.uid);
	EXPECT_EQ(group->gr_gid, self->credentials.gid);
}

TEST_F(lookup, numbers_are_taken_as_they_are)
{
	ASSERT_EQ(0, RESOLVE("54321", "65432"));
	EXPECT_EQ(54321, self->credentials.uid);
	EXPECT_EQ(65432, self->credentials.gid);
	EXPECT_EQ(0, self->credentials.nr_groups);
	EXPECT_EQ(NULL, self->credentials.name);
	EXPECT_EQ(NULL, self->credentials.home);
}

TEST_F(lookup, a_number_with_an_entry_has_its_groups)
{
	ASSERT_EQ(0, RESOLVE("0", NULL));
	EXPECT_LE(1, self->credentials.nr_groups);
}

TEST_F(lookup, a_number_without_an_entry_needs_a_group)
{
	EXPECT_EQ(-EINVAL, RESOLVE("54321", NULL));
	EXPECT_STREQ("user", self->what);
}

TEST_F(lookup, without_a_user_it_is_the_own)
{
	ASSERT_EQ(0, RESOLVE(NULL, "0"));
	EXPECT_EQ(getuid(), self->credentials.uid);
	EXPECT_EQ(0, self->credentials.gid);
}

TEST_F(lookup, names_that_are_nobody_are_ESRCH_and_say_which)
{
	EXPECT_EQ(-ESRCH, RESOLVE("no-such-user-here", NULL));
	EXPECT_STREQ("user", self->what);
	EXPECT_EQ(-ESRCH, RESOLVE("root", "no-such-group-here"));
	EXPECT_STREQ("group", self->what);
	EXPECT_EQ(-ESRCH, RESOLVE("-1", NULL));
	EXPECT_EQ(-ESRCH, RESOLVE("1x", NULL));
}

TEST_F(lookup, what_cannot_be_a_name_is_EINVAL)
{
	EXPECT_EQ(-EINVAL, RESOLVE("", NULL));
	EXPECT_STREQ("user", self->what);
	EXPECT_EQ(-EINVAL, RESOLVE("root", ""));
	EXPECT_STREQ("group", self->what);
}

/* -1 means "leave it" to setresuid(2). */
TEST_F(lookup, the_largest_number_is_no_id)
{
	EXPECT_EQ(-EINVAL, RESOLVE("4294967295", "0"));
	EXPECT_EQ(-EINVAL, RESOLVE("99999999999999999999999", "0"));
	EXPECT_EQ(-EINVAL, RESOLVE("0", "4294967295"));
	EXPECT_STREQ("group", self->what);
	EXPECT_EQ(0, RESOLVE("4294967294", "4294967294"));
}

/* A group file of our own, in a mount namespace of our own. */
static bool put_in_place_of_groups(const char *path)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount(path, "/etc/group", NULL, MS_BIND, NULL) == 0;
}

/* root is in @nr groups besides its own. */
static void write_groups(const char *path, int nr)
{
	FILE *file = fopen(path, "w");

	fprintf(file, "root:x:0:\n");
	for (int i = 0; i < nr; i++)
		fprintf(file, "g%d:x:%d:root\n", i, 10000 + i);
	fclose(file);
}

TEST_F(lookup, as_many_groups_as_allowed_are_found_and_one_more_is_E2BIG)
{
	char dir[64];
	char path[128];

	if (geteuid() != 0)
		SKIP(return, "needs root");
	make_dir(dir);
	(void)snprintf(path, sizeof(path), "%s/group", dir);
	write_groups(path, ST_CREDENTIALS_GROUPS_MAX - 1);
	if (!put_in_place_of_groups(path))
		SKIP(return, "needs a mount namespace");
	EXPECT_EQ(0, RESOLVE("root", NULL));
	EXPECT_EQ(ST_CREDENTIALS_GROUPS_MAX, self->credentials.nr_groups);
	st_credentials_done(&self->credentials);
	write_groups(path, ST_CREDENTIALS_GROUPS_MAX);
	EXPECT_EQ(-E2BIG, RESOLVE("root", NULL));
	EXPECT_STREQ("user", self->what);
	ASSERT_EQ(0, umount("/etc/group"));
	remove_dir(dir);
}

TEST_F(lookup, without_memory_it_is_ENOMEM)
{
	for (unsigned long nth = 1; nth <= 2; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM, RESOLVE("root", NULL));
		st_alloc_fail_at(0);
		EXPECT_EQ(NULL, self->credentials.groups);
	}
}

TEST_HARNESS_MAIN
