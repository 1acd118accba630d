// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of traces: nobody else can read it, put another one in its place, or have it
 * written to a place of his choice.
 */
#include "tracer/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "temporary.h"

#define NAME "traces"

FIXTURE(private_file)
{
	char top[TEMPORARY_SIZE];
	char folder[TEMPORARY_SIZE + 16];
	char file[TEMPORARY_SIZE + 32];
	char other[TEMPORARY_SIZE + 16];
	char *text;
};

FIXTURE_SETUP(private_file)
{
	ASSERT_NE(NULL, temporary_folder(self->top, "suptree-private-XXXXXX"));
	snprintf(self->folder, sizeof(self->folder), "%s/own", self->top);
	snprintf(self->file, sizeof(self->file), "%s/" NAME, self->folder);
	snprintf(self->other, sizeof(self->other), "%s/other", self->top);
	self->text = NULL;
}

FIXTURE_TEARDOWN(private_file)
{
	free(self->text);
	(void)unlink(self->file);
	(void)unlink(self->other);
	(void)rmdir(self->folder);
	(void)unlink(self->folder);
	EXPECT_EQ(0, rmdir(self->top));
}

#define WRITE(text) st_private_file_write(self->folder, NAME, text, strlen(text))
#define READ() st_private_file_read(self->folder, NAME, &self->text)

static mode_t mode_of(const char *path)
{
	struct stat found;

	return stat(path, &found) ? 0 : found.st_mode & 07777;
}

static int make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -1;
	(void)fputs(text, file);
	return fclose(file);
}

TEST_F(private_file, what_was_written_is_read_and_nobody_else_can_read_it)
{
	mode_t mask = umask(0);

	EXPECT_EQ(-ENOENT, READ());
	ASSERT_EQ(0, WRITE("one"));
	ASSERT_EQ(0, WRITE("two"));
	umask(mask);
	ASSERT_EQ(0, READ());
	EXPECT_STREQ("two", self->text);
	EXPECT_EQ(0700, mode_of(self->folder));
	EXPECT_EQ(0600, mode_of(self->file));
	st_private_file_remove(self->folder, NAME);
	EXPECT_EQ(-1, access(self->folder, F_OK));
}

TEST_F(private_file, a_link_in_the_place_of_the_folder_is_not_followed)
{
	ASSERT_EQ(0, mkdir(self->other, 0700));
	ASSERT_EQ(0, symlink("other", self->folder));
	EXPECT_EQ(-EPERM, WRITE("mine"));
	EXPECT_EQ(-EPERM, READ());
	st_private_file_remove(self->folder, NAME);
	EXPECT_EQ(0, rmdir(self->other)) TH_LOG("nothing was written into it");
}

TEST_F(private_file, a_folder_that_is_open_to_others_is_not_used)
{
	ASSERT_EQ(0, mkdir(self->folder, 0700));
	ASSERT_EQ(0, chmod(self->folder, 0755));
	EXPECT_EQ(-EPERM, WRITE("mine"));
	EXPECT_EQ(-EPERM, READ());
}

TEST_F(private_file, a_file_in_the_place_of_the_folder_is_not_used)
{
	ASSERT_EQ(0, make_file(self->folder, "x"));
	EXPECT_EQ(-EPERM, WRITE("mine"));
	EXPECT_EQ(-EPERM, READ());
}

TEST_F(private_file, links_inside_are_not_followed)
{
	char new_name[TEMPORARY_SIZE + 40];

	snprintf(new_name, sizeof(new_name), "%s.new", self->file);
	ASSERT_EQ(0, make_file(self->other, "precious"));
	ASSERT_EQ(0, mkdir(self->folder, 0700));
	ASSERT_EQ(0, symlink("../other", new_name));
	ASSERT_EQ(0, symlink("../other", self->file));
	EXPECT_EQ(-EPERM, READ());
	ASSERT_EQ(0, WRITE("mine"));
	ASSERT_EQ(0, READ());
	EXPECT_STREQ("mine", self->text);
	EXPECT_EQ(8, ({
			  struct stat found;
			  stat(self->other, &found) ? -1 : found.st_size;
		  }));
}

TEST_F(private_file, a_file_that_others_can_write_or_that_has_a_second_name_is_not_read)
{
	ASSERT_EQ(0, WRITE("mine"));
	ASSERT_EQ(0, chmod(self->file, 0666));
	EXPECT_EQ(-EPERM, READ());
	ASSERT_EQ(0, chmod(self->file, 0600));
	ASSERT_EQ(0, link(self->file, self->other));
	EXPECT_EQ(-EPERM, READ());
}

TEST_F(private_file, a_fifo_in_its_place_does_not_block)
{
	ASSERT_EQ(0, mkdir(self->folder, 0700));
	ASSERT_EQ(0, mkfifo(self->file, 0600));
	EXPECT_EQ(-EPERM, READ());
}

TEST_HARNESS_MAIN
