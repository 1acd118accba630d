// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines for journald: the content of a datagram, and a journal that is full,
 * absent, or restarted. The test itself is journald, at a socket of its own.
 */
#include "daemon/output/log_journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "os/fd.h"
#include "temporary.h"

FIXTURE(journal)
{
	char dir[TEMPORARY_SIZE];
	struct sockaddr_un address;
	int service_fd;
	struct st_ring *ring;
	struct st_journal journal;
	char text[16384];
};

static int serve(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	unlink(address->sun_path);
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		perror("bind");
	return fd;
}

FIXTURE_SETUP(journal)
{
	struct st_probe probe;

	ASSERT_NE(NULL, temporary_folder(self->dir, "st-journal-XXXXXX"));
	self->address.sun_family = AF_UNIX;
	snprintf(self->address.sun_path, sizeof(self->address.sun_path), "%s/socket", self->dir);
	setenv(ST_JOURNAL_VARIABLE, self->address.sun_path, 1);
	self->service_fd = serve(&self->address);
	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	st_journal_init(&self->journal, self->ring);
}

FIXTURE_TEARDOWN(journal)
{
	st_journal_close(&self->journal);
	while (!st_journal_is_closed(&self->journal))
		EXPECT_LE(0, st_ring_run_once(self->ring, true));
	st_journal_done(&self->journal);
	EXPECT_EQ(0u, st_ring_nr_armed(self->ring));
	st_ring_free(self->ring);
	st_fd_close(&self->service_fd);
	unlink(self->address.sun_path);
	rmdir(self->dir);
}

static void add(struct st_journal *journal, enum st_stream stream, const char *text, size_t len)
{
	const struct st_output_line line = {
		.path = "demo/a",
		.generation = 7,
		.stream = stream,
		.text = text,
		.len = (uint32_t)len,
	};

	st_journal_add(journal, &line);
}

/* A datagram that waits, as text; NULL: there is none. */
static const char *receive(int fd, char *text, size_t size)
{
	ssize_t len = recv(fd, text, size - 1, 0);

	if (len < 0)
		return NULL;
	text[len] = '\0';
	return text;
}

#define SAY(text) add(&self->journal, ST_STREAM_OUT, text, strlen(text))
#define PUMP() st_journal_pump(&self->journal)
#define RECEIVE() receive(self->service_fd, self->text, sizeof(self->text))
#define FIELDS \
	"PRIORITY=6\nSYSLOG_IDENTIFIER=a\nSUPTREE_PATH=demo/a\nSUPTREE_GENERATION=7\n" \
	"SUPTREE_STREAM=stdout\n"

TEST_F(journal, a_line_is_a_datagram_of_fields)
{
	SAY("hello = world");
	add(&self->journal, ST_STREAM_ERR, "oh", 2);
	PUMP();
	EXPECT_STREQ("MESSAGE=hello = world\n" FIELDS, RECEIVE());
	EXPECT_STREQ("MESSAGE=oh\nPRIORITY=4\nSYSLOG_IDENTIFIER=a\nSUPTREE_PATH=demo/a\n"
		     "SUPTREE_GENERATION=7\nSUPTREE_STREAM=stderr\n",
		     RECEIVE());
	EXPECT_EQ(NULL, RECEIVE());
}

TEST_F(journal, a_value_with_a_newline_has_its_length_in_front_of_it)
{
	static const char expected[] = "MESSAGE\n\x07\0\0\0\0\0\0\0one\ntwo\n" FIELDS;

	SAY("one\ntwo");
	PUMP();
	EXPECT_EQ((ssize_t)sizeof(expected) - 1,
		  recv(self->service_fd, self->text, sizeof(self->text), 0));
	EXPECT_EQ(0, memcmp(expected, self->text, sizeof(expected) - 1));
}

