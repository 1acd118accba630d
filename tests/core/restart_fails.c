// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts that fail during a restart: retries. [F1]..[F9]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_nested_supervisor_that_fails_is_tried_again_as_a_whole) /* [F9] [A6] */
{
	PLAY("one_for_one 2/10: s {one_for_one 0/1: b, c}\n"
	     "> up\n"
	     "> failing c\n"
	     "> exit s/c 3\n"
	     "  exited s/c #4 {code:3}\n"
	     "  report child_terminated s/c #4 {code:3}\n"
	     "  report shutdown s/c #4 reached_max_restart_intensity\n"
	     "  signal s/b #3 TERM\n"
	     "  exited s/b #3 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  spawn s/b #6\n"
	     "  started s/b #6\n"
	     "  spawn s/c #7\n"
	     "  start_failed s/c #7 {error:no}\n"
	     "  report start_error s/c #7 {error:no}\n"
	     "  signal s/b #6 TERM\n"
	     "  exited s/b #6 shutdown\n"
	     "  start_failed s #5 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n"
	     "  report start_error s #5 {shutdown:{failed_to_start_child:{id:c,reason:{"
	     "error:no}}}}\n"
	     "  starting s #8\n"
	     "  spawn s/b #9\n"
	     "  started s/b #9\n"
	     "  spawn s/c #10\n"
	     "  start_failed s/c #10 {error:no}\n"
	     "  report start_error s/c #10 {error:no}\n"
	     "  signal s/b #9 TERM\n"
	     "  exited s/b #9 shutdown\n"
	     "  start_failed s #8 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n"
	     "  report start_error s #8 {shutdown:{failed_to_start_child:{id:c,reason:{"
	     "error:no}}}}\n"
	     "  report shutdown s #8 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST_HARNESS_MAIN
