// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kill of a supervisor is the kill of its whole subtree. [G7] [Q3]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_child_that_said_ERROR_dies_with_its_killed_supervisor) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a}\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  spawn s/a #4\n"
	     "> error s/a no\n"
	     "> terminate_child / s\n"
	     "  signal s/a #4 KILL\n"
	     "> exit s/a 0\n"
	     "  start_aborted s/a #4\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST_HARNESS_MAIN