TEST_F(journal, a_line_that_is_too_large_for_a_datagram_is_not_lost)
{
	static char line[8192];
	int small = 0;

	SAY("first"); /* it connects */
	PUMP();
	ASSERT_NE(NULL, RECEIVE());
	ASSERT_EQ(0, setsockopt(self->journal.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	memset(line, 'x', sizeof(line));
	add(&self->journal, ST_STREAM_OUT, line, sizeof(line));
	PUMP();
	EXPECT_STREQ("", RECEIVE()); /* nothing but a descriptor */
	EXPECT_EQ(0u, self->journal.nr_lost_ever);
}

/* The number of a line "line N", or of the lines that a note says are missing. */
static unsigned long number_in(const char *text)
{
	return strtoul(text + strcspn(text, "0123456789"), NULL, 10);
}

TEST_F(journal, when_it_is_full_lines_wait_and_arrive_in_their_order)
{
	unsigned long expected = 0;
	char line[32];

	for (unsigned long i = 0; i < 2000; i++) {
		snprintf(line, sizeof(line), "line %lu", i);
		SAY(line);
	}
	PUMP();
	EXPECT_EQ(1u, st_ring_nr_armed(self->ring)); /* to be told of room */
	while (expected < 2000) {
		const char *text;

		while ((text = RECEIVE())) {
			ASSERT_EQ(expected, number_in(text)) TH_LOG("%s", text);
			expected++;
		}
		if (expected < 2000)
			ASSERT_LE(0, st_ring_run_once(self->ring, true));
	}
	EXPECT_EQ(0u, self->journal.nr_lost_ever);
}

TEST_F(journal, what_waits_is_bounded_and_the_journal_is_told_what_is_missing)
{
	const unsigned long nr = 20000;
	unsigned long nr_received = 0, nr_noted = 0;
	char line[1001];

	memset(line, 'x', sizeof(line));
	line[1000] = '\0';
	for (unsigned long i = 0; i < nr; i++)
		SAY(line);
	EXPECT_GE(ST_JOURNAL_MAX_WAITING + 8192, self->journal.queue.len);
	PUMP();
	while (nr_received + nr_noted < nr) {
		const char *text;

		while ((text = RECEIVE())) {
			if (strstr(text, "SUPTREE_PATH"))
				nr_received++;
			else
				nr_noted += number_in(text);
		}
		if (nr_received + nr_noted < nr)
			ASSERT_LE(0, st_ring_run_once(self->ring, true));
	}
	EXPECT_EQ(nr, nr_received + nr_noted);
	EXPECT_EQ(nr_noted, self->journal.nr_lost_ever);
	EXPECT_EQ(0u, self->journal.nr_lost);
	EXPECT_FALSE(self->journal.is_in_trouble);
}

TEST_F(journal, without_a_journal_lines_are_counted_and_later_ones_arrive)
{
	st_fd_close(&self->service_fd);
	unlink(self->address.sun_path);
	for (int i = 0; i < 10; i++) {
		SAY("lost");
		PUMP();
	}
	EXPECT_EQ(10u, self->journal.nr_lost);
	EXPECT_TRUE(self->journal.is_in_trouble);
	self->service_fd = serve(&self->address);
	self->journal.retry_ns = 0; /* now, and not in five seconds */
	SAY("again");
	PUMP();
	EXPECT_EQ(RECEIVE(), strstr(self->text, "MESSAGE=10 lines of children are missing here\n"));
	EXPECT_STREQ("MESSAGE=again\n" FIELDS, RECEIVE());
	EXPECT_FALSE(self->journal.is_in_trouble);
}

TEST_F(journal, a_journal_that_was_started_anew_gets_the_next_line)
{
	SAY("one");
	PUMP();
	ASSERT_NE(NULL, RECEIVE());
	st_fd_close(&self->service_fd);
	self->service_fd = serve(&self->address);
	SAY("two");
	PUMP();
	EXPECT_STREQ("MESSAGE=two\n" FIELDS, RECEIVE());
	EXPECT_EQ(0u, self->journal.nr_lost_ever);
}

TEST_F(journal, without_memory_lines_are_counted_as_lost)
{
	for (unsigned long nth = 1; nth < 6; nth++) {
		st_alloc_fail_at(nth);
		SAY("x");
		PUMP();
		st_alloc_fail_at(0);
		SAY("y");
		PUMP();
		while (RECEIVE())
			continue;
		st_buf_done(&self->journal.queue);
		st_buf_done(&self->journal.datagram);
	}
	EXPECT_EQ(0u, self->journal.nr_lost); /* each was told */
	EXPECT_LE(2u, self->journal.nr_lost_ever);
}

TEST_HARNESS_MAIN
