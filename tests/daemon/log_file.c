// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log files: their content, when they are rotated, and what happens to lines
 * that cannot be written.
 */
#include "daemon/output/log_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/log_files.h"
#include "os/wall.h"

#define DAY_NS (24 * 3600 * ST_NSEC_PER_SEC)
#define GONE "No such file or directory"

FIXTURE(log)
{
	struct log_files_test *test; /* it is large */
	struct st_log_spec spec;
	struct st_log_file *file;
};

FIXTURE_SETUP(log)
{
	signal(SIGXFSZ, SIG_IGN); /* as all signals are blocked in the daemon */
	self->test = calloc(1, sizeof(*self->test));
	ASSERT_NE(NULL, self->test);
	log_files_init(self->test);
	self->spec = (struct st_log_spec){ .to = ST_LOG_FILE, .keep = 2 };
	self->file = log_file_open(self->test, &self->spec);
}

FIXTURE_TEARDOWN(log)
{
	st_log_file_put(self->file);
	log_files_done(self->test);
	free(self->test);
}

#define SAY(text) log_say(self->test, self->file, text)
#define SETTLE() log_files_settle(self->test)
#define TEXT(name) log_text(self->test, name)
#define SAID() log_said(self->test)

/* Other limits from now on. */
static void set(struct log_files_test *test, struct st_log_file **file,
		const struct st_log_spec *spec)
{
	struct st_log_file *again = log_file_open(test, spec);

	st_log_file_put(*file);
	*file = again;
}

TEST_F(log, lines_stand_in_the_file_as_they_were_written)
{
	EXPECT_STREQ(GONE, TEXT("x.log")); /* not before there is a line */
	SAY("one");
	SAY("");
	SETTLE();
	SAY("caf\xe9 \x1b[0m");
	SETTLE();
	EXPECT_STREQ("one\n\ncaf\xe9 \x1b[0m\n", TEXT("x.log"));
	EXPECT_STREQ("", SAID());
}

TEST_F(log, a_line_can_begin_with_time_child_and_stream)
{
	const struct st_output_line line = {
		.path = "demo/b",
		.wall_ns = 1793000000ull * ST_NSEC_PER_SEC + 1234567,
		.stream = ST_STREAM_ERR,
		.text = "two",
		.len = 3,
	};

	setenv("TZ", "AAA-5:30", 1);
	tzset();
	self->spec.timestamps = true;
	set(self->test, &self->file, &self->spec);
	SAY("one");
	st_log_file_add(self->file, &line);
	SETTLE();
	EXPECT_STREQ("1970-01-01T05:30:00.000001+05:30 demo/a stdout: one\n"
		     "2026-10-26T13:03:20.001234+05:30 demo/b stderr: two\n",
		     TEXT("x.log"));
}

TEST_F(log, before_the_line_that_is_too_much_the_file_is_rotated)
{
	char line[1024], files[3][20] = { "x.log", "x.log.1", "x.log.2" };

	self->spec.max_size = 4096;
	set(self->test, &self->file, &self->spec);
	memset(line, 'x', sizeof(line));
	line[1023] = '\0';
	for (int i = 0; i < 4 * 3; i++) { /* in one go, and 4096 bytes are four lines */
		line[0] = (char)('a' + i);
		SAY(line);
	}
	SETTLE();
	for (int i = 0; i < 3; i++) {
		const char *text = TEXT(files[i]);

		EXPECT_EQ(4096u, strlen(text));
		for (int k = 0; k < 4; k++)
			EXPECT_EQ('a' + 4 * (2 - i) + k, text[1024 * k]);
	}
	SAY("next");
	SETTLE();
	EXPECT_STREQ("next\n", TEXT("x.log"));
	EXPECT_EQ('i', *TEXT("x.log.1"));
	EXPECT_EQ('e', *TEXT("x.log.2"));
	EXPECT_STREQ(GONE, TEXT("x.log.3"));
}

