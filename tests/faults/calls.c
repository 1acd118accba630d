// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every call that os/ and loop/ make is refused, one at a time. They must return the
 * errno, and leak no descriptor, no memory and no child. lib/ has the scenarios, one test
 * each; the last test proves that no call was forgotten.
 */
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/faults.h"
#include "lib/scenarios.h"

#define SCENARIO(scenario) \
	TEST(each_refused_call_is_answered_in_##scenario) \
	{ \
		if (geteuid() != 0) \
			SKIP(return, "needs root"); \
		EXPECT_EQ(0, fail_each(&scenario)); \
	}

SCENARIO(open_spawn)
SCENARIO(gated_spawn)
SCENARIO(piped_spawn)
SCENARIO(abandoned_spawn)
SCENARIO(descendants_list)
SCENARIO(descendants_children)
SCENARIO(marks)
SCENARIO(descendants_kill)
SCENARIO(cgroup_of_own)
SCENARIO(cgroup_life)
SCENARIO(orphans)
SCENARIO(credentials_by_name)
SCENARIO(credentials_by_number)
SCENARIO(privileges)
SCENARIO(capabilities)
SCENARIO(paths)
SCENARIO(folders)
SCENARIO(pidrefs)
SCENARIO(aside)
SCENARIO(pipes)
SCENARIO(signals)
SCENARIO(nofile)
SCENARIO(low_fds)
SCENARIO(ready_socket)
SCENARIO(stale_ready_socket)
SCENARIO(ready_message)
SCENARIO(channel)
SCENARIO(growing_file)
SCENARIO(datagrams)
SCENARIO(nowait)
SCENARIO(oom_score)
SCENARIO(holdings)
SCENARIO(netlink_batch)
SCENARIO(netlink_news)
SCENARIO(probe)
SCENARIO(modern_ring)
SCENARIO(old_ring)
SCENARIO(many_operations)

TEST(each_call_of_the_table_was_refused_by_some_scenario)
{
	if (geteuid() != 0)
		SKIP(return, "needs root");
	for (unsigned int i = 0; i < nr_fault_kinds; i++) {
		EXPECT_LT(0, faults_nr_fired(i))
		{
			TH_LOG("%s", fault_kinds[i].name);
		}
	}
}

TEST_HARNESS_MAIN
