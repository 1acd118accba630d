// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a restart stops and starts: the strategies. [D1]..[D6]
 */
#include "kselftest_harness.h"
#include "lib/play.h"

TEST(one_for_one_starts_the_dead_child_again_in_its_place) /* [D1] */
{
	PLAY("one_for_one: a, b, c\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "> which_children /\n"
	     "  reply 1 children c=running#4 b=running#5 a=running#2\n");
}

TEST_HARNESS_MAIN