TEST_F(log, a_line_that_is_larger_than_a_file_may_be_has_one_for_itself)
{
	static char line[8001];

	self->spec.max_size = 4096;
	set(self->test, &self->file, &self->spec);
	memset(line, 'x', 8000);
	SAY("one");
	SAY(line);
	SAY("two");
	SETTLE();
	EXPECT_STREQ("two\n", TEXT("x.log"));
	EXPECT_EQ(8001u, strlen(TEXT("x.log.1")));
	EXPECT_STREQ("one\n", TEXT("x.log.2"));
}

/* What the file system's clock says: a file is dated by it, whatever our own clock says. */
static uint64_t file_clock_ns(const char *dir)
{
	struct stat made = { 0 };

	if (stat(dir, &made))
		perror(dir);
	return (uint64_t)made.st_mtim.tv_sec * ST_NSEC_PER_SEC;
}

TEST_F(log, a_file_that_is_old_enough_is_rotated_before_the_next_line)
{
	self->test->wall_ns = file_clock_ns(self->test->dir);
	self->spec.max_age_s = 24 * 3600;
	set(self->test, &self->file, &self->spec);
	SAY("one");
	SETTLE();
	self->test->wall_ns += DAY_NS - 60 * ST_NSEC_PER_SEC;
	SAY("two");
	SETTLE();
	EXPECT_STREQ("one\ntwo\n", TEXT("x.log"));
	self->test->wall_ns += 61 * ST_NSEC_PER_SEC;
	SAY("three");
	SETTLE();
	EXPECT_STREQ("three\n", TEXT("x.log"));
	EXPECT_STREQ("one\ntwo\n", TEXT("x.log.1"));
}

TEST_F(log, what_stood_in_the_file_before_counts)
{
	FILE *before = fopen(self->test->path, "we");

	ASSERT_NE(NULL, before);
	fprintf(before, "%04095d\n", 0);
	ASSERT_EQ(0, fclose(before));
	self->spec.max_size = 4096;
	set(self->test, &self->file, &self->spec);
	SAY("one");
	SETTLE();
	EXPECT_STREQ("one\n", TEXT("x.log"));
	EXPECT_EQ(4096u, strlen(TEXT("x.log.1")));
}

TEST_F(log, children_that_name_the_same_file_share_it)
{
	struct st_log_file *other = log_file_open(self->test, &self->spec);

	EXPECT_EQ(self->file, other);
	SAY("one");
	st_log_file_put(other);
	SAY("two");
	SETTLE();
	EXPECT_STREQ("one\ntwo\n", TEXT("x.log"));
}

TEST_F(log, what_waits_is_written_when_nobody_needs_the_file_any_more)
{
	SAY("last words");
	st_log_file_put(self->file);
	self->file = NULL;
	SETTLE();
	EXPECT_STREQ("last words\n", TEXT("x.log"));
	EXPECT_EQ(0u, self->test->files.by_hash.nr);
}

TEST_F(log, what_waits_is_written_when_the_daemon_ends)
{
	char path[TEMPORARY_SIZE + 40];

	snprintf(path, sizeof(path), "%s", self->test->path);
	SAY("last words");
	st_log_files_close(&self->test->files);
	while (!st_log_files_is_closed(&self->test->files))
		ASSERT_LE(0, st_ring_run_once(self->test->ring, true));
	EXPECT_STREQ("last words\n", TEXT("x.log"));
}

TEST_F(log, a_file_that_was_removed_is_made_anew)
{
	SAY("one");
	SETTLE();
	ASSERT_EQ(0, unlink(self->test->path));
	SAY("two");
	SETTLE();
	EXPECT_STREQ("two\n", TEXT("x.log"));
}

