// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search in PATH.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/path.h"

FIXTURE(path)
{
	char dir[64];
	char file[2][128];
	char variable[256];
	char *envp[2];
	char found[4096];
};

/* PATH is dir/0 and dir/1. */
FIXTURE_SETUP(path)
{
	make_dir(self->dir);
	for (int i = 0; i < 2; i++) {
		char dir[100];

		(void)snprintf(dir, sizeof(dir), "%s/%d", self->dir, i);
		ASSERT_EQ(0, mkdir(dir, 0755));
		(void)snprintf(self->file[i], sizeof(self->file[i]), "%s/tool", dir);
	}
	(void)snprintf(self->variable, sizeof(self->variable), "PATH=%s/0:%s/1", self->dir,
		       self->dir);
	self->envp[0] = self->variable;
	self->envp[1] = NULL;
}

FIXTURE_TEARDOWN(path)
{
	remove_dir(self->dir);
}

#define SEARCH(name) st_path_search(name, self->envp, self->found, sizeof(self->found))

TEST_F(path, the_first_executable_file_wins)
{
	make_file(self->file[1], "", 0755);
	EXPECT_EQ(0, SEARCH("tool"));
	EXPECT_STREQ(self->file[1], self->found);
	make_file(self->file[0], "", 0755);
	EXPECT_EQ(0, SEARCH("tool"));
	EXPECT_STREQ(self->file[0], self->found);
}

TEST_F(path, a_file_that_is_not_executable_is_passed_over)
{
	make_file(self->file[0], "", 0644);
	make_file(self->file[1], "", 0755);
	EXPECT_EQ(0, SEARCH("tool"));
	EXPECT_STREQ(self->file[1], self->found);
}

TEST_F(path, a_directory_of_that_name_is_passed_over)
{
	ASSERT_EQ(0, mkdir(self->file[0], 0755));
	make_file(self->file[1], "", 0755);
	EXPECT_EQ(0, SEARCH("tool"));
	EXPECT_STREQ(self->file[1], self->found);
}

TEST_F(path, nowhere_is_ENOENT)
{
	EXPECT_EQ(-ENOENT, SEARCH("tool"));
	EXPECT_EQ(-ENOENT, SEARCH(""));
}

TEST_F(path, found_but_nowhere_executable_is_EACCES)
{
	make_file(self->file[1], "", 0644);
	EXPECT_EQ(-EACCES, SEARCH("tool"));
}

TEST_F(path, a_name_with_a_slash_stands_for_itself)
{
	EXPECT_EQ(0, SEARCH("./tool"));
	EXPECT_STREQ("./tool", self->found);
	EXPECT_EQ(0, SEARCH("/nowhere/at/all"));
	EXPECT_STREQ("/nowhere/at/all", self->found);
}

TEST_F(path, relative_and_empty_entries_are_passed_over)
{
	make_file(self->file[0], "", 0755);
	ASSERT_EQ(0, chdir(self->dir));
	self->envp[0] = "PATH=0:.::1";
	EXPECT_EQ(-ENOENT, SEARCH("tool"));
	ASSERT_EQ(0, chdir("/"));
}

TEST_F(path, without_PATH_the_usual_directories_are_searched)
{
	self->envp[0] = "HOME=/";
	EXPECT_EQ(0, SEARCH("sh"));
	self->envp[0] = NULL;
	EXPECT_EQ(0, SEARCH("sh"));
	EXPECT_EQ(0, access(self->found, X_OK));
}

TEST_F(path, an_empty_PATH_finds_nothing)
{
	self->envp[0] = "PATH=";
	EXPECT_EQ(-ENOENT, SEARCH("sh"));
}

TEST_F(path, what_does_not_fit_is_ENAMETOOLONG)
{
	make_file(self->file[0], "", 0755);
	size_t len = strlen(self->file[0]);

	EXPECT_EQ(-ENAMETOOLONG, st_path_search("tool", self->envp, self->found, len));
	EXPECT_EQ(0, st_path_search("tool", self->envp, self->found, len + 1));
	EXPECT_EQ(-ENAMETOOLONG, st_path_search("/bin/sh", self->envp, self->found, 7));
	EXPECT_EQ(0, st_path_search("/bin/sh", self->envp, self->found, 8));
}

TEST_F(path, a_directory_that_may_not_be_searched_is_EACCES)
{
	char dir[128];

	if (geteuid() != 0)
		SKIP(return, "needs root to give it up");
	(void)snprintf(dir, sizeof(dir), "%s/0", self->dir);
	ASSERT_EQ(0, chmod(dir, 0700));
	ASSERT_EQ(0, setresuid(-1, 65534, -1));
	int ret = SEARCH("tool");

	ASSERT_EQ(0, setresuid(-1, 0, -1));
	EXPECT_EQ(-EACCES, ret);
}

TEST_HARNESS_MAIN
