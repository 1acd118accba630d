// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon's own lines on standard error: what is written, what waits, and what is lost.
 */
#include "kselftest_harness.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"

/* Standard error is a pipe during each test. */
FIXTURE(log)
{
	int saved;
	int fd; /* where it is read */
	char text[4 * ST_LOG_ROOM];
};

FIXTURE_SETUP(log)
{
	int ends[2];

	self->saved = dup(STDERR_FILENO);
	ASSERT_LE(0, self->saved);
	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(STDERR_FILENO, dup2(ends[1], STDERR_FILENO));
	close(ends[1]);
	ASSERT_EQ(0, fcntl(ends[0], F_SETFL, O_NONBLOCK));
	self->fd = ends[0];
	st_log_open();
}

FIXTURE_TEARDOWN(log)
{
	st_log_close(0);
	dup2(self->saved, STDERR_FILENO);
	close(self->saved);
	if (self->fd >= 0)
		close(self->fd);
}

/* Add what is in the pipe to a text. */
static void drain(int fd, char *text, size_t size)
{
	size_t len = strlen(text);
	ssize_t nr;

	while ((nr = read(fd, text + len, size - len - 1)) > 0)
		len += (size_t)nr;
	text[len] = '\0';
}

static void read_all(FIXTURE_DATA(log) * self)
{
	int fd;

	self->text[0] = '\0';
	do {
		drain(self->fd, self->text, sizeof(self->text));
		fd = st_log_waiting_fd();
		st_log_flush();
	} while (fd >= 0);
	drain(self->fd, self->text, sizeof(self->text));
}

TEST_F(log, a_line_has_the_name_of_the_daemon_before_it_and_a_newline_after_it)
{
	st_log("open %s: error %d", "/nowhere", 2);
	EXPECT_EQ(-1, st_log_waiting_fd());
	read_all(self);
	EXPECT_STREQ("suptreed: open /nowhere: error 2\n", self->text);
}

/* In packet mode a read gets what one write has written. */
TEST_F(log, gathered_lines_are_one_write)
{
	static char text[ST_LOG_ROOM];
	int ends[2];

	st_log_close(0);
	ASSERT_EQ(0, pipe2(ends, O_DIRECT | O_NONBLOCK));
	ASSERT_EQ(STDERR_FILENO, dup2(ends[1], STDERR_FILENO));
	close(ends[1]);
	st_log_gather();
	st_log("one");
	st_log("two");
	EXPECT_EQ(-1, read(ends[0], text, sizeof(text)));
	st_log_flush();
	EXPECT_EQ(28, read(ends[0], text, sizeof(text)));
	EXPECT_STREQ("suptreed: one\nsuptreed: two\n", text);
	close(ends[0]);
}

TEST_F(log, gathered_lines_that_find_no_room_are_written_at_once)
{
	st_log_gather();
	for (unsigned int i = 0; i < 2 * ST_LOG_ROOM / 16; i++) {
		st_log("%06u", i % 1000000); /* 17 bytes */
		if (i % 1000 == 0)
			drain(self->fd, self->text, sizeof(self->text));
	}
	st_log_flush();
	drain(self->fd, self->text, sizeof(self->text));
	EXPECT_EQ(0, st_log_nr_lost());
	EXPECT_EQ(2 * ST_LOG_ROOM / 16 * 17, strlen(self->text));
}

TEST_F(log, a_text_is_written_as_it_is)
{
	st_log_text("a.yaml:2: one\n  two\n");
	read_all(self);
	EXPECT_STREQ("a.yaml:2: one\n  two\n", self->text);
}

TEST_F(log, no_text_of_others_is_a_command_to_a_terminal)
{
	st_log("child %s: \"%s\"",
	       "gr\xc3\xb6\xc3\x9f"
	       "er",
	       "\x1b[2J\xc2\x9b\xe2\x80\xae\x9bx\ty");
	read_all(self);
	EXPECT_STREQ("suptreed: child gr\xc3\xb6\xc3\x9f"
		     "er: \"?[2J??????x\ty\"\n",
		     self->text);
}

TEST_F(log, a_line_that_is_too_long_is_cut)
{
	static char word[10000];

	memset(word, 'x', sizeof(word) - 1);
	st_log("%s", word);
	st_log("next");
	read_all(self);
	EXPECT_EQ(8191 + strlen("suptreed: next\n"), strlen(self->text));
	EXPECT_STREQ("xx...\nsuptreed: next\n", self->text + 8191 - 6);
}

/* Numbered lines of 100 bytes, until @nr_lost are lost. Return: how many there were. */
static unsigned int write_until_lost(uint64_t nr_lost)
{
	unsigned int nr = 0;

	while (st_log_nr_lost() < nr_lost)
		st_log("%089u", nr++);
	return nr;
}

TEST_F(log, nobody_who_reads_waits_for_anybody_and_missing_lines_are_counted_in_their_place)
{
	unsigned int nr = write_until_lost(7), at = 0;
	char expected[128];
	const char *line;

	EXPECT_LT(ST_LOG_ROOM / 100, nr);
	EXPECT_LE(0, st_log_waiting_fd());
	read_all(self);
	EXPECT_EQ(-1, st_log_waiting_fd());
	EXPECT_EQ(7, st_log_nr_lost());
	st_log("after");
	drain(self->fd, self->text, sizeof(self->text));
	line = self->text;
	for (; at < nr - 7; at++, line += 100) {
		snprintf(expected, sizeof(expected), "suptreed: %089u\n", at);
		ASSERT_EQ(0, strncmp(line, expected, 100)) TH_LOG("line %u: %.100s", at, line);
	}
	EXPECT_STREQ("suptreed: 7 lines are missing here: nobody read them\nsuptreed: after\n",
		     line);
}

TEST_F(log, after_a_gap_nothing_is_written_before_it_was_noted)
{
	char part[300];

	write_until_lost(2);
	/* room in the pipe, but less than what waits: the line comes after the gap */
	ASSERT_EQ(sizeof(part), read(self->fd, part, sizeof(part)));
	st_log("too early");
	EXPECT_EQ(3, st_log_nr_lost());
	read_all(self);
	EXPECT_EQ(NULL, strstr(self->text, "too early"));
	EXPECT_NE(NULL, strstr(self->text, "\nsuptreed: 3 lines are missing here"));
}

TEST_F(log, lines_after_the_reader_has_gone_are_counted)
{
	signal(SIGPIPE, SIG_IGN);
	close(self->fd);
	self->fd = -1;
	st_log("one");
	st_log("two");
	st_log_text("three\nfour\n");
	EXPECT_EQ(-1, st_log_waiting_fd());
	EXPECT_EQ(4, st_log_nr_lost());
}

TEST_F(log, at_the_end_nobody_is_waited_for_longer_than_allowed)
{
	write_until_lost(1);
	st_log_close(1);
	EXPECT_LE(0, st_log_waiting_fd()); /* and nothing hangs */
	st_log_open();
	read_all(self);
	EXPECT_EQ(-1, st_log_waiting_fd());
}

TEST_HARNESS_MAIN