TEST_F(log, a_file_that_was_renamed_is_followed_until_it_is_opened_anew)
{
	char path[TEMPORARY_SIZE + 40];

	snprintf(path, sizeof(path), "%s.old", self->test->path);
	SAY("one");
	SETTLE();
	ASSERT_EQ(0, rename(self->test->path, path));
	SAY("two");
	SETTLE();
	st_log_files_reopen(&self->test->files);
	SAY("three");
	SETTLE();
	EXPECT_STREQ("one\ntwo\n", TEXT("x.log.old"));
	EXPECT_STREQ("three\n", TEXT("x.log"));
}

/* As logrotate's copytruncate does. */
TEST_F(log, a_file_that_was_emptied_goes_on_at_its_beginning)
{
	self->spec.max_size = 4096;
	set(self->test, &self->file, &self->spec);
	SAY("one");
	SETTLE();
	ASSERT_EQ(0, truncate(self->test->path, 0));
	SAY("two");
	SETTLE();
	EXPECT_STREQ("two\n", TEXT("x.log"));
}

TEST_F(log, trouble_is_said_once_and_the_file_tells_what_is_missing)
{
	char begin[200];
	const char *said;

	SAY("one");
	SETTLE();
	ASSERT_EQ(0, unlink(self->test->path));
	ASSERT_EQ(0, mkdir(self->test->path, 0700)); /* in the way */
	for (int i = 0; i < 100; i++) {
		SAY("lost");
		SETTLE();
	}
	EXPECT_EQ(100u, st_log_file_nr_lost(self->file));
	ASSERT_EQ(0, rmdir(self->test->path));
	st_log_files_reopen(&self->test->files); /* now, and not in five seconds */
	SAY("two");
	SETTLE();
	SAY("three");
	SETTLE();
	EXPECT_STREQ("suptreed: 100 lines are missing here\ntwo\nthree\n", TEXT("x.log"));
	snprintf(begin, sizeof(begin), "suptreed: log %s: open it: Is a directory; ",
		 self->test->path);
	said = SAID();
	EXPECT_EQ(said, strstr(said, begin)) TH_LOG("%s", said);
	EXPECT_EQ(NULL, strstr(said + 1, begin));
	EXPECT_NE(NULL, strstr(said, "it is written again; 100 lines are missing\n"));
}

TEST_F(log, what_cannot_be_rotated_grows_and_nothing_is_lost)
{
	char path[TEMPORARY_SIZE + 40], line[1024];

	snprintf(path, sizeof(path), "%s.1", self->test->path);
	ASSERT_EQ(0, mkdir(path, 0700)); /* in the way, with something in it */
	snprintf(path, sizeof(path), "%s.1/x", self->test->path);
	ASSERT_EQ(0, mkdir(path, 0700));
	self->spec.max_size = 4096;
	self->spec.keep = 1;
	set(self->test, &self->file, &self->spec);
	memset(line, 'x', sizeof(line));
	line[1023] = '\0';
	for (int i = 0; i < 12; i++) {
		SAY(line);
		SETTLE();
	}
	EXPECT_EQ(12u * 1024, strlen(TEXT("x.log")));
	EXPECT_EQ(0u, st_log_file_nr_lost(self->file));
	const char *said = SAID();

	EXPECT_NE(NULL, strstr(said, ": rotate it: Is a directory; it keeps growing\n"))
	TH_LOG("%s", said);
	EXPECT_EQ(strchr(said, '\n'), strrchr(said, '\n'));
}

/* RLIMIT_FSIZE stands for a disk that is full. */
TEST_F(log, on_a_full_disk_the_lines_that_are_there_stay_whole)
{
	struct rlimit old, limit;
	char line[1001];

	memset(line, 'x', sizeof(line));
	line[999] = '\0';
	ASSERT_EQ(0, getrlimit(RLIMIT_FSIZE, &old));
	limit = (struct rlimit){ 4500, old.rlim_max };
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	for (int i = 0; i < 10; i++)
		SAY(line);
	SETTLE();
	for (int i = 0; i < 10; i++) {
		SAY(line);
		SETTLE();
	}
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &old));
	EXPECT_EQ(4000u, strlen(TEXT("x.log")));
	EXPECT_EQ(16u, st_log_file_nr_lost(self->file));
	st_log_files_reopen(&self->test->files);
	SAY("again");
	SETTLE();
	EXPECT_STREQ("suptreed: 16 lines are missing here\nagain\n", TEXT("x.log") + 4000);
	const char *said = SAID();

	EXPECT_NE(NULL, strstr(said, "write to it: File too large; lines are lost"))
	TH_LOG("%s", said);
	EXPECT_NE(NULL, strstr(said, "again; 16 lines are missing\n"));
}

