// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon's own lines on standard error.
 */
#include "kselftest_harness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"

/* What was written to standard error while it was a pipe. */
static ssize_t written(int fd, int saved, char *text, size_t size)
{
	ssize_t len;

	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	len = read(fd, text, size - 1);
	text[len > 0 ? len : 0] = '\0';
	return len;
}

TEST(a_line_has_the_name_of_the_daemon_before_it_and_a_newline_after_it)
{
	int saved = dup(STDERR_FILENO);
	char text[100];
	int ends[2];

	ASSERT_LE(0, saved);
	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(STDERR_FILENO, dup2(ends[1], STDERR_FILENO));
	st_log("open %s: error %d", "/nowhere", 2);
	EXPECT_LT(0, written(ends[0], saved, text, sizeof(text)));
	EXPECT_STREQ("suptreed: open /nowhere: error 2\n", text);
	close(ends[0]);
	close(ends[1]);
	close(saved);
}

TEST_HARNESS_MAIN
