// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transcript's file: its content, and what happens when it cannot be
 * written.
 */
#include "daemon/history/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/small_tree.h"
#include "temporary.h"

FIXTURE(transcript)
{
	char dir[TEMPORARY_SIZE];
	char path[TEMPORARY_SIZE + 32];
	struct st_transcript *transcript;
};

FIXTURE_SETUP(transcript)
{
	ASSERT_NE(NULL, temporary_folder(self->dir, "st-transcript-XXXXXX"));
	snprintf(self->path, sizeof(self->path), "%s/log", self->dir);
}

FIXTURE_TEARDOWN(transcript)
{
	st_transcript_close(self->transcript);
	unlink(self->path);
	rmdir(self->dir);
}

static void read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t nr = fd < 0 ? -1 : read(fd, text, size - 1);

	if (nr < 0)
		abort();
	text[nr] = '\0';
	close(fd);
}

static void write_tick(struct st_transcript *transcript, uint64_t seconds)
{
	const struct st_event tick = { .type = ST_EV_TICK };

	st_transcript_event(transcript, &tick, seconds * ST_NSEC_PER_SEC);
}

TEST_F(transcript, an_event_is_a_line_and_each_effect_an_indented_one)
{
	const struct st_event stop = { .type = ST_EV_STOP };
	struct small_tree small;
	struct st_effects effects;
	char text[512];

	small_tree_init(&small);
	small_tree_boot(&small);
	ASSERT_EQ(0, st_transcript_open(self->path, &self->transcript));
	st_buf_add_text(st_transcript_text(self->transcript), "header\n");
	st_step(small.tree, 2 * ST_NSEC_PER_SEC, &stop, &effects);
	st_transcript_event(self->transcript, &stop, 2 * ST_NSEC_PER_SEC);
	st_transcript_effects(self->transcript, &effects);
	read_file(self->path, text, sizeof(text));
	EXPECT_STREQ("", text); /* not before the turn's end */
	EXPECT_EQ(0, st_transcript_flush(self->transcript));
	read_file(self->path, text, sizeof(text));
	ASSERT_NE(NULL, strstr(text, "  signal \"demonstration\" #"));
	*strstr(text, " #") = '\0';
	EXPECT_STREQ("header\n2.000000000 stop\n  signal \"demonstration\"", text);
	small_tree_done(&small);
}

TEST_F(transcript, a_second_daemon_appends_to_what_the_first_has_written)
{
	char text[128];

	for (uint64_t life = 1; life <= 2; life++) {
		ASSERT_EQ(0, st_transcript_open(self->path, &self->transcript));
		write_tick(self->transcript, life);
		EXPECT_EQ(0, st_transcript_flush(self->transcript));
		EXPECT_EQ(0, st_transcript_flush(self->transcript));
		st_transcript_close(self->transcript);
	}
	self->transcript = NULL;
	read_file(self->path, text, sizeof(text));
	EXPECT_STREQ("1.000000000 tick\n2.000000000 tick\n", text);
}

TEST_F(transcript, the_file_is_not_for_everybody_and_not_for_children)
{
	struct stat status;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	close(fd); /* the number that comes next */
	umask(0);
	ASSERT_EQ(0, st_transcript_open(self->path, &self->transcript));
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	ASSERT_EQ(0, stat(self->path, &status));
	EXPECT_EQ(0640, status.st_mode & 07777);
}

TEST_F(transcript, a_full_disk_is_told_once_and_what_is_there_stays_whole)
{
	const struct rlimit limit = { 4096, 4096 };
	char text[8192];
	size_t len;

	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	ASSERT_EQ(0, st_transcript_open(self->path, &self->transcript));
	for (int i = 0; i < 60; i++) { /* 17 bytes each: four fit */
		for (int k = 0; k < 50; k++)
			write_tick(self->transcript, 1);
		ASSERT_EQ(i == 4 ? -EFBIG : 0, st_transcript_flush(self->transcript));
	}
	read_file(self->path, text, sizeof(text));
	len = strlen(text);
	EXPECT_EQ(4 * 50 * 17, len);
	EXPECT_EQ('\n', text[len - 1]);
}

TEST_F(transcript, a_device_that_is_full_is_told_once_and_costs_no_memory)
{
	unsigned long before;

	ASSERT_EQ(0, st_transcript_open("/dev/full", &self->transcript));
	EXPECT_EQ(0, st_transcript_flush(self->transcript)); /* nothing to write yet */
	write_tick(self->transcript, 1);
	EXPECT_EQ(-ENOSPC, st_transcript_flush(self->transcript));
	before = st_alloc_count();
	for (int i = 0; i < 1000; i++)
		write_tick(self->transcript, 2);
	EXPECT_EQ(before, st_alloc_count());
	EXPECT_EQ(0, st_transcript_flush(self->transcript));
}

TEST_F(transcript, only_files_and_devices_are_written_to)
{
	int reader;

	EXPECT_EQ(-EISDIR, st_transcript_open(self->dir, &self->transcript));
	EXPECT_EQ(-ENOENT, st_transcript_open("/nonexistent/log", &self->transcript));
	ASSERT_EQ(0, mkfifo(self->path, 0600));
	EXPECT_EQ(-ENXIO, st_transcript_open(self->path, &self->transcript));
	reader = open(self->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, reader);
	EXPECT_EQ(-EINVAL, st_transcript_open(self->path, &self->transcript));
	close(reader);
	EXPECT_EQ(NULL, self->transcript);
}

/* A terminal with nobody at its other end who reads. */
TEST_F(transcript, a_terminal_that_is_held_up_stops_nobody)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char line[64], text[4096];
	bool was_read = false;
	int ret = 0;

	if (master < 0)
		SKIP(return, "needs a pseudo-terminal");
	ASSERT_EQ(0, grantpt(master));
	ASSERT_EQ(0, unlockpt(master));
	ASSERT_EQ(0, ptsname_r(master, line, sizeof(line)));
	ASSERT_EQ(0, st_transcript_open(line, &self->transcript));
	for (int i = 0; i < 100000 && !ret; i++) {
		write_tick(self->transcript, 1);
		ret = st_transcript_flush(self->transcript);
	}
	EXPECT_EQ(0, ret);
	ASSERT_EQ(0, fcntl(master, F_SETFL, O_NONBLOCK));
	for (int i = 0; i < 10; i++) {
		while (read(master, text, sizeof(text)) > 0)
			was_read = true;
		write_tick(self->transcript, 2);
		ASSERT_EQ(0, st_transcript_flush(self->transcript));
	}
	EXPECT_TRUE(was_read);
	for (int i = 0; i < 1000000 && !ret; i++) {
		write_tick(self->transcript, 3);
		ret = st_transcript_flush(self->transcript);
	}
	EXPECT_EQ(-EAGAIN, ret); /* enough is enough */
	close(master);
}

TEST_F(transcript, without_memory_it_ends_and_nothing_leaks)
{
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_transcript_open(self->path, &self->transcript));
	EXPECT_EQ(NULL, self->transcript);
	ASSERT_EQ(0, st_transcript_open(self->path, &self->transcript));
	st_alloc_fail_at(1);
	write_tick(self->transcript, 1);
	EXPECT_EQ(-ENOMEM, st_transcript_flush(self->transcript));
	write_tick(self->transcript, 2);
	EXPECT_EQ(0, st_transcript_flush(self->transcript));
}

TEST_HARNESS_MAIN