TEST_F(log, what_waits_is_bounded_and_the_rest_is_counted)
{
	static char line[1025];
	char note[64];

	memset(line, 'x', 1023);
	for (int i = 0; i < 2000; i++) /* without a turn: as a disk that does not answer */
		SAY(line);
	EXPECT_LE(976u, st_log_file_nr_lost(self->file));
	EXPECT_GE(980u, st_log_file_nr_lost(self->file));
	snprintf(note, sizeof(note), "suptreed: %u lines are missing here\n",
		 (unsigned int)st_log_file_nr_lost(self->file));
	SETTLE();
	EXPECT_EQ(0, strncmp(note, TEXT("x.log"), strlen(note)));
	EXPECT_NE(NULL, strstr(SAID(), "the disk is too slow"));
	SAY("next");
	SETTLE();
}

TEST_F(log, trouble_that_comes_and_goes_is_said_once_in_a_while)
{
	for (int i = 0; i < 5; i++) {
		SAY("one");
		SETTLE();
		ASSERT_EQ(0, unlink(self->test->path));
		ASSERT_EQ(0, mkdir(self->test->path, 0700));
		SAY("lost");
		SETTLE();
		ASSERT_EQ(0, rmdir(self->test->path));
		st_log_files_reopen(&self->test->files);
	}
	SAY("one");
	SETTLE();
	EXPECT_EQ(5u, st_log_file_nr_lost(self->file));
	const char *said = SAID();

	EXPECT_NE(NULL, strstr(said, "open it: Is a directory")) TH_LOG("%s", said);
	EXPECT_EQ(strrchr(said, '\n'), strchr(strchr(said, '\n') + 1, '\n')); /* two lines */
}

TEST_F(log, the_gate_is_closed_while_much_waits)
{
	static char line[1025];

	EXPECT_EQ(NULL, st_log_file_gate(NULL));
	memset(line, 'x', 1023);
	for (unsigned int i = 0; i < ST_LOG_ENOUGH / 1024; i++) {
		EXPECT_EQ(NULL, st_log_file_gate(self->file));
		SAY(line);
	}
	EXPECT_NE(NULL, st_log_file_gate(self->file));
	SETTLE();
	EXPECT_EQ(NULL, st_log_file_gate(self->file));
}

/* Whichever allocation fails: no crash, no leak, and each line is there or counted. */
TEST_F(log, without_memory_lines_are_counted_as_lost_and_nothing_else)
{
	st_log_file_put(self->file);
	self->file = NULL;
	for (unsigned long nth = 1; nth < 12; nth++) {
		uint64_t nr_lost;
		unsigned int nr = 0;

		unlink(self->test->path);
		st_alloc_fail_at(nth);
		self->file = st_log_file_get(&self->test->files, self->test->path, &self->spec, 0,
					     (gid_t)-1);
		if (!self->file) {
			st_alloc_fail_at(0);
			continue;
		}
		for (int i = 0; i < 5; i++) {
			SAY("line");
			SETTLE();
		}
		st_alloc_fail_at(0);
		SAY("line");
		SETTLE();
		nr_lost = st_log_file_nr_lost(self->file);
		for (const char *at = TEXT("x.log"); (at = strstr(at, "line\n")); at++)
			nr++;
		EXPECT_EQ(6u, nr + nr_lost) TH_LOG("allocation %lu", nth);
		st_log_file_put(self->file);
		self->file = NULL;
	}
}

TEST_HARNESS_MAIN
