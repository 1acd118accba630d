// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that only grow: how they are made, which are refused, and rotation.
 */
#include "os/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

FIXTURE(append)
{
	char dir[64];
	char path[128];
	struct st_append_place place;
	struct st_append_file file;
};

FIXTURE_SETUP(append)
{
	make_dir(self->dir);
	snprintf(self->path, sizeof(self->path), "%s/x.log", self->dir);
	self->place = (struct st_append_place){ .path = self->path, .group = (gid_t)-1 };
	self->file.fd = -1;
}

FIXTURE_TEARDOWN(append)
{
	st_fd_close(&self->file.fd);
	remove_dir(self->dir);
}

/* A path below the folder. */
#define AT(name) (snprintf(name_buf, sizeof(name_buf), "%s/%s", self->dir, name), name_buf)

static char name_buf[512];

static void write_text(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		perror("write");
}

static const char *text_of(const char *path)
{
	static char text[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	st_fd_close(&fd);
	if (len < 0)
		return strerror(errno);
	text[len] = '\0';
	return text;
}

TEST_F(append, a_file_is_made_for_its_owner_and_readable_by_its_group)
{
	struct stat status;

	umask(0);
	self->place.group = geteuid() == 0 ? 1234 : getegid();
	ASSERT_EQ(0, st_append_open(&self->place, &self->file));
	EXPECT_EQ(0u, self->file.size);
	ASSERT_EQ(0, fstat(self->file.fd, &status));
	EXPECT_EQ(0640u, status.st_mode & 07777);
	EXPECT_EQ(geteuid(), status.st_uid);
	EXPECT_EQ(self->place.group, status.st_gid);
	EXPECT_EQ(O_APPEND, fcntl(self->file.fd, F_GETFL) & (O_APPEND | O_NONBLOCK));
}

TEST_F(append, what_is_there_stays_and_its_owner_too)
{
	struct stat status;

	make_file(self->path, "before\n", 0600);
	self->place.group = 1234;
	ASSERT_EQ(0, st_append_open(&self->place, &self->file));
	EXPECT_EQ(7u, self->file.size);
	write_text(self->file.fd, "after\n");
	EXPECT_STREQ("before\nafter\n", text_of(self->path));
	ASSERT_EQ(0, fstat(self->file.fd, &status));
	EXPECT_EQ(0600u, status.st_mode & 07777);
	EXPECT_EQ(getegid(), status.st_gid);
	EXPECT_LE(status.st_mtim.tv_sec - 3600, self->file.born_s);
	EXPECT_GE(status.st_mtim.tv_sec, self->file.born_s);
}

/* The owner of a folder would have root write wherever it likes. */
TEST_F(append, no_symbolic_link_is_followed_wherever_it_stands)
{
	char target[128];

	snprintf(target, sizeof(target), "%s/target", self->dir);
	make_file(target, "", 0600);
	ASSERT_EQ(0, symlink(target, self->path));
	EXPECT_EQ(-ELOOP, st_append_open(&self->place, &self->file));
	ASSERT_EQ(0, unlink(self->path));
	ASSERT_EQ(0, symlink("nowhere", self->path));
	EXPECT_EQ(-ELOOP, st_append_open(&self->place, &self->file));
	ASSERT_EQ(0, symlink(self->dir, AT("link")));
	self->place.path = AT("link/y.log");
	EXPECT_EQ(-ELOOP, st_append_open(&self->place, &self->file));
	EXPECT_EQ(-ELOOP, st_append_rotate(&self->place, 1));
	self->place.may_make = strlen(self->place.path) - strlen("/y.log");
	EXPECT_EQ(-ELOOP, st_append_open(&self->place, &self->file));
	EXPECT_STREQ("", text_of(target));
}

TEST_F(append, a_file_with_a_second_name_is_refused)
{
	make_file(AT("other"), "x", 0600);
	ASSERT_EQ(0, link(AT("other"), self->path));
	EXPECT_EQ(-EMLINK, st_append_open(&self->place, &self->file));
}

TEST_F(append, what_is_no_plain_file_is_refused_without_waiting)
{
	int reader;

	ASSERT_EQ(0, mkfifo(self->path, 0600));
	EXPECT_EQ(-EINVAL, st_append_open(&self->place, &self->file));
	reader = open(self->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	EXPECT_EQ(-EINVAL, st_append_open(&self->place, &self->file));
	st_fd_close(&reader);
	ASSERT_EQ(0, unlink(self->path));
	ASSERT_EQ(0, mkdir(self->path, 0700));
	EXPECT_EQ(-EISDIR, st_append_open(&self->place, &self->file));
	ASSERT_EQ(0, rmdir(self->path));
	self->place.path = "/dev/null";
	EXPECT_EQ(-EINVAL, st_append_open(&self->place, &self->file));
}

TEST_F(append, folders_are_made_from_the_named_one_on_and_no_others)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/logs/demo/s/a.log", self->dir);
	self->place.path = path;
	EXPECT_EQ(-ENOENT, st_append_open(&self->place, &self->file));
	self->place.may_make = strlen(self->dir) + strlen("/logs/demo");
	EXPECT_EQ(-ENOENT, st_append_open(&self->place, &self->file));
	self->place.may_make = strlen(self->dir) + strlen("/logs");
	ASSERT_EQ(0, st_append_open(&self->place, &self->file));
	write_text(self->file.fd, "here");
	EXPECT_STREQ("here", text_of(path));
}

TEST_F(append, a_name_that_is_too_long_is_refused)
{
	char path[5000];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[4999] = '\0';
	self->place.path = path;
	EXPECT_EQ(-ENAMETOOLONG, st_append_open(&self->place, &self->file));
	path[4000] = '/';
	self->place.may_make = 4000;
	EXPECT_EQ(-ENAMETOOLONG, st_append_open(&self->place, &self->file));
	EXPECT_EQ(-ENAMETOOLONG, st_append_rotate(&self->place, 1));
}

TEST_F(append, rotation_gives_each_file_the_next_name_and_drops_the_last)
{
	for (int i = 1; i <= 4; i++) {
		char text[16];

		ASSERT_EQ(0, st_append_open(&self->place, &self->file));
		EXPECT_EQ(0u, self->file.size);
		snprintf(text, sizeof(text), "%d", i);
		write_text(self->file.fd, text);
		st_fd_close(&self->file.fd);
		ASSERT_EQ(0, st_append_rotate(&self->place, 2));
	}
	EXPECT_STREQ("No such file or directory", text_of(AT("x.log")));
	EXPECT_STREQ("4", text_of(AT("x.log.1")));
	EXPECT_STREQ("3", text_of(AT("x.log.2")));
	EXPECT_STREQ("No such file or directory", text_of(AT("x.log.3")));
	EXPECT_EQ(0, st_append_rotate(&self->place, 2)); /* there is none, which is fine */
}

TEST_F(append, with_none_to_keep_the_file_is_removed)
{
	make_file(self->path, "x", 0600);
	ASSERT_EQ(0, st_append_rotate(&self->place, 0));
	ASSERT_EQ(0, st_append_rotate(&self->place, 0));
	EXPECT_STREQ("No such file or directory", text_of(AT("x.log")));
	EXPECT_STREQ("No such file or directory", text_of(AT("x.log.1")));
}

TEST_F(append, who_holds_a_file_learns_that_its_name_is_gone_or_anothers)
{
	ASSERT_EQ(0, st_append_open(&self->place, &self->file));
	EXPECT_TRUE(st_append_is_there(&self->place, self->file.fd));
	ASSERT_EQ(0, st_append_rotate(&self->place, 1));
	EXPECT_FALSE(st_append_is_there(&self->place, self->file.fd));
	make_file(self->path, "x", 0600);
	EXPECT_FALSE(st_append_is_there(&self->place, self->file.fd));
}

TEST(every_error_has_a_text)
{
	EXPECT_STREQ("it is not a plain file", st_append_error_text(-EINVAL));
	EXPECT_STREQ("No space left on device", st_append_error_text(-ENOSPC));
	EXPECT_NE(NULL, strstr(st_append_error_text(-ELOOP), "symbolic link"));
	EXPECT_NE(NULL, strstr(st_append_error_text(-EMLINK), "hard link"));
}

TEST_HARNESS_MAIN
