// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search in PATH.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/credentials.h"
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
		ASSERT_EQ(0, chmod(dir, 0755)); /* whatever the umask is */
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
	EXPECT_EQ(0, SEARCH("/nonexistent/at/all"));
	EXPECT_STREQ("/nonexistent/at/all", self->found);
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

TEST_F(path, for_somebody_else_every_file_of_that_name_is_listed)
{
	struct st_path_files files;

	EXPECT_EQ(-ENOENT, st_path_search_all("tool", self->envp, &files));
	make_file(self->file[1], "", 0755);
	ASSERT_EQ(0, st_path_search_all("tool", self->envp, &files));
	ASSERT_EQ(1u, files.nr);
	EXPECT_STREQ(self->file[1], files.files[0]);
	make_file(self->file[0], "", 0600);
	ASSERT_EQ(0, st_path_search_all("tool", self->envp, &files));
	ASSERT_EQ(2u, files.nr);
	EXPECT_STREQ(self->file[0], files.files[0]);
	EXPECT_STREQ(self->file[1], files.files[1]);
	EXPECT_EQ(-ENOENT, st_path_search_all("", self->envp, &files));
}

TEST_F(path, the_list_for_somebody_else_has_a_limit)
{
	struct st_path_files files;
	struct st_buf variable = ST_BUF_INIT;

	make_file(self->file[1], "", 0755);
	st_buf_add_text(&variable, "PATH=");
	for (int i = 0; i < ST_PATH_FILES_MAX + 1; i++) {
		st_buf_add_text(&variable, self->dir);
		st_buf_add_text(&variable, "/1:");
	}
	ASSERT_EQ(0, st_buf_error(&variable));
	self->envp[0] = variable.data;
	ASSERT_EQ(0, st_path_search_all("tool", self->envp, &files));
	EXPECT_EQ((unsigned int)ST_PATH_FILES_MAX, files.nr);
	st_buf_done(&variable);
}

/* What uid 65534 starts as "tool"; PATH is dir/0 and dir/1. */
static struct outcome run_tool(char *const *envp, gid_t gid)
{
	const struct st_credentials nobody = { .uid = 65534, .gid = gid };
	struct st_spawn_request request;

	request_program(&request, (char *[]){ "tool", NULL });
	request.envp = envp;
	request.credentials = &nobody;
	return run(&request);
}

#define EXPECT_TOOL(number, gid) \
	do { \
		struct outcome outcome_ = run_tool(self->envp, gid); \
\
		EXPECT_EQ(ST_SPAWN_STEP_NONE, outcome_.failure.step); \
		EXPECT_EQ(number, outcome_.how.status); \
	} while (0)

TEST_F(path, another_user_gets_the_first_file_that_it_may_execute)
{
	if (geteuid() != 0)
		SKIP(return, "needs root to start somebody else");
	ASSERT_EQ(0, chmod(self->dir, 0755));
	make_file(self->file[0], "#!/bin/sh\nexit 10\n", 0750);
	make_file(self->file[1], "#!/bin/sh\nexit 11\n", 0755);
	EXPECT_TOOL(11, 65534);
	EXPECT_TOOL(10, 0); /* its group may */
	make_file(self->file[0], "#!/no/such/interpreter\n", 0755);
	EXPECT_TOOL(11, 65534);
	make_file(self->file[0], "#!/bin/sh\nexit 10\n", 0755);
	EXPECT_TOOL(10, 65534);
	*strrchr(self->file[0], '/') = '\0';
	ASSERT_EQ(0, chmod(self->file[0], 0700));
	EXPECT_TOOL(11, 65534);
}

TEST_F(path, what_another_user_may_nowhere_execute_is_EACCES_at_execve)
{
	if (geteuid() != 0)
		SKIP(return, "needs root to start somebody else");
	ASSERT_EQ(0, chmod(self->dir, 0755));
	make_file(self->file[0], "#!/bin/sh\n", 0700);
	make_file(self->file[1], "#!/no/such/interpreter\n", 0755);
	struct outcome outcome = run_tool(self->envp, 65534);

	EXPECT_EQ(ST_SPAWN_STEP_EXEC, outcome.failure.step);
	EXPECT_EQ(EACCES, outcome.failure.error);
	ASSERT_EQ(0, unlink(self->file[0]));
	ASSERT_EQ(0, unlink(self->file[1]));
	outcome = run_tool(self->envp, 65534);
	EXPECT_EQ(ST_SPAWN_STEP_SEARCH, outcome.failure.step);
	EXPECT_EQ(ENOENT, outcome.failure.error);
}

TEST_HARNESS_MAIN
