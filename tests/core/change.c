// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change of a specification at run time. [K1]..[K8]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_changed_nested_supervisor_is_told_of_by_its_old_names_and_started_with_the_new) /* [K3] */
{
	PLAY("one_for_one: s {one_for_one 0/1: a, b}\n"
	     "> up\n"
	     "> change / one_for_one: s {one_for_one 0/1: c}\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> which_children s\n"
	     "  reply 2 children b=running#4 a=running#3\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  spawn s/c #6\n"
	     "  started s/c #6\n"
	     "  started s #5\n"
	     "> which_children s\n"
	     "  reply 3 children c=running#6\n");
}

TEST_HARNESS_MAIN
